"""What prompts need of whoever knows sound. Implemented in `ivr/prompts/`, handed in by `hotline.cli`."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Fault(StrEnum):
    """Why a recording cannot be a prompt."""

    TOO_LARGE = "too_large"
    WRONG_FORMAT = "wrong_format"
    TOO_COARSE = "too_coarse"
    TOO_LONG = "too_long"
    TOO_SHORT = "too_short"
    SILENT = "silent"
    CLIPPED = "clipped"


class PromptRefused(ValueError):
    """The recording cannot be a prompt; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class StudioAway(Exception):
    """Nothing here knows sound."""


@dataclass(frozen=True)
class PreparedSound:
    """A recording as Asterisk plays it: a WAV of 8 kHz, 16 bits, mono, at the loudness of all prompts."""

    sound: bytes = field(repr=False)
    seconds: float


class PromptStudio(Protocol):
    """Makes prompts of recordings, and says what callers hear."""

    def prepare(self, recording: bytes) -> PreparedSound:
        """Any file of sound. Raises `PromptRefused` or `StudioAway`."""
        ...

    def as_played(self, language: str, name: str) -> bytes | None:
        """The WAV that callers hear just now; None while there is none on this machine."""
        ...


class NoStudio:
    """Where nothing knows sound."""

    def prepare(self, recording: bytes) -> PreparedSound:
        raise StudioAway

    def as_played(self, language: str, name: str) -> bytes | None:
        return None


NO_STUDIO = NoStudio()

"""What making a file needs from outside: recorded sound, and a printable sheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from hotline.transcripts.ports import TrackAudio


class Printer(Protocol):
    """Makes the sheet of a file's content, as `hotline.dossiers.contents.content_of` gives it."""

    def __call__(self, content: Mapping[str, Any], zone: ZoneInfo) -> bytes:
        """The bytes of a DOCX."""
        ...


@dataclass(frozen=True)
class Workshop:
    """Both."""

    audio: TrackAudio
    printer: Printer

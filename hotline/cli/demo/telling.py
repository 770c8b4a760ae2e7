"""How the demo speaks: one line a step, with the seconds since the story began."""

import time
from collections.abc import Callable
from typing import TypeVar

import click

Found = TypeVar("Found")

_POLL_SECONDS = 0.05


class StepFailed(Exception):
    """A step of the story did not truly happen; the text says what was waited for or found."""


class Narrator:
    """Tells the story in the chosen language and remembers what it said."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._began = time.monotonic()
        self.lines: list[dict[str, object]] = []

    def seconds(self) -> float:
        """Seconds since the story began."""
        return time.monotonic() - self._began

    def chapter(self, zh: str, en: str) -> None:
        """A heading."""
        click.echo()
        click.secho(f"  {self._chosen(zh, en)}", bold=True)

    def tell(self, zh: str, en: str) -> None:
        """A step that has happened."""
        self._line("✓", zh, en)

    def fail(self, zh: str, en: str) -> None:
        """A step that has not."""
        self._line("✗", zh, en)

    def _line(self, sign: str, zh: str, en: str) -> None:
        at = self.seconds()
        self.lines.append({"at_s": round(at, 2), "ok": sign == "✓", "zh": zh, "en": en})
        click.echo(f"  {int(at // 60):02d}:{at % 60:04.1f}  {sign} {self._chosen(zh, en)}")

    def _chosen(self, zh: str, en: str) -> str:
        return zh if self._language == "zh" else en


def until(found: Callable[[], Found | None], what: str, seconds: float = 30.0) -> Found:
    """What `found()` gives as soon as it is neither None nor False. Raises `StepFailed` after `seconds`."""
    due = time.monotonic() + seconds
    while True:
        value = found()
        if value is not None and value is not False:
            return value
        if time.monotonic() > due:
            raise StepFailed(f"{what} did not happen within {seconds:.0f} s")
        time.sleep(_POLL_SECONDS)


def require(truth: bool, what: str) -> None:
    """Raise `StepFailed` unless it is so."""
    if not truth:
        raise StepFailed(what)

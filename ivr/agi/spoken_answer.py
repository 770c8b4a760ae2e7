"""Waits for a key or a spoken answer, whichever comes first. A key is never kept waiting."""

import time
import wave
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hotline.follow_up.spoken import Heard, Listener, key_of
from ivr.agi.script import AgiCall

ANY_KEY = "0123456789*#"
# Asterisk counts silence in whole seconds: after this long the answer is over, or another piece begins.
SILENT_SECONDS = 1
LEAST_MILLISECONDS = 500
_SILENT_MILLISECONDS = 1100
"""No longer than this, to the frame and a click, is a piece that silence ended and in which nobody spoke."""
_GLANCE_MILLISECONDS = 50
_RECOGNITION_SECONDS = 3.0


@dataclass(frozen=True)
class Reply:
    """key: pressed, or meant by the words; empty if neither. spoke: whether anybody spoke."""

    key: str = ""
    pressed: bool = False
    spoke: bool = False
    words: str = ""


class Ear:
    """Listens to one call. `folder` is the call's own, by a path that both Asterisk and we know."""

    def __init__(self, listener: Listener, beside: Executor, folder: Path) -> None:
        self._listener = listener
        self._beside = beside
        self._folder = folder
        self._made = 0

    def wait_for_answer(self, call: AgiCall, meanings: Mapping[str, str], milliseconds: int) -> Reply:
        """A key, or words with a meaning, within the time; what is being said then is heard to its end."""
        until = time.monotonic() + milliseconds / 1000
        with self._pieces() as pieces:
            while (left := round((until - time.monotonic()) * 1000)) > 0:
                pieces.append(self._next_piece())
                longest = max(left, LEAST_MILLISECONDS)
                key = call.record(str(pieces[-1]), ANY_KEY, longest, SILENT_SECONDS)
                if key:
                    return Reply(key, pressed=True)
                if longest > _SILENT_MILLISECONDS and _is_silent(pieces[-1]):
                    continue
                key, heard = self._understand(call, pieces[-2:], tuple(meanings))
                if key:
                    return Reply(key, pressed=True)
                if heard.spoke:
                    return Reply(key_of(heard.words, meanings), spoke=True, words=heard.words)
        return Reply()

    @contextmanager
    def _pieces(self) -> Iterator[list[Path]]:
        """Files of what is heard. They are removed again: the caller's whole track is kept anyway."""
        pieces: list[Path] = []
        try:
            yield pieces
        finally:
            for piece in pieces:
                piece.unlink(missing_ok=True)

    def _next_piece(self) -> Path:
        self._made += 1
        return self._folder / f"answer-{self._made}.wav"

    def _understand(
        self, call: AgiCall, pieces: Sequence[Path], phrases: tuple[str, ...]
    ) -> tuple[str, Heard]:
        """What was said in the last piece, or began softly at the end of the one before; or the key that was
        pressed while that was being worked out."""
        future = self._beside.submit(self._listener.hear, pieces, phrases)
        until = time.monotonic() + _RECOGNITION_SECONDS
        while not future.done() and time.monotonic() < until:
            if key := call.wait_for_digit(_GLANCE_MILLISECONDS):
                return key, Heard(spoke=False)
        return "", future.result() if future.done() else Heard(spoke=True)


def _is_silent(piece: Path) -> bool:
    """Whether Asterisk heard nothing: then the piece is no longer than the silence that ended it.

    The next one begins at once, so that nobody's first syllable falls between two of them.
    """
    try:
        with wave.open(str(piece)) as sound:
            seconds: float = sound.getnframes() / sound.getframerate()
    except (OSError, EOFError, wave.Error):
        return False  # the listener says what is wrong with it
    return seconds * 1000 <= _SILENT_MILLISECONDS

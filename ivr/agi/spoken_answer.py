"""Waits for a key or a spoken answer, whichever comes first. A key is never kept waiting."""

import time
from collections.abc import Iterator, Mapping
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
        self._pieces = 0

    def wait_for_answer(self, call: AgiCall, meanings: Mapping[str, str], milliseconds: int) -> Reply:
        """A key, or words with a meaning, within the time; what is being said then is heard to its end."""
        until = time.monotonic() + milliseconds / 1000
        while (left := round((until - time.monotonic()) * 1000)) > 0:
            with self._piece() as path:
                key = call.record(str(path), ANY_KEY, max(left, LEAST_MILLISECONDS), SILENT_SECONDS)
                if key:
                    return Reply(key, pressed=True)
                key, heard = self._understand(call, path, tuple(meanings))
            if key:
                return Reply(key, pressed=True)
            if heard.spoke:
                return Reply(key_of(heard.words, meanings), spoke=True, words=heard.words)
        return Reply()

    @contextmanager
    def _piece(self) -> Iterator[Path]:
        """A file for a piece of the call. It is removed again: the caller's whole track is kept anyway."""
        self._pieces += 1
        path = self._folder / f"answer-{self._pieces}.wav"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def _understand(self, call: AgiCall, path: Path, phrases: tuple[str, ...]) -> tuple[str, Heard]:
        """What was said; or the key that was pressed while that was being worked out."""
        future = self._beside.submit(self._listener.hear, path, phrases)
        until = time.monotonic() + _RECOGNITION_SECONDS
        while not future.done() and time.monotonic() < until:
            if key := call.wait_for_digit(_GLANCE_MILLISECONDS):
                return key, Heard(spoke=False)
        return "", future.result() if future.done() else Heard(spoke=True)

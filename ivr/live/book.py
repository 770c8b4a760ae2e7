"""What was said last in every call that is followed: in memory alone, for pages that come later."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator

from hotline.live_text.rules import CallText
from hotline.live_text.wire import CallNews, Turn

REMEMBERED_TURNS = 40


class Book:
    """Keeps the end of each call's text, and tells what changes. Used by many threads."""

    def __init__(self, tell: Callable[[CallNews], None]) -> None:
        """`tell` is called with whatever changes, in its order; it may only make a note."""
        self._tell = tell
        self._lock = threading.Lock()
        self._calls: dict[int, tuple[CallText, OrderedDict[str, Turn]]] = {}

    def stands(self, call_id: int, state: CallText) -> None:
        """How the text of a call stands now."""
        with self._lock:
            before, turns = self._calls.get(call_id, (None, OrderedDict()))
            self._calls[call_id] = (state, turns)
            if before is not state:
                self._tell(CallNews(call_id, state))

    def add(self, call_id: int, turn: Turn) -> None:
        """An utterance, new or understood anew. Of a call that has been closed, nobody is told."""
        with self._lock:
            if call_id not in self._calls:
                return
            state, turns = self._calls[call_id]
            if turn.text:
                turns[turn.key] = turn
            else:
                turns.pop(turn.key, None)
            while len(turns) > REMEMBERED_TURNS:
                turns.popitem(last=False)
            self._tell(CallNews(call_id, state, (turn,)))

    def close(self, call_id: int) -> None:
        """The call is over."""
        with self._lock:
            state, _ = self._calls.pop(call_id, (CallText.LISTENING, None))
            self._tell(CallNews(call_id, state, over=True))

    def pages(self) -> Iterator[CallNews]:
        """Everything that is remembered, for somebody who has just come."""
        with self._lock:
            pages = [
                CallNews(call_id, state, tuple(turns.values()))
                for call_id, (state, turns) in self._calls.items()
            ]
        yield from pages

"""What of the live text one page is told: that of the call at this agent's desk, or of the call that this
supervisor listens to. Of nobody else's."""

import json
import threading
from collections.abc import Collection, Sequence
from types import TracebackType
from typing import Self

from agent_console.house import House
from agent_console.live_feed import Watch
from hotline.calls.models import Call, CallState
from hotline.live_text.queries import call_at_desk, call_supervised
from hotline.live_text.rules import CallText
from hotline.live_text.wire import Turn

_OF_A_DESK = "desk"
_OF_SUPERVISORS = "monitorings"


class Viewer:
    """One event stream's part of it. For one thread."""

    def __init__(self, house: House, user_id: int, supervises: bool, bell: threading.Event) -> None:
        """`bell` is set when there are words."""
        self._house, self._user_id, self._supervises, self._bell = house, user_id, supervises, bell
        self._watch: Watch | None = None
        self._is_over = False

    def __enter__(self) -> Self:
        self._look()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()

    def words(self, changed: Collection[str]) -> str:
        """What the page has not been told yet, as JSON; empty if that is nothing. `changed` are topics: whose
        call it is, is asked again when they say so."""
        if _OF_A_DESK in changed or (self._supervises and _OF_SUPERVISORS in changed):
            self._look()
        news = self._watch.news() if self._watch else None
        if self._watch is None or news is None:
            return ""
        state = CallText.LISTENING if self._is_over else news.state  # nothing more will come
        return _written(self._watch.call_id, state, news.turns)

    def _look(self) -> None:
        call = self._call() if self._house.context.settings.live_text else None
        self._is_over = call is not None and call.state is CallState.ENDED
        call_id = call.id if call else None
        if self._watch is not None and self._watch.call_id == call_id:
            return
        self._leave()
        if call_id is not None:
            self._watch = self._house.follower.watch(call_id, self._bell)

    def _call(self) -> Call | None:
        with self._house.context.reading() as session:
            call = call_at_desk(session, self._user_id)
            if call is None and self._supervises:
                call = call_supervised(session, self._user_id)
            return call

    def _leave(self) -> None:
        if self._watch is not None:
            self._watch.end()
            self._watch = None


def _written(call_id: int, state: str, said: Sequence[Turn]) -> str:
    turns = [
        {
            "key": turn.key,
            "speaker": turn.speaker,
            "label": turn.label,
            "at": turn.start_s,
            "final": turn.final,
            "text": turn.text,
        }
        for turn in said
    ]
    return json.dumps({"call": call_id, "state": state, "turns": turns}, ensure_ascii=False)

"""The queues of skills: written anew when skills change, also when that happened while we were away."""

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from sqlalchemy import select

from hotline.calls.models import Seat, SeatState
from hotline.calls.ports import SeatControl, TelephoneAway
from hotline.context import Context
from hotline.queueing.queries import skill_queues
from ivr.ami import line_events
from ivr.handlers.turn import Turn
from ivr.pbx import write_queues

_log = structlog.get_logger(__name__)


class SkillLines:
    """Keeps the configuration of this machine's queues and the seats in them as the database says."""

    def __init__(self, context: Context, control: SeatControl, reload: Callable[[], object]) -> None:
        """`reload` makes Asterisk read its queues again."""
        self._context = context
        self._control = control
        self._reload = reload

    def handles(self) -> Mapping[type, Callable[[Turn, Any], None]]:
        """See `Handles`."""
        return {line_events.QueuesChanged: self._changed}

    def refresh(self) -> None:
        """After a login: what changed meanwhile is made up for."""
        with self._context.reading() as session:
            lines = skill_queues(session)
        if write_queues(self._context.settings, lines):
            self._reload()
            self._align()

    def _changed(self, turn: Turn, event: line_events.QueuesChanged) -> None:
        with self._context.reading() as session:
            lines = skill_queues(session)
        if write_queues(self._context.settings, lines):
            self._reload()
        self._align()

    def _align(self) -> None:
        with self._context.reading() as session:
            query = select(Seat.extension).where(Seat.state != SeatState.OFFLINE)
            extensions = session.scalars(query).all()
        for extension in extensions:
            try:
                self._control.align_queues(extension)
            except TelephoneAway:
                _log.warning("lines.not_aligned", extension=extension)

"""The Asterisks of a hotline: which of them live, and what becomes of the calls of one that died.

The `hotline ivr` beside each Asterisk says every few seconds whether it reaches it, and looks out for the
others. One that is down, or of which nothing is heard (its whole machine may be gone), is given up after a
while: its calls are counted as cut off and owed a callback, its registrations as gone.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from hotline import events
from hotline.calls.models import Call, CallEnd, CallState, Pbx, Seat, SeatLine
from hotline.calls.seats import weigh_lines
from hotline.calls.service import call_ended
from hotline.context import Context
from hotline.database import insert_unless_there

SILENCE = timedelta(seconds=15)
"""After so long without a sign of life the board shows an Asterisk as down."""
PATIENCE_SECONDS = 120.0
"""After so long its calls are given up: one that merely was not reached keeps its calls till then."""


@dataclass(frozen=True)
class Closing:
    """An Asterisk takes no new calls `until` then, and is stopped once those that go on are over."""

    until: datetime
    going_on: int


def pbx_seen(context: Context, up: bool, closing: Closing | None = None) -> None:
    """The Asterisk of this machine is reached, or is not, and whether it is about to be stopped."""
    name, now = context.settings.pbx_name, context.now()
    with context.writing() as session:
        insert_unless_there(session, Pbx, name=name, up=up, since_at=now, seen_at=now)
        pbx = session.get_one(Pbx, name)
        before = _told(pbx)
        pbx.seen_at = now
        if pbx.up != up:
            pbx.up, pbx.since_at = up, now
        pbx.closing_until = closing.until if closing else None
        pbx.going_on = closing.going_on if closing else 0
        if _told(pbx) != before:
            events.record(session, now, "pbx.changed", f"pbx:{name}", up=up)


def _told(pbx: Pbx) -> tuple[bool, bool, int]:
    """What pages show of it."""
    return pbx.up, pbx.closing_until is not None, pbx.going_on


def pbxs_away(session: Session, context: Context) -> Sequence[Pbx]:
    """Those that are down, or of which nothing was heard for `SILENCE`."""
    silent = Pbx.seen_at <= context.now() - SILENCE
    return session.scalars(select(Pbx).where(or_(Pbx.up.is_(False), silent)).order_by(Pbx.name)).all()


def pbxs_closing(session: Session, context: Context) -> Sequence[Pbx]:
    """Those that wait for the end of their calls. One that says so no more takes calls, or is stopped."""
    return session.scalars(select(Pbx).where(Pbx.closing_until > context.now()).order_by(Pbx.name)).all()


class Lookout:
    """Notices that an Asterisk is gone: nothing new was told of it for `PATIENCE_SECONDS`.

    Counted by a clock that cannot jump. When the machine's time does, no call is given up for it.
    """

    def __init__(self, context: Context, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._context = context
        self._monotonic = monotonic
        self._last_news: dict[str, tuple[datetime, float]] = {}

    def give_up_lost(self) -> int:
        """Account for the calls and registrations of those that are gone. Returns how many calls ended."""
        with self._context.reading() as session:
            names = [pbx.name for pbx in session.scalars(select(Pbx)) if self._is_gone(pbx)]
        if not names:
            return 0
        with self._context.writing() as session:
            _forget_lines(session, self._context, names)
            live = select(Call.linkedid).where(Call.pbx.in_(names), Call.state != CallState.ENDED)
            lost = session.scalars(live).all()
        for linkedid in lost:
            call_ended(self._context, linkedid, CallEnd.CUT_OFF)
        return len(lost)

    def _is_gone(self, pbx: Pbx) -> bool:
        now, news = self._monotonic(), pbx.seen_at if pbx.up else pbx.since_at
        known, heard = self._last_news.get(pbx.name, (None, now))
        if news != known:
            self._last_news[pbx.name] = news, now
            return False
        return now - heard >= PATIENCE_SECONDS


def _forget_lines(session: Session, context: Context, names: Sequence[str]) -> None:
    seats = session.scalars(select(Seat).join(SeatLine).where(SeatLine.pbx.in_(names))).all()
    session.execute(delete(SeatLine).where(SeatLine.pbx.in_(names)))
    for seat in seats:
        weigh_lines(session, context, seat)

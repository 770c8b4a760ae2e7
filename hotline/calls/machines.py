"""The Asterisks of a hotline: which of them live, and what becomes of the calls of one that died.

The `hotline ivr` beside each Asterisk says every few seconds whether it reaches it. One that is down, or of
which nothing is heard (its whole machine may be gone), is given up after a while by whoever sweeps: its calls
are counted as cut off and owed a callback, its registrations as gone.
"""

from collections.abc import Sequence
from datetime import timedelta

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
PATIENCE = timedelta(minutes=2)
"""After so long its calls are given up: one that merely was not reached keeps its calls till then."""


def pbx_seen(context: Context, up: bool) -> None:
    """The Asterisk of this machine is reached, or is not."""
    name, now = context.settings.pbx_name, context.now()
    with context.writing() as session:
        insert_unless_there(session, Pbx, name=name, up=up, since_at=now, seen_at=now)
        pbx = session.get_one(Pbx, name)
        pbx.seen_at = now
        if pbx.up != up:
            pbx.up, pbx.since_at = up, now
            events.record(session, now, "pbx.changed", f"pbx:{name}", up=up)


def pbxs_away(session: Session, context: Context, wait: timedelta = SILENCE) -> Sequence[Pbx]:
    """Those that are down, or of which nothing was heard, for `wait`."""
    since = context.now() - wait
    down = Pbx.up.is_(False) & (Pbx.since_at <= since)
    return session.scalars(select(Pbx).where(or_(down, Pbx.seen_at <= since)).order_by(Pbx.name)).all()


def give_up_lost_pbxs(context: Context) -> int:
    """Account for the calls and registrations of Asterisks that are gone. Returns how many calls ended."""
    with context.writing() as session:
        names = [pbx.name for pbx in pbxs_away(session, context, PATIENCE)]
        _forget_lines(session, context, names)
        live = select(Call.linkedid).where(Call.pbx.in_(names), Call.state != CallState.ENDED)
        lost = session.scalars(live).all()
    for linkedid in lost:
        call_ended(context, linkedid, CallEnd.CUT_OFF)
    return len(lost)


def _forget_lines(session: Session, context: Context, names: Sequence[str]) -> None:
    seats = session.scalars(select(Seat).join(SeatLine).where(SeatLine.pbx.in_(names))).all()
    session.execute(delete(SeatLine).where(SeatLine.pbx.in_(names)))
    for seat in seats:
        weigh_lines(session, context, seat)

"""The legs of a finished call, with the times that the PBX's channel events tell."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls.models import Call, CallLeg
from hotline.calls.timeline import SpanKind, TimedLeg
from hotline.context import Context
from hotline.people.models import User


def settle_legs(context: Context, linkedid: str, legs: Sequence[TimedLeg]) -> None:
    """Write down who rang, talked and held for how long. Told again, it says the same again.

    Nothing happens for a call that the hotline does not keep (somebody dialled a wrong number).
    """
    with context.writing() as session:
        call = session.scalar(select(Call).where(Call.linkedid == linkedid))
        if call is None:
            return
        for timed in legs:
            _settle(session, call, timed)


def _settle(session: Session, call: Call, timed: TimedLeg) -> None:
    leg = session.scalar(select(CallLeg).where(CallLeg.uniqueid == timed.uniqueid))
    if leg is None:
        leg = CallLeg(uniqueid=timed.uniqueid, call=call, started_at=timed.started_at)
        session.add(leg)
    leg.channel, leg.role, leg.extension = timed.channel[:120], timed.role, timed.extension
    leg.started_at, leg.answered_at, leg.ended_at = timed.started_at, timed.answered_at, timed.ended_at
    leg.ring_seconds = timed.seconds(SpanKind.RING)
    leg.talk_seconds = timed.seconds(SpanKind.TALK)
    leg.hold_seconds = timed.seconds(SpanKind.HOLD)
    leg.spans = [span.as_json() for span in timed.spans]
    if leg.agent_id is None and timed.extension:
        leg.agent_id = session.scalar(select(User.id).where(User.extension == timed.extension))

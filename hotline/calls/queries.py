"""Reads of calls and seats: the live board, the desk, an agent's day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, joinedload

from hotline.calls.models import Call, CallEnd, CallLeg, CallState, OwedCallback, Seat, SeatState
from hotline.calls.timeline import Span, SpanKind
from hotline.events import Event

WITH_AN_AGENT = (CallState.TALKING, CallState.BROKEN, CallState.PARTING)


@dataclass(frozen=True)
class Board:
    """What the live board shows: callers waiting (the longest first), talking, and every seat."""

    waiting: Sequence[Call]
    talking: Sequence[Call]
    seats: Sequence[Seat]
    owed: Sequence[OwedCallback]


def board(session: Session) -> Board:
    """The board as it stands now."""
    with_people = (joinedload(Call.contact), joinedload(Call.agent))
    live = select(Call).options(*with_people).where(Call.state != CallState.ENDED).order_by(Call.started_at)
    calls = session.scalars(live).all()
    seats = select(Seat).options(joinedload(Seat.user), joinedload(Seat.call)).order_by(Seat.extension)
    owed = select(OwedCallback).where(OwedCallback.done_at.is_(None)).order_by(OwedCallback.owed_at)
    return Board(
        waiting=[call for call in calls if call.state not in WITH_AN_AGENT],
        talking=[call for call in calls if call.state in WITH_AN_AGENT],
        seats=session.scalars(seats).all(),
        owed=session.scalars(owed).all(),
    )


def given_up() -> ColumnElement[bool]:
    """The caller hung up before anybody answered. Who left a message has not: it is heard by somebody."""
    return and_(Call.end == CallEnd.ABANDONED, Call.answered_at.is_(None), Call.message_left_at.is_(None))


def seat_of(session: Session, user_id: int) -> Seat | None:
    """The user's seat with its current call, or None before their first shift."""
    query = (
        select(Seat).options(joinedload(Seat.call).joinedload(Call.contact)).where(Seat.user_id == user_id)
    )
    return session.scalar(query)


def calls_of_contact(session: Session, contact_id: int) -> Sequence[Call]:
    """Calls of a contact with their legs, oldest first."""
    query = select(Call).options(joinedload(Call.legs).joinedload(CallLeg.agent), joinedload(Call.agent))
    query = query.where(Call.contact_id == contact_id).order_by(Call.id)
    return session.scalars(query).unique().all()


@dataclass(frozen=True)
class AgentDay:
    """What an agent did between two moments, in seconds. `calls` are those that they answered."""

    calls: int
    talk: float
    hold: float
    wrap: float
    pause: float


def agent_day(session: Session, user_id: int, begin: datetime, end: datetime) -> AgentDay:
    """An agent's figures. Talk and hold are of settled calls; `end` is now at the latest."""
    legs = _legs_between(session, user_id, begin, end)
    spans = [Span.from_json(stored) for leg in legs for stored in leg.spans]
    states = _states_between(session, user_id, begin, end)
    return AgentDay(
        calls=sum(1 for leg in legs if leg.answered_at and begin <= leg.answered_at < end),
        talk=sum(span.within(begin, end) for span in spans if span.kind is SpanKind.TALK),
        hold=sum(span.within(begin, end) for span in spans if span.kind is SpanKind.HOLD),
        wrap=states.get(SeatState.WRAP_UP, 0.0),
        pause=states.get(SeatState.PAUSED, 0.0),
    )


def _legs_between(session: Session, user_id: int, begin: datetime, end: datetime) -> Sequence[CallLeg]:
    mine = select(CallLeg).where(CallLeg.agent_id == user_id, CallLeg.started_at < end)
    return session.scalars(mine.where(CallLeg.ended_at > begin)).all()


def _states_between(session: Session, user_id: int, begin: datetime, end: datetime) -> dict[str, float]:
    """Seconds that the agent's seat was in each state, from the event log."""
    seat = session.scalar(select(Seat).where(Seat.user_id == user_id))
    if seat is None:
        return {}
    changes = select(Event).where(Event.subject == f"seat:{seat.extension}", Event.kind == "seat.changed")
    before = session.scalars(changes.where(Event.at < begin).order_by(Event.id.desc()).limit(1)).first()
    within = session.scalars(changes.where(Event.at >= begin, Event.at < end).order_by(Event.id)).all()
    seconds: dict[str, float] = {}
    state, since = (before.payload["state"] if before else SeatState.OFFLINE.value), begin
    for at, then in [*((event.at, event.payload["state"]) for event in within), (end, "")]:
        seconds[state] = seconds.get(state, 0.0) + max(0.0, (at - since).total_seconds())
        state, since = then, max(since, at)
    return seconds

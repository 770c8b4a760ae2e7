"""What happens to a call, told by the telephone side. Every function may be told twice without harm."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hotline import events
from hotline.calls.models import Call, CallEnd, CallLeg, CallState, OwedCallback, Seat, SeatState
from hotline.calls.ports import CallControl
from hotline.contacts.models import Contact
from hotline.contacts.rules import CallerNumber, caller_number
from hotline.context import Context
from hotline.database import insert_unless_there
from hotline.people.actors import Role
from hotline.people.models import User
from hotline.tickets.models import Ticket
from hotline.tickets.states import Channel

LONGEST_REASON = 60
RANG_OUT = "rang_out"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class UnknownSeat(LookupError):
    """No user has this extension."""


@dataclass(frozen=True)
class OpenedCall:
    """Ids of what a call has opened."""

    call_id: int
    contact_id: int
    ticket_id: int


def open_call(
    context: Context, linkedid: str, raw_number: str | None, dialled: str, started_at: datetime | None = None
) -> OpenedCall:
    """Commit contact, draft ticket and call. Told again for the same `linkedid`, returns the same ids.

    `started_at` is given when the call happened earlier, while nobody listened.
    """
    if opened := _opened(context, linkedid):
        return opened
    try:
        return _open(context, linkedid, caller_number(raw_number), dialled, started_at or context.now())
    except IntegrityError:  # another process was faster
        if opened := _opened(context, linkedid):
            return opened
        raise


def _opened(context: Context, linkedid: str) -> OpenedCall | None:
    with context.reading() as session:
        call = session.scalar(select(Call).where(Call.linkedid == linkedid))
        if call is None:
            return None
        ticket = session.scalars(select(Ticket.id).where(Ticket.contact_id == call.contact_id)).first()
        return OpenedCall(call.id, call.contact_id, ticket or 0)


def _open(context: Context, linkedid: str, caller: CallerNumber, dialled: str, at: datetime) -> OpenedCall:
    with context.writing() as session:
        contact = Contact(
            channel=Channel.PHONE,
            source_ref=linkedid,
            number=caller.number,
            number_withheld=caller.withheld,
            received_at=at,
        )
        ticket = Ticket(
            contact=contact, channel=Channel.PHONE, received_at=at, complainant_phone=caller.number
        )
        ticket.born(context.actor, context.now())
        call = Call(linkedid=linkedid, contact=contact, dialled=dialled[:30], started_at=at)
        session.add_all([contact, ticket, call])
        session.flush()
        _announce(session, context, call, "opened")
        return OpenedCall(call.id, contact.id, ticket.id)


def call_queued(context: Context, linkedid: str) -> None:
    """The caller waits in the queue."""
    with context.writing() as session:
        call = _call(session, linkedid)
        if call is None or call.state is not CallState.GREETING:
            return
        call.state, call.queued_at = CallState.WAITING, context.now()
        _announce(session, context, call, "waiting")


def call_ringing(context: Context, linkedid: str, extension: str) -> None:
    """The queue rings an agent for this call."""
    with context.writing() as session:
        call, seat = _call(session, linkedid), _seat(session, extension)
        if call is None or call.state is CallState.ENDED:
            return
        call.ringing_extension = extension
        _set_seat(session, context, seat, SeatState.RINGING, call=call)
        _announce(session, context, call, "ringing", extension=extension)


def call_not_answered(context: Context, linkedid: str, extension: str) -> None:
    """The agent let it ring; the queue goes on. The seat shows it until it does something else."""
    with context.writing() as session:
        call, seat = _call(session, linkedid), _seat(session, extension)
        if seat.state is SeatState.RINGING:
            _set_seat(session, context, seat, SeatState.READY, reason=RANG_OUT)
        if call is not None and call.ringing_extension == extension:
            call.ringing_extension = None
            _announce(session, context, call, "rang_out", extension=extension)


def call_answered(
    context: Context, linkedid: str, extension: str, uniqueid: str, channel: str, live: bool = True
) -> None:
    """An agent talks with the caller. `uniqueid` and `channel` are the agent's leg.

    With `live` False the call is over and told of afterwards: by now the seat does something else.
    """
    with context.writing() as session:
        call, seat = _call(session, linkedid), _seat(session, extension)
        if call is None or call.state is CallState.ENDED:
            return
        now = context.now()
        call.state, call.answered_at = CallState.TALKING, call.answered_at or now
        call.agent_id, call.ringing_extension = seat.user_id, None
        _add_leg(session, call, uniqueid, channel, "agent", extension, now)
        if live:
            _set_seat(session, context, seat, SeatState.TALKING, call=call)
        _announce(session, context, call, "answered", extension=extension)


def leg_started(context: Context, linkedid: str, uniqueid: str, channel: str) -> None:
    """The caller's own channel exists."""
    with context.writing() as session:
        call = _call(session, linkedid)
        if call is not None:
            _add_leg(session, call, uniqueid, channel, "caller", None, context.now())


def leg_ended(context: Context, uniqueid: str) -> None:
    """A channel has gone. An agent whose leg ends goes into wrap-up."""
    with context.writing() as session:
        leg = session.scalar(select(CallLeg).where(CallLeg.uniqueid == uniqueid))
        if leg is None or leg.ended_at is not None:
            return
        leg.ended_at = context.now()
        if leg.extension is None:
            return
        seat = _seat(session, leg.extension)
        if seat.state is SeatState.TALKING and seat.call_id == leg.call_id:
            _start_wrap_up(session, context, seat)


def call_ended(
    context: Context, linkedid: str, end: CallEnd | None = None, at: datetime | None = None
) -> None:
    """The call is over. Without `end` it is derived: answered calls were talked, others abandoned."""
    with context.writing() as session:
        call = _call(session, linkedid)
        if call is None or call.state is CallState.ENDED:
            return
        call.end = end or (CallEnd.TALKED if call.answered_at else CallEnd.ABANDONED)
        call.state, call.ended_at, call.ringing_extension = CallState.ENDED, at or context.now(), None
        for leg in call.legs:
            leg.ended_at = leg.ended_at or call.ended_at
        if call.end is not CallEnd.TALKED:
            _owe_callback(session, call)
        for seat in session.scalars(select(Seat).where(Seat.call_id == call.id)):
            _free_seat(session, context, seat)
        _announce(session, context, call, "ended", end=call.end)


def sign_on(context: Context, control: CallControl, extension: str) -> None:
    """The agent wants calls. Raises `TelephoneAway` and changes nothing when the PBX does not take it."""
    context.actor.must_have("take calls", Role.AGENT)
    control.make_ready(extension)
    seat_changed(context, extension, SeatState.READY)


def pause(context: Context, control: CallControl, extension: str, reason: str) -> None:
    """The agent wants no calls for a while; a reason is required."""
    context.actor.must_have("pause", Role.AGENT, Role.SUPERVISOR)
    if not reason.strip():
        raise ValueError("a pause has a reason")
    control.pause(extension, reason.strip()[:LONGEST_REASON])
    seat_changed(context, extension, SeatState.PAUSED, reason.strip()[:LONGEST_REASON])


def sign_off(context: Context, control: CallControl, extension: str) -> None:
    """The agent goes home."""
    control.sign_off(extension)
    seat_changed(context, extension, SeatState.OFFLINE)


def seat_changed(context: Context, extension: str, state: SeatState, reason: str = "") -> None:
    """The PBX or the agent says what the seat does now."""
    with context.writing() as session:
        _set_seat(session, context, _seat(session, extension), state, reason=reason)


def seat_registered(context: Context, extension: str, registered: bool) -> None:
    """The seat's telephone is, or is no longer, registered at the PBX."""
    with context.writing() as session:
        seat = _seat(session, extension)
        if seat.registered == registered:
            return
        seat.registered = registered
        events.record(session, context.now(), "seat.registered", f"seat:{extension}", registered=registered)


def end_wrap_up(context: Context, extension: str | None = None) -> int:
    """Seats whose wrap-up is over become ready; with `extension`, that seat at once. Returns how many."""
    with context.writing() as session:
        query = select(Seat).where(Seat.state == SeatState.WRAP_UP)
        query = (
            query.where(Seat.wrap_up_until_at <= context.now())
            if extension is None
            else query.where(Seat.extension == extension)
        )
        seats = session.scalars(query).all()
        for seat in seats:
            _set_seat(session, context, seat, SeatState.READY)
        return len(seats)


def _free_seat(session: Session, context: Context, seat: Seat) -> None:
    if seat.state is SeatState.TALKING:
        _start_wrap_up(session, context, seat)
    elif seat.state is SeatState.RINGING:
        _set_seat(session, context, seat, SeatState.READY)


def _start_wrap_up(session: Session, context: Context, seat: Seat) -> None:
    """The call stays on the seat during wrap-up: its draft is still being written."""
    until = context.now() + timedelta(seconds=context.settings.wrap_up_seconds)
    _set_seat(session, context, seat, SeatState.WRAP_UP, call=seat.call)
    seat.wrap_up_until_at = until


def _set_seat(
    session: Session,
    context: Context,
    seat: Seat,
    state: SeatState,
    call: Call | None = None,
    reason: str = "",
) -> None:
    if seat.state is not state or seat.reason != reason:
        seat.since_at = context.now()
    seat.state, seat.reason, seat.call = state, reason, call
    facts = {"state": state, "reason": reason}
    events.record(session, context.now(), "seat.changed", f"seat:{seat.extension}", **facts)


def _seat(session: Session, extension: str) -> Seat:
    """The seat of this extension; made when it is first heard of. Raises `UnknownSeat`."""
    query = select(Seat).where(Seat.extension == extension)
    if seat := session.scalar(query):
        return seat
    user = session.scalar(select(User).where(User.extension == extension))
    if user is None:
        raise UnknownSeat(f"no user has extension {extension}")
    since_at = user.last_login_at or _EPOCH
    insert_unless_there(session, Seat, user_id=user.id, extension=extension, since_at=since_at)
    return session.scalars(query).one()


def _call(session: Session, linkedid: str) -> Call | None:
    return session.scalar(select(Call).where(Call.linkedid == linkedid))


def _add_leg(
    session: Session, call: Call, uniqueid: str, channel: str, role: str, extension: str | None, at: datetime
) -> None:
    if not any(leg.uniqueid == uniqueid for leg in call.legs):
        call.legs.append(
            CallLeg(uniqueid=uniqueid, channel=channel[:120], role=role, extension=extension, started_at=at)
        )
        session.flush()


def _owe_callback(session: Session, call: Call) -> None:
    number = call.contact.number
    still_owed = select(OwedCallback.id).where(OwedCallback.number == number, OwedCallback.done_at.is_(None))
    if number and session.scalar(still_owed) is None:
        session.add(OwedCallback(call=call, number=number, owed_at=call.ended_at))


def _announce(session: Session, context: Context, call: Call, kind: str, **facts: object) -> None:
    session.flush()
    events.record(session, context.now(), f"call.{kind}", f"call:{call.id}", state=call.state, **facts)

"""What happens to a call, told by the telephone side. Every function may be told twice without harm."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hotline import events
from hotline.built_once import built_once
from hotline.calls.broken import let_go_of_broken
from hotline.calls.models import Call, CallEnd, CallLeg, CallState, Seat, SeatState
from hotline.calls.owed import asked_for_callback, settle_callback
from hotline.calls.seats import ENGAGED, free_seat, goes_back, seat_of, set_seat, start_wrap_up
from hotline.contacts.models import Contact
from hotline.contacts.rules import CallerNumber, caller_number
from hotline.context import Context
from hotline.tickets.models import Ticket
from hotline.tickets.states import Channel

RANG_OUT = "rang_out"


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

    `started_at` is given by who knows when the caller came: scripts may have hung, or nobody listened.
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
        found = session.execute(*_ids(linkedid)).first()
        return OpenedCall(found.id, found.contact_id, found.ticket_id or 0) if found else None


@built_once
def _ids(linkedid: str) -> Select[int, int, int | None]:
    query = select(Call.id, Call.contact_id, Ticket.id.label("ticket_id"))
    query = query.outerjoin(Ticket, Ticket.contact_id == Call.contact_id).order_by(Ticket.id)
    return query.where(Call.linkedid == linkedid).limit(1)


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
        pbx = context.settings.pbx_name
        call = Call(linkedid=linkedid, contact=contact, dialled=dialled[:30], started_at=at, pbx=pbx)
        session.add_all([contact, ticket, call])
        session.flush()
        _announce(session, context, call, "opened")
        return OpenedCall(call.id, contact.id, ticket.id)


def call_dialled(context: Context, linkedid: str, dialled: str) -> None:
    """The number that was dialled, where the call was opened by somebody who did not know it."""
    with context.reading() as session:
        call = _call(session, linkedid)
        if call is None or call.dialled == dialled[:30]:
            return
    with context.writing() as session:
        session.execute(update(Call).where(Call.linkedid == linkedid).values(dialled=dialled[:30]))


def call_queued(context: Context, linkedid: str) -> None:
    """The caller waits in the queue."""
    with context.writing() as session:
        call = _call(session, linkedid)
        if call is None or call.state is not CallState.GREETING:
            return
        call.state, call.queued_at = CallState.WAITING, context.now()
        _announce(session, context, call, "waiting")


def call_ringing(context: Context, linkedid: str, extension: str, by_queue: bool = True) -> None:
    """An agent is rung for this call.

    The queue rings whom it has found free. The call plan and supervisors (`by_queue` False) ring a seat
    whatever it does: what is in a call, or behind one, goes on with that; what is paused or away will be so
    again.
    """
    with context.writing() as session:
        call, seat = _call(session, linkedid), seat_of(session, extension)
        if call is None or call.state is CallState.ENDED:
            return
        call.ringing_extension = extension
        if by_queue or seat.state not in ENGAGED:
            if not by_queue:
                goes_back(seat)
            set_seat(session, context, seat, SeatState.RINGING, call=call)
        _announce(session, context, call, "ringing", extension=extension)


def call_not_answered(context: Context, linkedid: str, extension: str) -> None:
    """The agent let it ring; the queue goes on. The seat shows it until it does something else."""
    with context.writing() as session:
        call, seat = _call(session, linkedid), seat_of(session, extension)
        if call is None or call.ringing_extension != extension:
            return
        call.ringing_extension = None
        if seat.state is SeatState.RINGING and seat.call_id == call.id:
            if seat.next_state is None:  # else nothing is offered to it anyway
                seat.misses += 1
            set_seat(session, context, seat, SeatState.READY, reason=RANG_OUT)
        _announce(session, context, call, "rang_out", extension=extension)


def call_answered(
    context: Context, linkedid: str, extension: str, uniqueid: str, channel: str, live: bool = True
) -> None:
    """An agent talks with the caller. `uniqueid` and `channel` are the agent's leg.

    With `live` False the call is over and told of afterwards: by now the seat does something else.
    """
    with context.writing() as session:
        call, seat = _call(session, linkedid), seat_of(session, extension)
        if call is None or call.state is CallState.ENDED:
            return
        now = context.now()
        call.state, call.answered_at = CallState.TALKING, call.answered_at or now
        call.agent_id, call.ringing_extension, call.phone = seat.user_id, None, ""
        _add_leg(session, call, uniqueid, channel, "agent", extension, now)
        _note_answer(session, uniqueid, seat, now)
        if live:
            let_go_of_broken(session, context, call, but=seat)
            if call.outgoing:  # an agent who is paused or signed off may call back all the same
                goes_back(seat)
            set_seat(session, context, seat, SeatState.TALKING, call=call)
            seat.misses = 0
        _announce(session, context, call, "answered", extension=extension)


def agent_rejoined(context: Context, linkedid: str, extension: str, uniqueid: str, channel: str) -> None:
    """An agent whose line broke is back in a talk that went on with others. Whose call it is does not change:
    another agent may have it by now."""
    with context.reading() as session:
        call = _call(session, linkedid)
        is_theirs = call is not None and call.agent is not None and call.agent.extension == extension
    if is_theirs:
        call_answered(context, linkedid, extension, uniqueid, channel)


def phone_rings(context: Context, linkedid: str, phone: str) -> None:
    """A telephone that is no seat is rung in the queue's place: on duty at night, or a leader's."""
    _at_phone(context, linkedid, phone, "ringing")


def phone_rang_out(context: Context, linkedid: str) -> None:
    """It rings no more: nobody took the call there."""
    _at_phone(context, linkedid, "", "rang_out")


def _at_phone(context: Context, linkedid: str, phone: str, kind: str) -> None:
    with context.writing() as session:
        call = _call(session, linkedid)
        if call is not None and call.state in (CallState.GREETING, CallState.WAITING):
            call.phone = phone
            _announce(session, context, call, kind)


def call_answered_elsewhere(context: Context, linkedid: str, uniqueid: str, channel: str, phone: str) -> None:
    """The telephone that is no seat was answered."""
    with context.writing() as session:
        call = _call(session, linkedid)
        if call is None or call.state is CallState.ENDED:
            return
        call.state, call.answered_at = CallState.TALKING, call.answered_at or context.now()
        call.phone = phone
        _add_leg(session, call, uniqueid, channel, "third", None, context.now())
        _announce(session, context, call, "answered")


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
        seat = seat_of(session, leg.extension)
        if seat.state is SeatState.TALKING and seat.call_id == leg.call_id:
            start_wrap_up(session, context, seat)


def call_ended(
    context: Context, linkedid: str, end: CallEnd | None = None, at: datetime | None = None
) -> None:
    """The call is over. Without `end` it is derived: answered calls were talked, others abandoned."""
    with context.writing() as session:
        call = _call(session, linkedid)
        if call is None or call.state is CallState.ENDED:
            return
        call.end = end or _end_of(call)
        if call.end in (CallEnd.ABANDONED, CallEnd.UNANSWERED) and asked_for_callback(session, call):
            call.end = CallEnd.CALLBACK
        call.state, call.ended_at, call.ringing_extension = CallState.ENDED, at or context.now(), None
        for leg in call.legs:
            leg.ended_at = leg.ended_at or call.ended_at
        settle_callback(session, context, call)
        for seat in session.scalars(select(Seat).where(Seat.call_id == call.id)):
            free_seat(session, context, seat)
        _announce(session, context, call, "ended", end=call.end)


def _end_of(call: Call) -> CallEnd:
    """Somebody whose agent's line broke, and who reached nobody after that, was cut off by us."""
    if call.answered_at is None:
        return CallEnd.ABANDONED
    return CallEnd.CUT_OFF if call.state in (CallState.BROKEN, CallState.WAITING) else CallEnd.TALKED


def _call(session: Session, linkedid: str) -> Call | None:
    return session.scalar(select(Call).where(Call.linkedid == linkedid))


def _note_answer(session: Session, uniqueid: str, seat: Seat, at: datetime) -> None:
    leg = session.scalars(select(CallLeg).where(CallLeg.uniqueid == uniqueid)).one()
    leg.agent_id, leg.answered_at = leg.agent_id or seat.user_id, leg.answered_at or at


def _add_leg(
    session: Session, call: Call, uniqueid: str, channel: str, role: str, extension: str | None, at: datetime
) -> None:
    if not any(leg.uniqueid == uniqueid for leg in call.legs):
        call.legs.append(
            CallLeg(uniqueid=uniqueid, channel=channel[:120], role=role, extension=extension, started_at=at)
        )
        session.flush()


def _announce(session: Session, context: Context, call: Call, kind: str, **facts: object) -> None:
    session.flush()
    events.record(session, context.now(), f"call.{kind}", f"call:{call.id}", state=call.state, **facts)

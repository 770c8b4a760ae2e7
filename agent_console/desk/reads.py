"""What the desk shows, read in one session."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from agent_console.call_plan.origin import Origin, origin_of
from hotline.calls.models import Call, OwedCallback, Seat, SeatState
from hotline.calls.queries import seat_of
from hotline.config import Settings
from hotline.merging.recurring import linked_before
from hotline.people.actors import Role
from hotline.roster.models import RosterEntry
from hotline.roster.queries import coming
from hotline.tickets.models import LinkKind, Ticket, TicketLink
from hotline.tickets.queries import of_number, with_everything
from hotline.tickets.states import Confidentiality, State

WITH_CALLER = (SeatState.RINGING, SeatState.TALKING, SeatState.BROKEN, SeatState.WRAP_UP)
WRITING = (SeatState.TALKING, SeatState.BROKEN, SeatState.WRAP_UP)
OPEN_DRAFTS_SHOWN = 20


@dataclass(frozen=True)
class Desk:
    """An agent's seat, the call on it, and what is known of the caller."""

    seat: Seat | None
    call: Call | None
    earlier: Sequence[Ticket]
    recurring: Collection[int]
    """Those of them of which the call is about the same matter, come back."""
    drafts: Sequence[Ticket]
    answered_today: int
    registered_today: int
    owed: int
    """Callbacks that the hotline owes citizens."""
    origin: Origin | None
    """Where the call comes from."""
    handed_to: str
    """Name of the agent who has the call now, and goes on with its draft; empty while it is this one."""
    shifts: Sequence[RosterEntry]
    """Their next ones by the roster."""

    @property
    def earlier_open(self) -> int:
        """How many of the caller's earlier tickets are not closed."""
        return sum(ticket.closed_at is None for ticket in self.earlier)


def desk_of(session: Session, settings: Settings, user_id: int, midnight: datetime, now: datetime) -> Desk:
    """The desk as it stands `now`; `midnight` is when the agent's day began."""
    seat = seat_of(session, user_id)
    call = seat.call if seat and seat.state in WITH_CALLER else None
    earlier = of_number(session, call.contact.number) if call else []
    return Desk(
        seat=seat,
        call=call,
        earlier=earlier,
        recurring=linked_before(session, call.contact_id) if earlier and call else (),
        drafts=open_drafts(session, user_id, call.contact_id if call else None),
        answered_today=_count(session, Call.agent_id == user_id, Call.answered_at >= midnight),
        registered_today=_count(
            session, Ticket.registered_by_id == user_id, Ticket.registered_at >= midnight
        ),
        owed=_count(session, OwedCallback.done_at.is_(None)),
        origin=origin_of(session, settings, call) if call else None,
        handed_to=_heir(seat),
        shifts=coming(session, user_id, now),
    )


def _count(session: Session, *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(*where)) or 0


def open_drafts(session: Session, user_id: int, but_not_of: int | None = None) -> Sequence[Ticket]:
    """Unfinished drafts of calls that this agent answered, the newest first.

    Without those of one contact: the one that is being written just now; and without calls that were only a
    reminder of another ticket.
    """
    reminder = select(TicketLink.id).where(
        TicketLink.other_id == Ticket.id, TicketLink.kind == LinkKind.REMINDER, Ticket.description == ""
    )
    # A callback belongs to the contact of the call before it: this agent may have had both.
    answered = select(Call.id).where(Call.contact_id == Ticket.contact_id, Call.agent_id == user_id)
    query = (
        select(Ticket)
        .where(answered.exists(), Ticket.state == State.DRAFT, Ticket.contact_id != (but_not_of or 0))
        .where(~reminder.exists())
        .order_by(Ticket.id.desc())
        .limit(OPEN_DRAFTS_SHOWN)
    )
    return session.scalars(query).all()


def draft_of_call(session: Session, user_id: int) -> Ticket | None:
    """The draft that belongs to the call at the seat, while talking or in wrap-up; it goes with the call."""
    seat = seat_of(session, user_id)
    if seat is None or seat.call is None or seat.state not in WRITING or _heir(seat):
        return None
    query = select(Ticket.id).where(Ticket.contact_id == seat.call.contact_id, Ticket.state == State.DRAFT)
    ticket_id = session.scalars(query.order_by(Ticket.id)).first()
    return with_everything(session, ticket_id) if ticket_id else None


def may_write(session: Session, user_id: int, ticket: Ticket) -> bool:
    """Whether the desk shows this ticket: a sealed one only as a draft, to the agent of its call.

    Nobody has answered a message: until it is registered, it is open to whoever writes it down.
    """
    if ticket.confidentiality is not Confidentiality.SEALED:
        return True
    of_call = select(Call.agent_id).where(Call.contact_id == ticket.contact_id, Call.agent_id.is_not(None))
    agents = session.scalars(of_call).all()
    return ticket.state is State.DRAFT and (not agents or user_id in agents)


def is_handed_on(session: Session, user_id: int, ticket_id: int) -> bool:
    """Whether this draft is of the call that another agent has now: two who write would undo each other."""
    seat = seat_of(session, user_id)
    if seat is None or not _heir(seat):
        return False
    query = select(Ticket.contact_id).where(Ticket.id == ticket_id, Ticket.state == State.DRAFT)
    return seat.call is not None and session.scalar(query) == seat.call.contact_id


def _heir(seat: Seat | None) -> str:
    """A supervisor who took the call over is none: the ticket stays with the agent."""
    if seat is None or seat.call is None or seat.state is not SeatState.WRAP_UP:
        return ""
    owner = seat.call.agent
    if owner is None or owner.id == seat.user_id or Role.AGENT not in owner.role_set:
        return ""
    return owner.display_name

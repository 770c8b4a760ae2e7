"""What a supervisor must know of their own telephone and session."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls.models import Seat
from hotline.calls.queries import seat_of
from hotline.monitoring.models import Mode, MonitoringSession
from hotline.monitoring.queries import session_of
from hotline.tickets.models import Ticket
from hotline.tickets.states import State


@dataclass(frozen=True)
class Bar:
    """The supervisor's bar: the session that goes on, if any, and their seat, if they have one.

    `drafts` are ids of what is being written down of a call that the supervisor has taken over.
    """

    session: MonitoringSession | None
    seat: Seat | None
    drafts: Sequence[int] = ()

    @property
    def has_telephone(self) -> bool:
        """Whether a telephone of theirs is registered."""
        return self.seat is not None and self.seat.registered


def bar_of(session: Session, user_id: int) -> Bar:
    """The bar of this supervisor."""
    now = session_of(session, user_id)
    drafts: Sequence[int] = ()
    if now is not None and now.mode is Mode.TAKE_OVER:
        query = select(Ticket.id).where(Ticket.contact_id == now.call.contact_id, Ticket.state == State.DRAFT)
        drafts = session.scalars(query).all()
    return Bar(now, seat_of(session, user_id), drafts)

"""What a supervisor must know of their own telephone and session."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from hotline.calls.models import Seat
from hotline.calls.queries import seat_of
from hotline.monitoring.models import MonitoringSession
from hotline.monitoring.queries import has_taken_over, session_of


@dataclass(frozen=True)
class Bar:
    """The supervisor's bar: the session that goes on, if any, and their seat, if they have one.

    `owns`: the call is theirs, who has taken it over, with all that an agent can do in it.
    """

    session: MonitoringSession | None
    seat: Seat | None
    owns: bool = False

    @property
    def has_telephone(self) -> bool:
        """Whether a telephone of theirs is registered."""
        return self.seat is not None and self.seat.registered


def bar_of(session: Session, user_id: int) -> Bar:
    """The bar of this supervisor."""
    now = session_of(session, user_id)
    owns = now is not None and has_taken_over(session, now.channel_id or "")
    return Bar(now, seat_of(session, user_id), owns)

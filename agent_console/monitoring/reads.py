"""What a supervisor must know of their own telephone and session."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from hotline.calls.models import Seat
from hotline.calls.queries import seat_of
from hotline.monitoring.models import MonitoringSession
from hotline.monitoring.queries import agents_leg, has_taken_over, session_of


@dataclass(frozen=True)
class Bar:
    """The supervisor's bar: the session that goes on, if any, and their seat, if they have one.

    `owns`: the call is theirs, who has taken it over, with all that an agent can do in it. `agent_is_there`:
    an agent is in the call.
    """

    session: MonitoringSession | None
    seat: Seat | None
    owns: bool = False
    agent_is_there: bool = False

    @property
    def has_telephone(self) -> bool:
        """Whether a telephone of theirs is registered."""
        return self.seat is not None and self.seat.registered


def bar_of(session: Session, user_id: int) -> Bar:
    """The bar of this supervisor."""
    now = session_of(session, user_id)
    owns = now is not None and has_taken_over(session, now.channel_id or "")
    agent_is_there = now is not None and agents_leg(session, now.call) is not None
    return Bar(now, seat_of(session, user_id), owns, agent_is_there)

"""What may be merged under what (rulebook B8)."""

from enum import StrEnum

from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, State

# From registration to the follow-up: somebody still works on it.
OPEN = (
    State.REGISTERED,
    State.NEED_INFO,
    State.TO_DISPATCH,
    State.DISPATCHED,
    State.RETURN_PENDING,
    State.HANDLING,
    State.NEED_INFO_UNIT,
    State.SUSPENDED,
    State.REPLIED,
    State.CALLBACK,
    State.REWORK,
)


class Obstacle(StrEnum):
    """Why a ticket cannot be merged, linked or reminded of, or its master not be reopened."""

    NO_SUCH_TICKET = "no_such_ticket"
    ITSELF = "itself"
    SEALED = "sealed"
    MASTER_IS_HIDDEN = "master_is_hidden"
    MASTER_IS_MERGED = "master_is_merged"
    MASTER_IS_OVER = "master_is_over"
    NOTHING_UNSOLVED = "nothing_unsolved"
    CLOSED_TOO_LONG = "closed_too_long"
    NOT_THEIRS = "not_theirs"
    NOBODY_HAS_IT = "nobody_has_it"
    NOT_SAME_CALLER = "not_same_caller"
    NOT_OVER = "not_over"


def obstacle(ticket: Ticket, master: Ticket | None) -> Obstacle | None:
    """What forbids it, or None. A sealed master is told of as one that does not exist."""
    if master is None or master.confidentiality is Confidentiality.SEALED:
        return Obstacle.NO_SUCH_TICKET
    if master.id == ticket.id:
        return Obstacle.ITSELF
    if ticket.confidentiality is Confidentiality.SEALED:
        return Obstacle.SEALED
    return as_master(master)


def as_master(master: Ticket | None) -> Obstacle | None:
    """Why other tickets may not be merged under this one, or None."""
    if master is None or master.confidentiality is Confidentiality.SEALED:
        return Obstacle.NO_SUCH_TICKET
    if master.state is State.MERGED:
        return Obstacle.MASTER_IS_MERGED
    if master.confidentiality is not Confidentiality.NORMAL:
        return Obstacle.MASTER_IS_HIDDEN
    return None if master.state in OPEN else Obstacle.MASTER_IS_OVER


def may_have_come_back(ticket: Ticket) -> bool:
    """Whether a new matter may be the same come back: while it is open one reminds of it."""
    return ticket.state in (State.CLOSED, State.ARCHIVED) and ticket.anonymised_at is None

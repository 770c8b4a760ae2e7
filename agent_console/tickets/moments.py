"""Until when what a ticket's state waits for is to be done, or when it happens by itself."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from hotline.archiving.service import ENDED_FOR
from hotline.dispatch.queries import lead_assignment, open_return
from hotline.follow_up.models import FollowUp
from hotline.follow_up.queries import OPEN
from hotline.questions.queries import open_question
from hotline.referrals.queries import of_ticket as referrals_of
from hotline.screening.queries import open_requests
from hotline.suspension.queries import running_suspension
from hotline.tickets.models import Ticket
from hotline.tickets.states import State


def moment_of(session: Session, ticket: Ticket, follow_ups: Sequence[FollowUp]) -> datetime | None:
    """None where nothing is set. Of a merged one the master's: only for whoever may read that."""
    if ticket.state is State.CALLBACK:
        return next((one.due_at for one in reversed(follow_ups) if one.state in OPEN), None)
    if found := _OF_OTHERS.get(ticket.state):
        return found(session, ticket)
    return ticket.due_at


def _sign(session: Session, ticket: Ticket) -> datetime | None:
    lead = lead_assignment(session, ticket.id)
    return lead.sign_due_at if lead else None


def _answer(session: Session, ticket: Ticket) -> datetime | None:
    asked = open_requests(session, ticket.id)
    return asked[-1].answer_by if asked else None


def _unit_answer(session: Session, ticket: Ticket) -> datetime | None:
    asked = open_question(session, ticket.id)
    return asked.answer_by if asked else None


def _decision(session: Session, ticket: Ticket) -> datetime | None:
    asked = open_return(session, ticket.id)
    return asked.due_at if asked else None


def _review(session: Session, ticket: Ticket) -> datetime | None:
    put_off = running_suspension(session, ticket)
    return put_off.review_at if put_off else None


def _master(session: Session, ticket: Ticket) -> datetime | None:
    return ticket.master.due_at if ticket.master else None


def _receipt(session: Session, ticket: Ticket) -> datetime | None:
    """Of a sealed lead the ticket has it itself."""
    referrals = referrals_of(session, ticket.id)
    return referrals[-1].receipt_by if referrals else ticket.due_at


def _archived(session: Session, ticket: Ticket) -> datetime | None:
    """Of what was not closed only the history tells since when it has ended."""
    ended = [line.at for line in ticket.history if line.to_state is ticket.state is not line.from_state]
    since = ticket.closed_at if ticket.state is State.CLOSED else (ended[-1] if ended else None)
    return since + ENDED_FOR if since else None


_OF_OTHERS: Mapping[State, Callable[[Session, Ticket], datetime | None]] = {
    State.DISPATCHED: _sign,
    State.NEED_INFO: _answer,
    State.NEED_INFO_UNIT: _unit_answer,
    State.RETURN_PENDING: _decision,
    State.SUSPENDED: _review,
    State.MERGED: _master,
    State.TRANSFERRED: _receipt,
    State.CLOSED: _archived,
    State.WITHDRAWN: _archived,
    State.NOT_ACCEPTED: _archived,
}

"""Merging a ticket under another one, taking it out again, and what follows when the master is closed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.appeals.reopening import take_up
from hotline.appeals.rules import may_reopen
from hotline.citizens.reminders import keep_reminder
from hotline.context import Context
from hotline.follow_up import together
from hotline.merging import queries, rules
from hotline.merging.rules import Obstacle
from hotline.people.actors import SYSTEM, NotPermitted, citizen
from hotline.screening.opening import kept_text
from hotline.screening.queries import waiting_refusal
from hotline.tickets import privacy, rows
from hotline.tickets.lifecycle import IllegalMove
from hotline.tickets.models import Ticket
from hotline.tickets.states import State


class MergeRefused(ValueError):
    """It is not merged or reminded of, or its master not reopened; `obstacle` says why."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle.value)
        self.obstacle = obstacle


def merge(context: Context, ticket_id: int, master_number: str, *, incident_id: int | None = None) -> None:
    """A screener puts a registered ticket under the one that is handled (T10). Its due time stays.

    What the same telephone told again is a reminder on the master. Raises `MergeRefused`; `GuardFailed` while
    a refusal is proposed or tickets are merged under this one; `NotPermitted`. For agents see
    `hotline.incidents.service.join`, which names the open incident.
    """
    with context.writing() as session:
        ticket, master = _both(session, context, ticket_id, kept_text("master_number", master_number, 80))
        if ticket.state is not State.REGISTERED:
            raise IllegalMove(ticket.state, "merge", context.actor)
        if why := rules.obstacle(ticket, master):
            raise MergeRefused(why)
        assert master is not None  # noqa: S101 (`obstacle` has seen it)
        ticket.move(
            "merge",
            context.actor,
            context.now(),
            master_id=master.id,
            other_number=master.number,
            refusal_waits=waiting_refusal(session, ticket_id) is not None,
            incident_id=incident_id,
        )
        ticket.master = master
        master.note("merged_under", context.actor, context.now(), other_number=ticket.number)
        if ticket.is_repeat:
            keep_reminder(session, context, master, citizen(), other_number=ticket.number)
        elif master.state is State.CALLBACK:
            together.owe(session, context, ticket)
        rows.announce(session, context, ticket, "merged")
        rows.announce(session, context, master, "merged_under")


def unmerge(context: Context, ticket_id: int, reason: str) -> None:
    """A supervisor takes a ticket out, with the reason on record (T11): it is screened by itself."""
    with context.writing() as session:
        ticket = _merged(session, context, ticket_id, "unmerge")
        master = ticket.master
        number = master.number if master else ""
        why = kept_text("reason", reason, 500)
        ticket.move("unmerge", context.actor, context.now(), why, other_number=number)
        ticket.master, ticket.solved, ticket.satisfaction = None, None, None
        together.drop(session, ticket)
        if master:
            master.note("unmerged", context.actor, context.now(), other_number=ticket.number)
            rows.announce(session, context, master, "unmerged")
        rows.announce(session, context, ticket, "taken_out")


def reopen_master(context: Context, ticket_id: int, reason: str) -> None:
    """The citizen of a merged ticket says no after the master was closed: a supervisor reopens it (T34).

    To dispatch, with a new clock for the department; the merged ticket waits for the next reply. Raises
    `MergeRefused` where nobody said no, or more than thirty days after the closing.
    """
    with context.writing() as session:
        ticket = _merged(session, context, ticket_id, "reopen")
        assert ticket.master_id is not None  # noqa: S101 (what is merged has a master)
        if not queries.said_unsolved(session, ticket):
            raise MergeRefused(Obstacle.NOTHING_UNSOLVED)
        master = rows.locked(session, ticket.master_id)
        if master.state is State.CLOSED and not may_reopen(master.closed_at, context.now()):
            raise MergeRefused(Obstacle.CLOSED_TOO_LONG)
        why = kept_text("reason", reason, 500)
        take_up(session, context, master, "reopen", why, other_number=ticket.number)
        rows.announce(session, context, ticket, "master_reopened")


def ask_the_rest(context: Context, limit: int = 100) -> int:
    """One sweep over masters that were closed without a reply of a department (direct answers, receipts).

    The citizens whose tickets are merged under them are to be asked. Returns how many.
    """
    with context.reading() as session:
        ids = queries.never_asked(session, limit)
    asked = 0
    for ticket_id in ids:
        with context.acting_as(SYSTEM).writing() as session:
            ticket = rows.locked(session, ticket_id)
            if queries.is_never_asked(session, ticket_id):  # another worker may have been faster
                together.owe(session, context, ticket)
                rows.announce(session, context, ticket, "reply_accepted")
                asked += 1
    return asked


def _both(session: Session, context: Context, ticket_id: int, number: str) -> tuple[Ticket, Ticket | None]:
    """Both rows, locked in the order of their ids: two who merge them crosswise follow one another."""
    master_id = session.scalar(select(Ticket.id).where(Ticket.number == number.upper()))
    ids = sorted({ticket_id} if master_id is None else {ticket_id, master_id})
    locked = {one: rows.locked(session, one) for one in ids}
    if privacy.is_sealed_for(context.actor, locked[ticket_id]):
        raise NotPermitted(context.actor, "merge")
    return locked[ticket_id], locked[master_id] if master_id is not None else None


def _merged(session: Session, context: Context, ticket_id: int, deed: str) -> Ticket:
    ticket = rows.locked(session, ticket_id)
    if ticket.state is not State.MERGED:
        raise IllegalMove(ticket.state, deed, context.actor)
    return ticket

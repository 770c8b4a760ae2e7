"""Follow-ups where several citizens told the same matter: everybody is asked, one handling is judged (B8).

A ticket that is merged under another (`MERGED`) has a follow-up of its own. A repeat, of the same telephone
as its master, has none: its citizen is asked once and both end together.
"""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from hotline.built_once import built_once
from hotline.context import Context
from hotline.follow_up.models import FollowUp, FollowUpState
from hotline.follow_up.queries import OPEN
from hotline.follow_up.rules import Verdict, first_call_at
from hotline.people.actors import SYSTEM
from hotline.tickets import rows
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, State


def judged(ticket: Ticket) -> Ticket:
    """The ticket whose handling its citizen is asked about."""
    merged = ticket.state is State.MERGED and ticket.master is not None
    return ticket.master if merged and ticket.master else ticket


def owe(session: Session, context: Context, ticket: Ticket) -> FollowUp:
    """The citizen of one ticket is to be asked; a follow-up that is open already stays."""
    with session.no_autoflush:  # all that is pending is written once, below
        found: FollowUp | None = session.scalars(*_open_one(ticket.id)).first()
    if found is not None:
        return found
    follow_up = FollowUp(ticket_id=ticket.id, owed_at=context.now(), due_at=first_call_at(context))
    session.add(follow_up)
    session.flush()
    return follow_up


@built_once
def _open_one(ticket_id: int) -> Select[FollowUp]:
    return select(FollowUp).where(FollowUp.ticket_id == ticket_id, FollowUp.state.in_(OPEN))


def owe_all(session: Session, context: Context, master: Ticket) -> FollowUp:
    """The citizen of the ticket, and of each that is merged under it. Returns the ticket's own follow-up."""
    for child in master.merged:
        if not child.is_repeat:
            owe(session, context, child)
            rows.announce(session, context, child, "reply_accepted")
    return owe(session, context, master)


def drop(session: Session, ticket: Ticket) -> None:
    """Nobody is asked now; what a call that is on its way brings is only written down.

    Whose answer is being written at this moment ends by it.
    """
    wanted = select(FollowUp).where(FollowUp.ticket_id == ticket.id, FollowUp.state.in_(OPEN))
    for follow_up in session.scalars(wanted.with_for_update(skip_locked=True)):
        follow_up.state, follow_up.due_at = FollowUpState.DROPPED, None


def rework(session: Session, context: Context, master: Ticket, reason: str) -> None:
    """The matter is handled anew (T31): whoever was still to be asked is asked after the next reply."""
    master.move("not_satisfied", context.actor, context.now(), reason, outcome_reworks=True)
    for ticket in (master, *master.merged):
        drop(session, ticket)
    rows.announce(session, context, master, "rework")


def conclude_child(session: Session, context: Context, child: Ticket, decided: Verdict, reason: str) -> None:
    """A merged ticket ends by its own citizen's word; one who says no takes the master to rework.

    A master that is closed already is for the supervisor, who reopens it (`hotline.merging`).
    """
    if decided is not Verdict.REWORK:
        close_child(session, context, child, decided)
        return
    assert child.master_id is not None  # noqa: S101 (what is merged has a master)
    master = rows.locked(session, child.master_id)
    hidden = child.confidentiality is not Confidentiality.NORMAL
    told = "" if hidden else reason  # the department reads the master's history
    child.note("unsolved_here", context.actor, context.now(), reason, other_number=master.number)
    master.note("unsolved_elsewhere", context.actor, context.now(), told, other_number=child.number)
    if master.state is State.CALLBACK:
        rework(session, context, master, told)
    rows.announce(session, context, master, "unsolved_elsewhere")
    rows.announce(session, context, child, "unsolved_here")


def close_child(
    session: Session, context: Context, child: Ticket, outcome: str, **evidence: int | bool
) -> None:
    """The citizen of a merged ticket was asked, or could not be (T43). Waits as `must_wait` says."""
    if must_wait(session, context, child, outcome):
        return
    child.move("master_closed", SYSTEM, context.now(), "", own_callback=True, outcome=outcome, **evidence)
    child.outcome = outcome
    rows.announce(session, context, child, "closed")


def close_repeats(session: Session, context: Context, master: Ticket) -> None:
    """What the same telephone told again ends with its first ticket: the citizen was asked once."""
    for child in master.merged:
        if child.is_repeat:
            close_repeat(session, context, child, master)


def close_repeat(session: Session, context: Context, child: Ticket, master: Ticket) -> None:
    """By the answers that the citizen has given for the first ticket."""
    child.solved, child.satisfaction = master.solved, master.satisfaction
    close_child(session, context, child, master.outcome or "")


def must_wait(session: Session, context: Context, ticket: Ticket, outcome: str, reason: str = "") -> bool:
    """Whether supervision or an instruction keeps the ticket open (B2, rule 4): its history says so then.

    Its row is locked from now on, so that what ends the supervision meanwhile finds the follow-up done.
    """
    if not rows.locked(session, ticket.id).stays_open:
        return False
    ticket.note("closing_waits", context.actor, context.now(), reason, outcome=outcome)
    rows.announce(session, context, ticket, "closing_waits")
    return True

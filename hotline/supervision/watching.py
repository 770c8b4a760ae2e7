"""What the ladder does by itself: the sweep reminds, urges, and proposes notices; it never issues one."""

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.deadlines.queries import reckoner
from hotline.follow_up.queries import reworks
from hotline.people.actors import SYSTEM
from hotline.review.models import PerfunctoryProposal
from hotline.review.queries import waiting_proposals
from hotline.supervision import cases, queries
from hotline.supervision.models import SupervisionCase
from hotline.supervision.rules import (
    HIGH_LEVEL_STEP,
    OPEN,
    CaseState,
    Found,
    Level,
    due_steps,
    perfunctory_step,
    reworked_step,
)
from hotline.tickets import rows
from hotline.tickets.guards import MOST_REWORKS
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, State


def watch(context: Context) -> int:
    """One sweep over tickets that departments have: reminders (L0), urging (L1), proposals of notices (L2),
    also those that reviewers wait for after perfunctory replies, and of special supervision (L3) in the place
    of a third rework, and for what leaders were told of first.

    Returns how many cases it made. An urging whose ticket has ended, or gone elsewhere, is closed.
    """
    context = context.acting_as(SYSTEM)
    _settle(context)
    counting, after_id = reckoner(context), 0
    made = _take_proposals(context) + _propose_special(context)
    while True:
        with context.reading() as session:
            seen = queries.watched(session, after_id)
            known = queries.occurrences(session, [one.ticket_id for one in seen])
        if not seen:
            return made
        after_id = seen[-1].assignment_id
        for one in seen:
            for step in due_steps(one, context.now(), counting):
                if (one.ticket_id, step.occurrence) not in known:
                    made += _taken(context, one.ticket_id, step)


def _take_proposals(context: Context) -> int:
    """A proposal waits while another notice for its ticket is proposed or open, or the ticket is sealed."""
    with context.reading() as session:
        waiting = [one.id for one in waiting_proposals(session)]
    return sum(_proposal_taken(context, proposal_id) for proposal_id in waiting)


def _proposal_taken(context: Context, proposal_id: int) -> bool:
    with context.writing() as session:
        ticket = rows.locked(session, session.get_one(PerfunctoryProposal, proposal_id).ticket_id)
        proposal = session.get_one(PerfunctoryProposal, proposal_id, populate_existing=True)
        sealed = ticket.confidentiality is Confidentiality.SEALED
        if proposal.taken_at is not None or sealed or _has_notice(session, ticket.id):
            return False
        proposal.taken_at = context.now()
        step = perfunctory_step(proposal.id)
        cases.begin(session, context, ticket, step, CaseState.PROPOSED, department_id=proposal.department_id)
        return True


def _propose_special(context: Context) -> int:
    """Two reworks did not help: there is no third before somebody has decided on special supervision. And
    what went to leaders first is supervised from the dispatch on."""
    with context.reading() as session:
        led = queries.of_supervised_tracks(session)
        waiting = queries.waiting_for_rework(session)
        often = {one: n for one, n in reworks(session, waiting).items() if n >= MOST_REWORKS}
        known = queries.occurrences(session, [*led, *often])
    steps = dict.fromkeys(led, HIGH_LEVEL_STEP) | {one: reworked_step(n) for one, n in often.items()}
    return sum(
        _special_proposed(context, one, step)
        for one, step in steps.items()
        if (one, step.occurrence) not in known
    )


def _special_proposed(context: Context, ticket_id: int, step: Found) -> bool:
    with context.writing() as session:
        ticket = rows.locked(session, ticket_id)
        sealed = ticket.confidentiality is Confidentiality.SEALED
        states = queries.WATCHED if step is HIGH_LEVEL_STEP else (State.REWORK,)
        if ticket.state not in states or ticket.kept_open_by or ticket.holder_id is None or sealed:
            return False
        if (ticket_id, step.occurrence) in queries.occurrences(session, [ticket_id]):
            return False
        cases.begin(session, context, ticket, step, CaseState.PROPOSED)
        return True


def _taken(context: Context, ticket_id: int, step: Found) -> bool:
    """False if another worker was faster, the ticket has moved on, or a notice is on its way already."""
    with context.writing() as session:
        ticket = rows.locked(session, ticket_id)
        sealed = ticket.confidentiality is Confidentiality.SEALED
        if ticket.state not in queries.WATCHED or ticket.holder_id is None or sealed:
            return False
        if (ticket_id, step.occurrence) in queries.occurrences(session, [ticket_id]):
            return False
        if step.level is Level.L2 and _has_notice(session, ticket_id):
            return False
        if step.level is Level.L1:
            cases.urge(session, context, ticket, step)
        else:
            state = CaseState.NOTED if step.level is Level.L0 else CaseState.PROPOSED
            cases.begin(session, context, ticket, step, state)
        return True


def _has_notice(session: Session, ticket_id: int) -> bool:
    return queries.proposed(session, ticket_id) is not None or queries.still_open(session, ticket_id)


def _settle(context: Context) -> None:
    with context.writing() as session:
        has_left = or_(
            Ticket.state.in_(queries.SETTLED),
            Ticket.holder_id.is_distinct_from(SupervisionCase.department_id),
        )
        over = select(Ticket.id).where(Ticket.id == SupervisionCase.ticket_id, has_left).exists()
        urging = (SupervisionCase.level == Level.L1, SupervisionCase.state.in_(OPEN))
        session.execute(
            update(SupervisionCase)
            .where(*urging, over)
            .values(state=CaseState.CLOSED, closed_at=context.now())
            .execution_options(synchronize_session=False)
        )

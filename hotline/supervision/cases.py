"""What every step of the ladder does with rows: a case begins, is issued, and is closed by a higher one."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.database import insert_unless_there
from hotline.deadlines.queries import reckoner
from hotline.supervision import holding, queries
from hotline.supervision.models import NoticeYear, SupervisionCase
from hotline.supervision.rules import (
    ANSWER_WITHIN,
    OPEN,
    CaseState,
    Found,
    Kind,
    Level,
    Obstacle,
    SupervisionRefused,
    notice_number,
)
from hotline.tickets import rows
from hotline.tickets.models import Ticket


def begin(
    session: Session,
    context: Context,
    ticket: Ticket,
    step: Found,
    state: CaseState,
    reason: str = "",
    kind: Kind = Kind.HOTLINE,
    department_id: int | None = None,
) -> SupervisionCase:
    """A case against the department that has the ticket, or another one that is named.

    Raises `SupervisionRefused` where there is none.
    """
    department_id = department_id or ticket.holder_id
    if department_id is None:
        raise SupervisionRefused(Obstacle.NO_DEPARTMENT)
    case = SupervisionCase(
        ticket_id=ticket.id,
        department_id=department_id,
        level=step.level,
        kind=kind,
        trigger=step.trigger,
        occurrence=step.occurrence,
        state=state,
        reason=reason,
        proposed_at=context.now(),
        proposed_by_id=context.actor.user_id,
    )
    session.add(case)
    facts = {"level": step.level, "trigger": step.trigger}
    ticket.note("supervision_begun", context.actor, context.now(), reason, **facts)
    rows.announce(session, context, ticket, "supervised")
    return case


def issue(
    session: Session,
    context: Context,
    ticket: Ticket,
    case: SupervisionCase,
    due_at: datetime | None = None,
) -> None:
    """Number and limit, the level's own or the one named; what is open below the level ends with it, and so
    do other proposals of this level."""
    _close_lower(session, context, ticket, case)
    case.state, case.issued_at, case.issued_by_id = CaseState.ISSUED, context.now(), context.actor.user_id
    case.number = _next_number(session, context)
    case.title = context.settings.notice_titles.get(case.level, "")
    case.issuer = context.settings.notice_issuers.get(case.level, "")
    limit = ANSWER_WITHIN.get(case.level)
    case.due_at = due_at or (reckoner(context).due(context.now(), limit) if limit else None)
    facts = {"level": case.level, "notice": case.number, "reply_by": case.due_at}
    ticket.note("supervision_issued", context.actor, context.now(), case.reason, **facts)
    holding.hold_or_release(session, context, ticket)
    rows.announce(session, context, ticket, "supervision_issued")


def urge(session: Session, context: Context, ticket: Ticket, step: Found, reason: str = "") -> None:
    """An urging (L1) is issued as it begins, and has no number."""
    case = begin(session, context, ticket, step, CaseState.ISSUED, reason)
    case.issued_at, case.issued_by_id = context.now(), context.actor.user_id
    case.due_at = answered_by(context, Level.L1)


def answered_by(context: Context, level: Level) -> datetime:
    """Until when a department answers what is issued now. The level has a limit (`ANSWER_WITHIN`)."""
    return reckoner(context).due(context.now(), ANSWER_WITHIN[level])


def close(context: Context, case: SupervisionCase, state: CaseState, decision: str) -> None:
    """For good, with who did it and when."""
    case.state, case.decision = state, decision
    case.closed_at, case.closed_by_id = context.now(), context.actor.user_id


def close_urgings(session: Session, context: Context, ticket_id: int) -> None:
    """An answer to one urging (L1) is one to all that are open."""
    for case in queries.cases_of(session, ticket_id):
        if case.level < Level.L2 and case.state in OPEN:
            close(context, case, CaseState.CLOSED, case.decision)


def _close_lower(session: Session, context: Context, ticket: Ticket, issued: SupervisionCase) -> None:
    """What is open, or proposed, below this level ends with it, each with a line of the history."""
    for case in queries.cases_of(session, ticket.id):
        was_proposed = case.state is CaseState.PROPOSED
        same = was_proposed and case.level == issued.level and case.id != issued.id
        if same or (case.level < issued.level and case.state in (CaseState.PROPOSED, *OPEN)):
            close(context, case, CaseState.CLOSED, case.decision)
            ticket.note(
                "supervision_superseded",
                context.actor,
                context.now(),
                level=case.level,
                notice=case.number,
                by_level=issued.level,
                was_proposed=was_proposed,
            )


def _next_number(session: Session, context: Context) -> str:
    """Without gaps or doubles: the row of the year is locked by its UPDATE until the commit."""
    year = context.now().astimezone(context.settings.zone).year
    step = update(NoticeYear).where(NoticeYear.year == year).values(last=NoticeYear.last + 1)
    if session.execute(step).rowcount == 0:  # type: ignore[attr-defined]
        insert_unless_there(session, NoticeYear, year=year, last=0)
        session.execute(step)
    return notice_number(year, session.scalars(select(NoticeYear.last).where(NoticeYear.year == year)).one())

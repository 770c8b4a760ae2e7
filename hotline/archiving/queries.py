"""What may go to the archive."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import BindParameter, ColumnElement, Integer, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from hotline.appeals.models import Appeal, AppealKind, AppealState
from hotline.campaigns.models import Campaign, CampaignTicket
from hotline.database import UtcDateTime
from hotline.rechecks.models import Recheck
from hotline.screening.answering import ANSWERED
from hotline.screening.models import AnswerReview, DirectAnswer, Refusal, RefusalState
from hotline.supervision.models import Instruction, SupervisionCase
from hotline.supervision.rules import OPEN, CaseState, Level
from hotline.tickets.models import HistoryLine, Ticket
from hotline.tickets.states import Confidentiality, State

_Merged = aliased(Ticket)


def to_archive(session: Session, ended_before: datetime, limit: int) -> Sequence[Ticket]:
    """Tickets that ended by then and of which nothing is open, the oldest first; locked until the transaction
    ends, but for those that somebody else has locked."""
    return session.scalars(_to_archive(), {"ended_before": ended_before, "most": limit}).all()


@cache
def _to_archive() -> Select[Ticket]:
    """Built once: that takes longer than the database needs to find that there is nothing to do."""
    query = select(Ticket).where(_ended(bindparam("ended_before", type_=UtcDateTime)), ~_is_open())
    query = query.order_by(Ticket.id).limit(bindparam("most", type_=Integer))
    return query.with_for_update(of=Ticket, skip_locked=True)


def _is_open() -> ColumnElement[bool]:
    """Whether something of a ticket that has ended waits for somebody: for a query over `Ticket`.

    What is sealed is out of the supervisors' sight: nothing of theirs keeps it (B2, rule 4).
    """
    kept = Ticket.kept_open_by.is_not(None)  # on the row itself, which the lock has read anew
    of_supervisors = or_(
        kept, _notice().exists(), _instruction().exists(), _campaign().exists(), _appeal().exists()
    )
    return or_(
        and_(Ticket.confidentiality != Confidentiality.SEALED, of_supervisors),
        _untold_refusal().exists(),
        _unreviewed_answer().exists(),
        _recheck().exists(),
        select(_Merged.id).where(_Merged.master_id == Ticket.id, _Merged.state == State.MERGED).exists(),
    )


def _ended(before: BindParameter[datetime]) -> ColumnElement[bool]:
    """Closed by then, or since then withdrawn or not accepted: of these only the history tells since when."""
    line = HistoryLine
    left = select(func.max(line.at)).where(
        line.ticket_id == Ticket.id, line.to_state == Ticket.state, line.from_state != Ticket.state
    )
    closed = and_(Ticket.state == State.CLOSED, Ticket.closed_at <= before)
    refused = Ticket.state.in_((State.WITHDRAWN, State.NOT_ACCEPTED))
    return or_(closed, and_(refused, left.scalar_subquery() <= before))


def _notice() -> Select[int]:
    case = SupervisionCase
    query = select(case.id).where(case.ticket_id == Ticket.id, case.level >= Level.L2)
    return query.where(case.state.in_((CaseState.PROPOSED, *OPEN)))


def _instruction() -> Select[int]:
    return select(Instruction.id).where(Instruction.ticket_id == Ticket.id, Instruction.fed_back_at.is_(None))


def _appeal() -> Select[int]:
    waits = (Appeal.state == AppealState.ASKED, Appeal.kind != AppealKind.WITHDRAWAL)
    return select(Appeal.id).where(Appeal.ticket_id == Ticket.id, *waits)


def _campaign() -> Select[int]:
    query = select(CampaignTicket.ticket_id).join(Campaign, Campaign.id == CampaignTicket.campaign_id)
    return query.where(CampaignTicket.ticket_id == Ticket.id, Campaign.closed_at.is_(None))


def _recheck() -> Select[int]:
    """Of the department that has it: whoever has returned it looks at nothing any more."""
    query = select(Recheck.id).where(Recheck.ticket_id == Ticket.id, Recheck.looked_at.is_(None))
    return query.where(Recheck.department_id == Ticket.holder_id)


def _untold_refusal() -> Select[int]:
    query = select(Refusal.id).where(Refusal.ticket_id == Ticket.id, Refusal.told_at.is_(None))
    return query.where(Ticket.state == State.NOT_ACCEPTED, Refusal.state == RefusalState.APPROVED)


def _unreviewed_answer() -> Select[int]:
    """By which it is closed now: an earlier one has been reopened."""
    answer, later = DirectAnswer, aliased(DirectAnswer)
    newer = select(later.id).where(later.ticket_id == answer.ticket_id, later.id > answer.id)
    query = select(answer.id).where(answer.ticket_id == Ticket.id, Ticket.outcome == ANSWERED)
    return query.where(answer.review.in_((AnswerReview.WAITS, AnswerReview.WRONG)), ~newer.exists())

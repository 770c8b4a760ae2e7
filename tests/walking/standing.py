"""How every ticket of a walk stands, and what is open of it: read by one statement after every move."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Dialect, Row, ScalarSelect, TextualSelect, column, func, literal_column, select, text
from sqlalchemy.orm import Session

from hotline.appeals.models import Appeal, AppealState
from hotline.campaigns.models import Campaign, CampaignPoint, CampaignTicket
from hotline.database import Base
from hotline.dispatch.models import Assignment, AssignmentRole, ReturnRequest, ReturnState
from hotline.extensions.models import ExtensionRequest, ExtensionState
from hotline.follow_up.models import Attempt, FollowUp
from hotline.follow_up.queries import OPEN as OWED
from hotline.incidents.models import Incident, IncidentState
from hotline.inspections.models import Inspection
from hotline.joint.models import JointSupervision
from hotline.questions.models import UnitQuestion
from hotline.rechecks.models import Recheck
from hotline.referrals.models import Referral
from hotline.referrals.queries import OPEN as REFERRED
from hotline.replies.models import Reply, ReplyState
from hotline.screening.models import AnswerReview, DirectAnswer, InfoRequest, Refusal, RefusalState
from hotline.supervision.models import Instruction, LateAlarm, SupervisionCase
from hotline.supervision.rules import OPEN, CaseState, Level
from hotline.suspension.models import Suspension, SuspensionState
from hotline.tickets.models import Ticket

_COLUMNS = (
    "id",
    "number",
    "state",
    "holder_id",
    "master_id",
    "due_at",
    "closed_at",
    "outcome",
    "urgency",
    "confidentiality",
    "track",
    "kept_open_by",
)


def standing(session: Session, since: int) -> Sequence[Row[Any]]:
    """The tickets with a higher id, the oldest first."""
    return session.execute(_statement(session.get_bind().dialect), {"since": since}).all()


@cache
def _statement(dialect: Dialect) -> TextualSelect:
    """As text: SQLAlchemy would look through so large a statement each time to find what it has compiled."""
    ticket = Ticket.__table__
    columns = [ticket.c[name] for name in _COLUMNS]
    query = select(*columns, *(count.label(name) for name, count in _counts().items()))
    query = query.where(ticket.c.id > literal_column(":since")).order_by(ticket.c.id)
    rendered = str(query.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    return text(rendered).columns(*(column(one.name, one.type) for one in query.selected_columns))


def _counts() -> Mapping[str, ScalarSelect[int]]:
    lead = (Assignment.role == AssignmentRole.LEAD, Assignment.is_current)
    return {
        "leads": _count(Assignment, *lead),
        "leads_elsewhere": _count(Assignment, *lead, Assignment.department_id != Ticket.holder_id),
        "leads_due_otherwise": _count(Assignment, *lead, Assignment.due_at != Ticket.due_at),
        "assists": _count(
            Assignment,
            Assignment.role == AssignmentRole.ASSIST,
            Assignment.is_current,
            Assignment.finished_at.is_(None),
        ),
        "more_time": _count(ExtensionRequest, ExtensionRequest.state == ExtensionState.ASKED),
        "to_suspend": _count(Suspension, Suspension.state == SuspensionState.ASKED),
        "suspended": _count(Suspension, Suspension.state == SuspensionState.SUSPENDED),
        "asked": _count(InfoRequest, InfoRequest.settled_at.is_(None)),
        "unit_asked": _count(UnitQuestion, UnitQuestion.settled_at.is_(None)),
        "returned": _count(ReturnRequest, ReturnRequest.state == ReturnState.ASKED),
        "owed": _count(FollowUp, FollowUp.state.in_(OWED)),
        "on_line": _count(FollowUp, FollowUp.id == Attempt.follow_up_id, Attempt.outcome.is_(None)),
        "referred": _count(Referral, Referral.state.in_(REFERRED)),
        "refusals": _count(Refusal, Refusal.state.in_((RefusalState.PROPOSED, RefusalState.DISPUTED))),
        "unreviewed": _count(DirectAnswer, DirectAnswer.review == AnswerReview.WAITS),
        "wrong": _count(DirectAnswer, DirectAnswer.review == AnswerReview.WRONG),
        "drafted": _count(Reply, Reply.state == ReplyState.DRAFTED),
        "appealed": _count(Appeal, Appeal.state == AppealState.ASKED),
        "supervised": _count(SupervisionCase, SupervisionCase.state.in_((CaseState.PROPOSED, *OPEN))),
        "notices": _count(
            SupervisionCase,
            SupervisionCase.level >= Level.L2,
            SupervisionCase.state.in_((CaseState.PROPOSED, *OPEN)),
        ),
        "instructed": _count(Instruction, Instruction.fed_back_at.is_(None)),
        "alarms": _count(LateAlarm),
        "joint": _count(JointSupervision, JointSupervision.ended_at.is_(None)),
        "inspected": _count(Inspection, Inspection.closed_at.is_(None)),
        "named": _count(
            CampaignTicket, CampaignTicket.campaign_id == Campaign.id, Campaign.closed_at.is_(None)
        ),
        "places": _count(
            CampaignTicket,
            CampaignTicket.campaign_id == Campaign.id,
            CampaignPoint.campaign_id == Campaign.id,
            Campaign.closed_at.is_(None),
        ),
        "rechecks": _count(Recheck, Recheck.looked_at.is_(None), Recheck.department_id == Ticket.holder_id),
        "incidents": (
            select(func.count())
            .select_from(Incident)
            .where(Incident.master_id == Ticket.id, Incident.state == IncidentState.OPEN)
            .correlate(Ticket)
            .scalar_subquery()
        ),
    }


def _count(entity: type[Base], *where: Any) -> ScalarSelect[int]:
    ours = entity.ticket_id == Ticket.id  # type: ignore[attr-defined]
    query = select(func.count()).select_from(entity).where(ours, *where)
    return query.correlate(Ticket).scalar_subquery()

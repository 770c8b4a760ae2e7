"""What oversight does beside the handling: joint supervision, inspections, campaigns, incidents, urging,
another look."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from hotline.campaigns import points
from hotline.campaigns import service as campaigns
from hotline.campaigns.models import Campaign, CampaignPoint, CampaignTicket
from hotline.campaigns.queries import Chosen
from hotline.campaigns.rules import POINT_RECORDERS, RUNNERS
from hotline.campaigns.rules import Kind as CampaignKind
from hotline.dispatch import queries as dispatch_queries
from hotline.dispatch.assisting import close_part
from hotline.follow_up import again
from hotline.incidents import service as incidents
from hotline.incidents.models import Incident, IncidentState
from hotline.incidents.rules import EDITORS
from hotline.inspections import service as inspections
from hotline.inspections.models import Inspection, InspectionFinding
from hotline.inspections.rules import RECORDERS, Manner
from hotline.joint import service as joint
from hotline.joint.models import JointNote, JointSupervision, NoteKind
from hotline.joint.rules import OPENERS, PARTNER_ROLES
from hotline.merging.recurring import LINKERS, link_recurrence, may_be_of, unlink_recurrence
from hotline.merging.reminding import remind_in_call
from hotline.people.actors import Role
from hotline.rechecks import service as rechecks
from hotline.supervision import alarms
from hotline.supervision import service as supervision
from hotline.supervision.models import LateAlarm
from hotline.supervision.rules import URGERS
from hotline.tickets.models import Ticket
from hotline.tickets.queries import of_number
from hotline.tickets.states import State
from tests.walking.acting import Acting, Move, NothingThere, move
from tests.walking.checks import WITH_A_UNIT
from tests.walking.town import CATEGORIES


def _today(a: Acting) -> date:
    return a.context.now().astimezone(a.context.settings.zone).date()


def _day(a: Acting, turn: int = 1) -> date:
    """From yesterday to in a week."""
    return _today(a) + timedelta(days=a.pick((1, 0, 3, 7, -1), turn))


def _number_of(a: Acting, others: Sequence[Ticket]) -> str:
    """Of one of these, or now and then of any ticket of the walk."""
    with a.context.reading() as session:
        any_one = session.get_one(Ticket, a.pick(a.town.tickets, 2))
        return (any_one if a.salt % 5 == 4 or not others else a.pick(others)).number or "none"


def _come_back(a: Acting) -> Sequence[Ticket]:
    with a.context.reading() as session:
        return may_be_of(session, session.get_one(Ticket, a.ticket_id))


def _of_caller(a: Acting) -> Sequence[Ticket]:
    with a.context.reading() as session:
        return of_number(session, session.get_one(Ticket, a.ticket_id).contact.number)


def _joint(a: Acting) -> int:
    return a.latest(JointSupervision, JointSupervision.ended_at.is_(None))


def open_joint(a: Acting) -> None:
    offices = a.pick((["press"], ["press", "inspectors"], ["press"], ["inspectors"]))
    partners = [a.town.actors[name].department_id or 0 for name in offices]
    joint.open_joint(a.context, a.ticket_id, a.words("市民向媒体反映"), partners)


def say_jointly(a: Acting) -> None:
    joint.say(a.context, _joint(a), NoteKind.NOTE, a.words("记者周三到现场"))


def ask_jointly(a: Acting) -> None:
    joint.say(a.context, _joint(a), NoteKind.QUESTION, a.words("阀门何时更换？"))


def answer_jointly(a: Acting) -> None:
    joint_id = _joint(a)
    waits = select(JointNote.id).where(JointNote.joint_id == joint_id, JointNote.answered_at.is_(None))
    with a.context.reading() as session:
        found = session.scalars(waits.where(JointNote.kind == NoteKind.QUESTION).order_by(JointNote.id)).all()
    if not found:
        raise NothingThere("no question")
    joint.answer(a.context, joint_id, a.pick(found), a.words("本周内"))


def draft_jointly(a: Acting) -> None:
    joint.draft(a.context, _joint(a), a.words(a.pick(("供水已恢复。", "请电 13800001234。", "阀门已换。"))))


def end_joint(a: Acting) -> None:
    joint.end(a.context, _joint(a), a.words("供水已恢复"))


def inspect(a: Acting) -> None:
    with a.context.reading() as session:
        holder_id = session.get_one(Ticket, a.ticket_id).holder_id
    form = inspections.InspectionForm(
        manner=a.pick(list(Manner)),
        department_id=holder_id or a.town.units[a.pick(list(a.town.units), 2)],
        inspected_on=_today(a) + timedelta(days=a.pick((0, -1, -2, 1), 4)),
        place="幸福路泵站",
        inspectors="督查组",
        account=a.words("看了三处"),
        findings=["阀门锈蚀", "无人值守"][: a.salt % 3],
        ticket_number=a.number(),
    )
    inspections.record(a.context, form)


def _inspection(a: Acting) -> int:
    return a.latest(Inspection, Inspection.closed_at.is_(None))


def tell_findings(a: Acting) -> None:
    inspections.tell(a.context, _inspection(a), _day(a))


def correct_finding(a: Acting) -> None:
    inspection_id = _inspection(a)
    findings = select(InspectionFinding.id).where(InspectionFinding.inspection_id == inspection_id)
    with a.context.reading() as session:
        found = session.scalars(findings.order_by(InspectionFinding.id)).all()
    if not found:
        raise NothingThere("nothing found")
    inspections.correct(a.context, inspection_id, a.pick(found), a.words("已更换"))


def close_inspection(a: Acting) -> None:
    inspections.conclude(a.context, _inspection(a), a.words("整改到位"))


def begin_campaign(a: Acting) -> None:
    """Over every ticket that stands as this one does."""
    with a.context.reading() as session:
        ticket = session.get_one(Ticket, a.ticket_id)
    if ticket.state is State.ARCHIVED:
        raise NothingThere("no campaign over the archive")
    wanted = Chosen(category_code=ticket.category_code or "", state=ticket.state)
    department_id = a.town.units[a.pick(list(a.town.units))]
    form = campaigns.CampaignForm(
        a.pick(list(CampaignKind)), a.words("举一反三"), department_id, _day(a, 2), "阀门老化", a.ticket_id
    )
    campaigns.open_campaign(a.context, form, wanted)


def _campaign(a: Acting) -> int:
    """The newest that names the ticket and goes on."""
    query = select(Campaign.id).join(CampaignTicket).where(CampaignTicket.ticket_id == a.ticket_id)
    with a.context.reading() as session:
        found = session.scalars(
            query.where(Campaign.closed_at.is_(None)).order_by(Campaign.id.desc())
        ).first()
    if found is None:
        raise NothingThere("no campaign")
    return found


def _point(a: Acting, campaign_id: int) -> int:
    query = select(CampaignPoint.id).where(CampaignPoint.campaign_id == campaign_id)
    with a.context.reading() as session:
        found = session.scalars(query.order_by(CampaignPoint.id)).all()
    if not found:
        raise NothingThere("no place")
    return a.pick(found)


def plan_places(a: Acting) -> None:
    points.plan(a.context, _campaign(a), [f"泵站{a.salt % 3}", f"泵站{a.salt % 5}"])


def see_place(a: Acting) -> None:
    campaign_id = _campaign(a)
    seen = points.Found(_today(a), a.says(), a.words("阀门锈蚀"), _day(a, 2))
    points.record(a.context, campaign_id, _point(a, campaign_id), seen)


def put_place_right(a: Acting) -> None:
    campaign_id = _campaign(a)
    points.put_right(a.context, campaign_id, _point(a, campaign_id), _today(a), a.words("已更换"))


def close_campaign(a: Acting) -> None:
    campaigns.close_campaign(a.context, _campaign(a), a.words("全部看过"))


def urge(a: Acting) -> None:
    supervision.urge(a.context, a.ticket_id, a.words("请尽快办理"))


def see_alarm(a: Acting) -> None:
    alarms.see(a.context, [a.latest(LateAlarm)])


def set_recheck(a: Acting) -> None:
    rechecks.set_day(a.context, a.ticket_id, _day(a), a.words("再看水压"))


def look_again(a: Acting) -> None:
    rechecks.record(a.context, a.ticket_id, a.says(), a.words("水压正常"), _day(a, 2))


def close_late_part(a: Acting) -> None:
    with a.context.reading() as session:
        parts = [part.id for part in dispatch_queries.open_assists(session, a.ticket_id)]
    if not parts:
        raise NothingThere("nobody assists")
    close_part(a.context, a.ticket_id, a.pick(parts), a.words("协办单位未反馈"))


def call_again(a: Acting) -> None:
    again.ask_again(a.context, a.follow_up())


def link_as_come_back(a: Acting) -> None:
    link_recurrence(a.context, a.ticket_id, _number_of(a, _come_back(a)))


def unlink_come_back(a: Acting) -> None:
    unlink_recurrence(a.context, a.ticket_id, _number_of(a, _come_back(a)))


def remind_by_call(a: Acting) -> None:
    remind_in_call(a.context, a.ticket_id, _number_of(a, _of_caller(a)))


def _facts(a: Acting) -> incidents.Facts:
    return incidents.Facts(
        title=a.words("幸福路停水"), category_code=a.pick(CATEGORIES, 4), demand="恢复供水", known=f"{a.salt}"
    )


def open_incident(a: Acting) -> None:
    incidents.open_incident(a.context, a.number(), _facts(a), a.words("多人来电"))


def _incident(a: Acting) -> tuple[int, int]:
    """Id and revision of the one whose master the ticket is."""
    query = select(Incident.id, Incident.revision).where(Incident.state == IncidentState.OPEN)
    with a.context.reading() as session:
        found = session.execute(query.where(Incident.master_id == a.ticket_id)).first()
    if found is None:
        raise NothingThere("no incident")
    return found.id, found.revision


def change_incident(a: Acting) -> None:
    incidents.change(a.context, *_incident(a), _facts(a), a.words("查明原因"))


def close_incident(a: Acting) -> None:
    incidents.close(a.context, _incident(a)[0], a.words("已恢复"))


def join_incident(a: Acting) -> None:
    query = select(Incident.id).where(Incident.state == IncidentState.OPEN).order_by(Incident.id.desc())
    with a.context.reading() as session:
        found = session.scalars(query).first()
    if found is None:
        raise NothingThere("no incident")
    incidents.join(a.context, found, a.ticket_id)


_GOING_ON = [*WITH_A_UNIT, State.CLOSED]
_REGISTERED = [state for state in State if state not in (State.DRAFT, State.ARCHIVED)]
_OPEN = [state for state in _REGISTERED if state not in (State.CLOSED, State.WITHDRAWN, State.NOT_ACCEPTED)]

OVERSEEN: tuple[Move, ...] = (
    move(WITH_A_UNIT, OPENERS, open_joint),
    move(_GOING_ON, [*OPENERS, *PARTNER_ROLES], say_jointly, "joint"),
    move(_GOING_ON, [*OPENERS, *PARTNER_ROLES], ask_jointly, "joint"),
    move(_GOING_ON, [*OPENERS, *PARTNER_ROLES], answer_jointly, "joint"),
    move(_GOING_ON, [Role.MEDIA_SCREENER], draft_jointly, "joint"),
    move(_GOING_ON, OPENERS, end_joint, "joint"),
    move(_REGISTERED, RECORDERS, inspect),
    move(_REGISTERED, RECORDERS, tell_findings, "inspected"),
    move(_REGISTERED, [Role.UNIT_REVIEWER], correct_finding, "inspected"),
    move(_REGISTERED, RECORDERS, close_inspection, "inspected"),
    move(_REGISTERED, RUNNERS, begin_campaign),
    move(_REGISTERED, POINT_RECORDERS, plan_places, "named"),
    move(_REGISTERED, POINT_RECORDERS, see_place, "places"),
    move(_REGISTERED, POINT_RECORDERS, put_place_right, "places"),
    move(_REGISTERED, RUNNERS, close_campaign, "named"),
    move([State.DISPATCHED, State.RETURN_PENDING, State.HANDLING], URGERS, urge),
    move(_GOING_ON, [Role.UNIT_REVIEWER, Role.SUPERVISOR, Role.DIRECTOR], see_alarm, "alarms"),
    move([State.HANDLING], [Role.HANDLER], set_recheck),
    move(_GOING_ON, [Role.HANDLER], look_again, "rechecks"),
    move([State.HANDLING], [Role.UNIT_REVIEWER], close_late_part, "assists"),
    move([State.CALLBACK, State.MERGED], [Role.CALLBACK_AGENT], call_again, "owed"),
    move([State.DRAFT, State.REGISTERED], LINKERS, link_as_come_back),
    move([State.DRAFT, State.REGISTERED], LINKERS, unlink_come_back),
    move([State.DRAFT], [Role.AGENT], remind_by_call),
    move(_OPEN, EDITORS, open_incident),
    move(_REGISTERED, EDITORS, change_incident, "incidents"),
    move(_REGISTERED, EDITORS, close_incident, "incidents"),
    move([State.REGISTERED], [Role.AGENT], join_incident),
)

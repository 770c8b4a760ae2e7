"""Everything that the page of a ticket shows, read in one session."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort, g, request
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.house import acting_context, house
from agent_console.language import is_english
from agent_console.seen import seen
from agent_console.tickets.again import AgainShown, again_shown
from agent_console.tickets.forms import UnmaskForm
from agent_console.tickets.moments import moment_of
from agent_console.tickets.standing import Standing, standing
from agent_console.tickets.steps import Step, next_step, other_steps
from agent_console.tickets.there import look
from hotline.appeals.models import Appeal
from hotline.appeals.queries import appeals_of
from hotline.calls.models import Call
from hotline.calls.queries import calls_of_contact
from hotline.citizens.queries import Marks, marks_in
from hotline.consistency.queries import Listed, findings_of_ticket
from hotline.consistency.service import REVIEWERS
from hotline.conversations.queries import unrecorded_of
from hotline.dispatch.models import Assignment, Category
from hotline.dispatch.queries import assists_of, lead_assignment
from hotline.dossiers.rules import ROLES as TAKERS
from hotline.evidence import enclosures
from hotline.evidence.models import Enclosure
from hotline.evidence.queries import Listed as ListedFile
from hotline.evidence.queries import listed as listed_files
from hotline.follow_up.models import FollowUp
from hotline.follow_up.queries import of_ticket
from hotline.incidents.models import Incident
from hotline.incidents.queries import of_master
from hotline.incidents.rules import EDITORS, READERS
from hotline.merging.rules import as_master
from hotline.people.actors import Role
from hotline.people.models import Department
from hotline.presence.queries import Here, others_at
from hotline.questions.models import UnitQuestion
from hotline.questions.queries import questions_of
from hotline.referrals.models import Referral
from hotline.referrals.queries import kept_by
from hotline.referrals.queries import of_ticket as referrals_of
from hotline.replies.models import ContactRecord, Reply, SiteVisit
from hotline.replies.queries import contact_records, reply_to_read, visits_of
from hotline.retention.holds import ROLES, holds_of_ticket
from hotline.retention.models import LegalHold
from hotline.screening.models import DirectAnswer, InfoRequest, Refusal
from hotline.screening.queries import direct_answer, refusals_of, requests_of
from hotline.sealing.service import log_reading
from hotline.supervision.queries import highest_open
from hotline.supervision.telling import lines_for
from hotline.tickets import privacy
from hotline.tickets.four_stages import PartMark, four_stages
from hotline.tickets.links import linked
from hotline.tickets.models import HistoryLine, Ticket
from hotline.tickets.queries import by_number
from hotline.tickets.states import Confidentiality, State
from hotline.transcripts.models import CallNotice, Recording
from hotline.transcripts.notices import notices_of
from hotline.transcripts.queries import recordings_of_contact
from hotline.viewing.models import What

# The states in which the unit's due time is still ahead of somebody.
WITH_THE_UNIT = (
    State.DISPATCHED,
    State.HANDLING,
    State.RETURN_PENDING,
    State.REPLIED,
    State.REWORK,
)


@dataclass(frozen=True)
class TicketPage:
    """A ticket and all that belongs to it, as far as whoever looks may see it."""

    ticket: Ticket
    history: Sequence[HistoryLine]
    category: str
    standing: Standing
    step: Step | None
    other_steps: Sequence[Step]
    opens_others: bool
    assignment: Assignment | None
    assists: Sequence[Assignment]
    calls: Sequence[Call]
    recordings: Sequence[Recording]
    unrecorded: Mapping[int, Sequence[tuple[float, float]]]
    contacts: Sequence[ContactRecord]
    visits: Sequence[SiteVisit]
    reply: Reply | None
    evidence: Sequence[ListedFile]
    enclosures: Sequence[Enclosure]
    may_open_enclosures: bool
    follow_ups: Sequence[FollowUp]
    clock_runs: bool
    sees_identity: bool
    unmask_form: UnmaskForm | None
    may_listen: bool
    notices: Mapping[int, CallNotice]
    holds: Sequence[LegalHold]
    may_hold: bool
    may_see_dossiers: bool
    may_review: bool
    findings: Sequence[Listed]
    info_requests: Sequence[InfoRequest]
    unit_questions: Sequence[UnitQuestion]
    marks: Marks | None
    refusals: Sequence[Refusal]
    referrals: Sequence[Referral]
    appeals: Sequence[Appeal]
    answer: DirectAnswer | None
    linked: Sequence[Ticket]
    again: AgainShown
    master: Ticket | None
    children: Sequence[Ticket]
    merged_count: int
    incident: Incident | None
    reads_incidents: bool
    may_open_incident: bool
    others: Sequence[Here]
    stages: Sequence[PartMark]
    supervised_by: str

    @property
    def is_unmasked(self) -> bool:
        """Whether the citizen is shown in full for a while, for a reason."""
        return self.unmask_form is not None and self.sees_identity

    @property
    def last_line_id(self) -> int:
        """The history as it was when the page was made."""
        return self.ticket.history[-1].id

    @property
    def finding_topics(self) -> str:
        """`hx-trigger` for what becomes of findings about the ticket's calls."""
        return ", ".join(f"live:findings-of-call-{call.id} from:body" for call in self.calls)

    @property
    def call_topics(self) -> str:
        """`hx-trigger` for what happens to the ticket's calls and their recordings."""
        return ", ".join(f"live:call-{call.id} from:body" for call in self.calls)


def ticket_to_read(session: Session, number: str) -> Ticket:
    """The ticket, if it exists and may be read; 404 and 403 otherwise."""
    ticket = by_number(session, number)
    if ticket is None:
        abort(404)
    if not _may_read(session, ticket):
        abort(403)
    if ticket.confidentiality is Confidentiality.SEALED:
        _log_reading(ticket)
    return ticket


def _may_read(session: Session, ticket: Ticket) -> bool:
    actor = current_user.actor
    if privacy.may_read(actor, ticket, ()):  # the hotline need not ask whose it ever was
        return True
    assigned = select(Assignment.department_id).where(Assignment.ticket_id == ticket.id)
    bodies = kept_by(session, ticket.id) if actor.has(*privacy.BODY_ROLES) else ()
    return privacy.may_read(actor, ticket, session.scalars(assigned).all(), bodies)


def _log_reading(ticket: Ticket) -> None:
    """Who opens a sealed ticket, by which address; once a request, before anything of it is shown."""
    logged: set[int] = g.setdefault("sealed_readings", set())
    if ticket.id not in logged:
        log_reading(acting_context(), ticket.id, str(request.endpoint)[:80])
        logged.add(ticket.id)


def page_of(session: Session, ticket: Ticket, form: FlaskForm | None = None) -> TicketPage:
    """The page. `form` is a refused one that is shown again."""
    actor = current_user.actor
    seen(ticket, What.PAGE)
    g.open_ticket_id = ticket.id
    look(session, ticket)
    history, lead = ticket.history, lead_assignment(session, ticket.id)  # first: steps need them, too
    follow_ups = of_ticket(session, ticket.id)
    may_listen = privacy.may_listen(actor, ticket)
    may_review = may_listen and actor.has(*REVIEWERS)
    recordings = recordings_of_contact(session, ticket.contact_id) if may_listen else ()
    calls = calls_of_contact(session, ticket.contact_id)
    referrals = referrals_of(session, ticket.id)
    others = other_steps(session, ticket, form)
    reply = reply_to_read(session, _replied(ticket))
    supervised_by = _supervised_by(session, ticket)
    return TicketPage(
        ticket=ticket,
        history=lines_for(actor, history),
        category=category_name(session, ticket.category_code),
        standing=_standing(session, ticket, follow_ups, reply, referrals),
        step=next_step(session, ticket, form),
        other_steps=others,
        opens_others=form is not None or any(step.values.get("is_open") for step in others),
        assignment=lead,
        assists=assists_of(session, ticket.id),
        calls=calls,
        notices=notices_of(session, ticket.contact_id),
        recordings=recordings,
        unrecorded=unrecorded_of(session, ticket.contact_id, recordings),
        contacts=contact_records(session, ticket.id),
        visits=visits_of(session, ticket.id),
        reply=reply,
        evidence=listed_files(session, actor, ticket),
        enclosures=enclosures.enclosures_of(session, ticket.id),
        may_open_enclosures=enclosures.may_open(actor, ticket),
        follow_ups=follow_ups,
        clock_runs=ticket.due_at is not None and ticket.state in WITH_THE_UNIT,
        sees_identity=privacy.sees_identity(actor, ticket),
        unmask_form=_unmask_form(ticket, form),
        may_listen=may_listen,
        holds=holds_of_ticket(session, ticket) if may_listen else (),
        may_hold=may_listen and actor.has(*ROLES),
        may_see_dossiers=actor.has(*TAKERS, Role.AUDITOR),
        may_review=may_review,
        findings=findings_of_ticket(session, actor, ticket) if may_review else (),
        info_requests=requests_of(session, ticket.id),
        unit_questions=questions_of(session, ticket.id),
        marks=marks_in(history),
        refusals=refusals_of(session, ticket.id),
        referrals=referrals,
        appeals=appeals_of(session, ticket.id) if actor.has(*privacy.HOTLINE_ROLES) else (),
        answer=direct_answer(session, ticket.id),
        linked=[other for other in linked(session, ticket.id) if _may_read(session, other)],
        again=again_shown(session, ticket),
        master=ticket.master if ticket.master and _may_read(session, ticket.master) else None,
        children=[child for child in ticket.children if _may_read(session, child)],
        merged_count=len(ticket.children),
        incident=(incident := of_master(session, ticket)),
        reads_incidents=actor.has(*READERS),
        may_open_incident=incident is None and actor.has(*EDITORS) and as_master(ticket) is None,
        others=others_here(session, [ticket]).get(ticket.id, ()),
        stages=four_stages(ticket, ticket.history, is_supervised=bool(supervised_by)),
        supervised_by=supervised_by,
    )


def _supervised_by(session: Session, ticket: Ticket) -> str:
    """The highest open step of supervision, for the hotline, its offices and the department that it is
    against; else nothing."""
    case = highest_open(session, ticket.id)
    reads_all = current_user.has(*privacy.HOTLINE_ROLES, *privacy.OFFICE_ROLES)
    own = case is not None and case.department_id == current_user.actor.department_id
    return str(case.level) if case is not None and (reads_all or own) else ""


def _standing(
    session: Session,
    ticket: Ticket,
    follow_ups: Sequence[FollowUp],
    reply: Reply | None,
    referrals: Sequence[Referral],
) -> Standing:
    master = ticket.master if ticket.state is State.MERGED else None
    hides = master is not None and not _may_read(session, master)
    return standing(
        ticket,
        holder_name(session, ticket),
        None if hides else moment_of(session, ticket, follow_ups),
        follow_ups,
        refusals_of(session, ticket.id),
        referrals,
        reply_waits=reply is not None and reply.waits and reply.ticket_id == ticket.id,
    )


def others_here(session: Session, tickets: Sequence[Ticket]) -> Mapping[int, Sequence[Here]]:
    """Who but whoever is signed in has each of the tickets open."""
    ids = [ticket.id for ticket in tickets]
    return others_at(session, ids, current_user.user_id, house().context.now())


def _unmask_form(ticket: Ticket, form: FlaskForm | None) -> UnmaskForm | None:
    if not privacy.may_unmask(current_user.actor, ticket):
        return None
    return form if isinstance(form, UnmaskForm) else UnmaskForm(formdata=None)


def _replied(ticket: Ticket) -> Ticket:
    """The ticket whose reply its citizen gets: of a merged one that it went with, the master."""
    with_master = ticket.state in (State.MERGED, State.CLOSED, State.ARCHIVED)
    readable = ticket.master is not None and ticket.master.confidentiality is Confidentiality.NORMAL
    return ticket.master if with_master and readable and ticket.master else ticket


def category_name(session: Session, code: str | None) -> str:
    """`城市管理 / 油烟`, or nothing."""
    category = session.get(Category, code) if code else None
    if category is None:
        return ""
    parent = session.get(Category, category.parent_code) if category.parent_code else None
    return " / ".join(_named(c) for c in (parent, category) if c is not None)


def holder_name(session: Session, ticket: Ticket) -> str:
    """The department that has the ticket, in the reader's language."""
    holder = session.get(Department, ticket.holder_id) if ticket.holder_id else None
    return _named(holder) if holder else ""


def _named(row: Category | Department) -> str:
    return row.name_en if is_english() else row.name_zh

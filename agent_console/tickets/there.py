"""What a ticket has none of, found out in one look: most tickets have few of the things that one can have.

The page's many questions for things that are not there are not asked then.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, NamedTuple

from flask_login import current_user
from sqlalchemy import ColumnElement, Integer, bindparam, or_, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.attributes import set_committed_value

from hotline.appeals.models import Appeal
from hotline.appeals.queries import appeals_of, waiting_appeal
from hotline.asked_once import is_known, keep_answers
from hotline.calls.models import Call
from hotline.campaigns.models import Campaign
from hotline.campaigns.queries import begun_from
from hotline.consistency.models import ReviewFinding
from hotline.consistency.queries import findings_of_ticket
from hotline.contacts.models import Arrival, MailLetter
from hotline.conversations.models import RecordingPause
from hotline.conversations.queries import pauses_of_contact
from hotline.dispatch.models import Assignment, AssignmentRole, ReturnRequest
from hotline.dispatch.queries import assists_of, lead_assignment, open_assists, returns_of
from hotline.evidence.enclosures import enclosures_of
from hotline.evidence.models import Attachment, Enclosure
from hotline.evidence.queries import attachments_of
from hotline.extensions.models import ExtensionRequest
from hotline.extensions.queries import extensions_of
from hotline.follow_up import queries as follow_up
from hotline.follow_up.models import FollowUp
from hotline.incidents.models import Incident
from hotline.incidents.queries import of_master
from hotline.joint import queries as joint
from hotline.joint.models import JointSupervision
from hotline.questions.models import UnitQuestion
from hotline.questions.queries import questions_of
from hotline.referrals import queries as referrals
from hotline.referrals.models import Referral
from hotline.replies.models import ContactRecord, Reply, SiteVisit
from hotline.replies.queries import contact_records, latest_reply, replies, visits_of
from hotline.retention.holds import holds_of_ticket
from hotline.retention.models import LegalHold
from hotline.review.models import ReplyVerdict
from hotline.review.queries import last_rejection, times_perfunctory
from hotline.screening.models import DirectAnswer, InfoRequest, Refusal
from hotline.screening.queries import (
    direct_answer,
    refusal_in_force,
    refusals_of,
    requests_of,
    waiting_refusal,
)
from hotline.supervision.models import Instruction, SupervisionCase
from hotline.supervision.queries import cases_of, instructions_of
from hotline.suspension.models import Suspension
from hotline.suspension.queries import suspensions_of
from hotline.tickets.links import linked, recurrences
from hotline.tickets.models import Ticket, TicketLink
from hotline.transcripts.models import CallNotice, Recording
from hotline.transcripts.notices import notices_of
from hotline.transcripts.queries import recordings_of_contact


class Look(NamedTuple):
    """A condition; and where nothing meets it, what questions about `of` the ticket are answered by."""

    there: ColumnElement[bool]
    none: Mapping[Callable[..., Any], object] = {}
    of: Callable[[Ticket], tuple[Hashable, ...]] = lambda ticket: (ticket.id,)
    hang: Callable[[Ticket], None] = lambda ticket: None
    """Fills in what hangs on the ticket itself."""


def look(session: Session, ticket: Ticket) -> None:
    """From now on the session keeps its answers, and knows these."""
    keep_answers(session)
    for one in absent(session, ticket):
        one.hang(ticket)
        for query, none in one.none.items():
            is_known(session, query, none, *one.of(ticket))
    written = replies(session, ticket.id)  # all are shown
    is_known(session, latest_reply, written[-1] if written else None, ticket.id)


def absent(session: Session, ticket: Ticket) -> Sequence[Look]:
    """What the ticket has none of."""
    ids = {"ticket_id": ticket.id, "contact_id": ticket.contact_id}
    found = session.execute(_LOOK, {**ids, "master_id": ticket.master_id or ticket.id}).one()
    return [one for one, is_there in zip(_LOOKS, found, strict=True) if not is_there]


def _itself(ticket: Ticket) -> tuple[Hashable, ...]:
    return (ticket,)


def _for_reader(ticket: Ticket) -> tuple[Hashable, ...]:
    return (current_user.actor, ticket)


def _contact(ticket: Ticket) -> tuple[Hashable, ...]:
    return (ticket.contact_id,)


_ID, _CONTACT = bindparam("ticket_id", type_=Integer), bindparam("contact_id", type_=Integer)
_MASTER = bindparam("master_id", type_=Integer)
_CALLS = select(Call.id).where(Call.contact_id == _CONTACT)
_Other = aliased(Ticket)
_ASSIST = Assignment.role == AssignmentRole.ASSIST
_REFERRED = {referrals.kept_by: (), referrals.of_ticket: (), referrals.open_referral: None}
_LOOKS = (
    Look(Referral.ticket_id == _ID, _REFERRED),
    Look(Appeal.ticket_id == _ID, {appeals_of: (), waiting_appeal: None}),
    Look(JointSupervision.ticket_id == _ID, {joint.of_ticket: ()}),
    Look(SupervisionCase.ticket_id == _ID, {cases_of: ()}),
    Look(Instruction.ticket_id == _ID, {instructions_of: ()}),
    Look(Campaign.source_id == _ID, {begun_from: ()}),
    Look(Refusal.ticket_id == _ID, {refusals_of: (), waiting_refusal: None, refusal_in_force: None}),
    Look(FollowUp.ticket_id == _ID, {follow_up.of_ticket: ()}),
    Look(InfoRequest.ticket_id == _ID, {requests_of: ()}),
    Look(UnitQuestion.ticket_id == _ID, {questions_of: ()}),
    Look(DirectAnswer.ticket_id == _ID, {direct_answer: None}),
    Look(ContactRecord.ticket_id == _ID, {contact_records: ()}),
    Look(SiteVisit.ticket_id == _ID, {visits_of: ()}),
    Look(Attachment.ticket_id == _ID, {attachments_of: ()}),
    Look(Enclosure.ticket_id == _ID, {enclosures_of: ()}),
    Look(Reply.ticket_id == _ID, {replies: ()}),
    Look(Suspension.ticket_id == _ID, {suspensions_of: ()}),
    Look(ExtensionRequest.ticket_id == _ID, {extensions_of: ()}),
    Look(ReturnRequest.ticket_id == _ID, {returns_of: ()}),
    Look(Assignment.ticket_id == _ID, {lead_assignment: None}),
    Look((Assignment.ticket_id == _ID) & _ASSIST, {assists_of: (), open_assists: ()}),
    Look(or_(TicketLink.ticket_id == _ID, TicketLink.other_id == _ID), {linked: (), recurrences: ((), ())}),
    Look((ReplyVerdict.ticket_id == _ID) & ReplyVerdict.perfunctory, {times_perfunctory: 0}),
    Look(ReplyVerdict.ticket_id == _ID, {last_rejection: None}, _itself),
    Look(or_(LegalHold.ticket_id == _ID, LegalHold.call_id.in_(_CALLS)), {holds_of_ticket: ()}, _itself),
    Look(Incident.master_id == _MASTER, {of_master: None}, _itself),
    Look(Recording.call_id.in_(_CALLS), {recordings_of_contact: ()}, _contact),
    Look(RecordingPause.call_id.in_(_CALLS), {pauses_of_contact: ()}, _contact),
    Look(CallNotice.call_id.in_(_CALLS), {notices_of: {}}, _contact),
    Look(ReviewFinding.call_id.in_(_CALLS), {findings_of_ticket: ()}, _for_reader),
    Look(_Other.master_id == _ID, hang=lambda ticket: set_committed_value(ticket, "children", [])),
    Look(
        (_Other.contact_id == _CONTACT) & (_Other.id != _ID),
        hang=lambda ticket: set_committed_value(ticket.contact, "tickets", [ticket]),
    ),
    Look(
        Arrival.contact_id == _CONTACT,
        hang=lambda ticket: set_committed_value(ticket.contact, "arrival", None),
    ),
    Look(
        MailLetter.contact_id == _CONTACT,
        hang=lambda ticket: set_committed_value(ticket.contact, "letter", None),
    ),
)
_LOOK = select(*(select(1).where(one.there).exists() for one in _LOOKS))

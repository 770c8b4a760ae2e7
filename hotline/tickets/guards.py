"""What must hold before a ticket moves (the guard column of rulebook B2).

Each guard reads the ticket and the evidence of the move and returns what is missing in plain words, or None.
The use case of a feature gathers the evidence; `evidence["actor"]` is always there.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hotline.contacts.channels import is_own
from hotline.people.actors import Role
from hotline.tickets.states import ScreeningClass, TicketType, Urgency
from hotline.tickets.tracks import TRACKS, fits

if TYPE_CHECKING:
    from hotline.tickets.models import Ticket

Evidence = Mapping[str, Any]

BODIES = {
    ScreeningClass.PETITION: Role.PETITION_OFFICE,
    ScreeningClass.MEDIA: Role.MEDIA_SCREENER,
    ScreeningClass.DISCIPLINE: Role.DISCIPLINE,
}
"""Which role takes the classes that are referred out."""
RETURN_JUDGES = (Role.DISPATCHER, Role.SUPERVISOR)
MOST_REWORKS = 2
EMERGENCY_NUMBERS = {"110", "119", "120", "122"}


def contact_exists(ticket: "Ticket", evidence: Evidence) -> str | None:
    return None if ticket.contact_id or ticket.contact else "a contact comes first"


def intake_fields_complete(ticket: "Ticket", evidence: Evidence) -> str | None:
    missing = ticket.missing_intake_fields()
    return f"still missing: {', '.join(missing)}" if missing else None


def is_consultation(ticket: "Ticket", evidence: Evidence) -> str | None:
    return None if ticket.type is TicketType.CONSULTATION else "only consultations are answered directly"


def answer_given(ticket: "Ticket", evidence: Evidence) -> str | None:
    return None if evidence.get("answer") else "an answer or a knowledge entry is needed"


def emergency_service_named(ticket: "Ticket", evidence: Evidence) -> str | None:
    return None if evidence.get("service") in EMERGENCY_NUMBERS else "name 110, 119, 120 or 122"


def service_was_told(ticket: "Ticket", evidence: Evidence) -> str | None:
    """By a call from the desk that it answered, or as somebody says."""
    return None if evidence.get("by_call") or evidence.get("reason") else "say how the service was told"


def question_asked(ticket: "Ticket", evidence: Evidence) -> str | None:
    return None if evidence.get("question") else "say what the citizen is asked"


def answer_written(ticket: "Ticket", evidence: Evidence) -> str | None:
    return None if evidence.get("supplement") else "write down what the citizen added"


def asked_twice(ticket: "Ticket", evidence: Evidence) -> str | None:
    return None if evidence.get("requests", 0) >= 2 else "the citizen is asked twice first"


def no_refusal_waits(ticket: "Ticket", evidence: Evidence) -> str | None:
    return "a proposed refusal waits for its decision" if evidence.get("refusal_waits") else None


def refusal_by_two(ticket: "Ticket", evidence: Evidence) -> str | None:
    second = evidence.get("second_screener_id")
    if not evidence.get("code"):
        return "a refusal has a reason code"
    if not second or second == evidence["actor"].user_id:
        return "a second screener must agree"
    return None if evidence.get("right_channel") else "the citizen is told the right channel"


def reason_given(ticket: "Ticket", evidence: Evidence) -> str | None:
    return None if evidence.get("reason") else "a reason is needed"


def master_named(ticket: "Ticket", evidence: Evidence) -> str | None:
    return None if evidence.get("master_id") else "name the master ticket"


def agents_only_into_incidents(ticket: "Ticket", evidence: Evidence) -> str | None:
    """Which matters belong together is screened, but for an incident somebody has said so already."""
    actor = evidence["actor"]
    if actor.has(Role.SCREENER):
        return None
    if not evidence.get("incident_id"):
        return "agents merge only into an open incident"
    if ticket.registered_by_id != actor.user_id:
        return "agents merge only what they have registered themselves"
    return None


def nothing_merged_under(ticket: "Ticket", evidence: Evidence) -> str | None:
    return "other citizens' tickets are merged under this one: take them out first" if ticket.merged else None


def own_channel(ticket: "Ticket", evidence: Evidence) -> str | None:
    """Media screen what their own channel has brought, and nothing else (B13)."""
    actor = evidence["actor"]
    if not actor.has(Role.MEDIA_SCREENER) or actor.has(Role.SCREENER):
        return None
    return None if is_own(actor, ticket.channel) else "media screen what came by their own channel only"


def class_is_external(ticket: "Ticket", evidence: Evidence) -> str | None:
    return None if ticket.screening_class in BODIES else "the class is not one that is referred out"


def referral_explained(ticket: "Ticket", evidence: Evidence) -> str | None:
    """To whom and why; of a sealed lead neither is written down: it would be content."""
    if ticket.screening_class is ScreeningClass.DISCIPLINE:
        return None
    if not evidence.get("body_id"):
        return "name the office that it is referred to"
    return reason_given(ticket, evidence)


def by_its_body(ticket: "Ticket", evidence: Evidence) -> str | None:
    """The people of the office that has it, or a screener who writes down what they say; of a sealed lead
    discipline inspection alone."""
    actor, body = evidence["actor"], BODIES.get(ticket.screening_class) if ticket.screening_class else None
    if body is not Role.DISCIPLINE and actor.has(Role.SCREENER):
        return None
    of_it = body is Role.DISCIPLINE or actor.department_id == evidence.get("body_id")
    if body is not None and actor.has(body) and of_it:
        return None
    return "only the office that it is referred to may do this"


def receipt_recorded(ticket: "Ticket", evidence: Evidence) -> str | None:
    return None if evidence.get("receipt") else "the receipt number of the other side is needed"


def screening_complete(ticket: "Ticket", evidence: Evidence) -> str | None:
    if ticket.screening_class is not ScreeningClass.SERVICE:
        return "only government service matters are dispatched"
    wanted = ("type", "category_code", "urgency", "track", "confidentiality")
    if missing := [name for name in wanted if not getattr(ticket, name)]:
        return f"still missing: {', '.join(missing)}"
    return None if fits(ticket.track, ticket.urgency) else "the special track is for urgent and flash tickets"


def track_prepared(ticket: "Ticket", evidence: Evidence) -> str | None:
    """A coordinator, and two departments or a disputed remit; leaders told first: as the track says (B3)."""
    rule = TRACKS[ticket.track]
    if rule.leaders_first and ticket.track_ready_at is None:
        return "leaders are briefed first"
    if rule.has_coordinator and ticket.track_ready_at is None:
        return "name a coordinator first"
    disputed = evidence.get("designated_id") or evidence.get("returned_by")
    if not disputed and 1 + len(evidence.get("assist_ids", ())) < rule.departments:
        return "the coordinated track has two departments or more"
    return None


def one_lead(ticket: "Ticket", evidence: Evidence) -> str | None:
    if not evidence.get("lead_id"):
        return "exactly one lead department is needed"
    if not evidence.get("lead_can_lead"):
        return "a lead department has a reviewing leader and a handler"
    if evidence["lead_id"] in evidence.get("assist_ids", ()):
        return "the lead cannot assist itself"
    return _lead_by_returns(evidence)


def _lead_by_returns(evidence: Evidence) -> str | None:
    """What earlier returns of the ticket leave open (B5.4)."""
    if designated := evidence.get("designated_id"):
        return None if designated == evidence["lead_id"] else "the hotline has designated another lead"
    if evidence["lead_id"] in evidence.get("returned_by", ()):
        return "this department's return was accepted: name another one"
    return None


def due_computed(ticket: "Ticket", evidence: Evidence) -> str | None:
    return None if evidence.get("due_at") else "the due time is not computed"


def acts_for_lead(ticket: "Ticket", evidence: Evidence) -> str | None:
    actor = evidence["actor"]
    if actor.user_id is None or actor.department_id == ticket.holder_id:
        return None
    return "only the department that holds the ticket may do this"


def return_allowed(ticket: "Ticket", evidence: Evidence) -> str | None:
    if missing := acts_for_lead(ticket, evidence):
        return missing
    if not evidence.get("within_window"):
        return "the window for returning this ticket is over"
    if evidence.get("returned_before"):
        return "this department has returned the ticket once already"
    if evidence.get("is_designated"):
        return "this department was designated: it may not return the ticket"
    if not evidence.get("legal_basis") or not evidence.get("suggested_department_id"):
        return "a return cites its legal basis and names the right department"
    if evidence["suggested_department_id"] == ticket.holder_id:
        return "a return names another department than one's own"
    return None


def checked_on_the_spot(ticket: "Ticket", evidence: Evidence) -> str | None:
    if evidence.get("field_checked"):
        return None
    return "a signed ticket is returned only if a check on the spot shows that it is another's"


def may_judge_return(ticket: "Ticket", evidence: Evidence) -> str | None:
    """Never who asked; a dispute is for the supervisor while arbitration lasts, and for the director."""
    actor = evidence["actor"]
    if actor.user_id == evidence.get("asked_by_id") or actor.department_id == ticket.holder_id:
        return "who asks for a return does not decide on it"
    if not evidence.get("disputed"):
        return None if actor.has(*RETURN_JUDGES) else "the director decides on disputed returns only"
    if not actor.has(Role.SUPERVISOR, Role.DIRECTOR):
        return "a disputed return is decided by the hotline's supervisor or director"
    if evidence.get("arbitration_over") and not actor.has(Role.DIRECTOR):
        return "the time for arbitration is over: the director designates"
    if not evidence.get("designated_id"):
        return "a disputed return ends with a designated lead"
    return None if evidence.get("lead_can_lead") else "a lead department has a reviewing leader and a handler"


def suspension_planned(ticket: "Ticket", evidence: Evidence) -> str | None:
    return (
        None if evidence.get("plan") and evidence.get("review_at") else "a plan and a review date are needed"
    )


def reply_complete(ticket: "Ticket", evidence: Evidence) -> str | None:
    if not evidence.get("contact_recorded"):
        return "the citizen was not contacted: record the contact, or three failed tries"
    if evidence.get("open_assists"):
        return "assisting departments have not finished"
    if evidence.get("unanswered"):
        return "not every question of the citizen is answered"
    return None if evidence.get("reply_id") else "there is no reply"


def reviewer_is_not_the_unit(ticket: "Ticket", evidence: Evidence) -> str | None:
    actor = evidence["actor"]
    return "a department may not review its own reply" if actor.department_id == ticket.holder_id else None


def outcome_permits_closing(ticket: "Ticket", evidence: Evidence) -> str | None:
    actor = evidence["actor"]
    if actor.department_id is not None and actor.department_id == ticket.holder_id:
        return "the handling department may not call back"
    return None if evidence.get("outcome_closes") else "this outcome does not close the ticket"


def outcome_demands_rework(ticket: "Ticket", evidence: Evidence) -> str | None:
    return None if evidence.get("outcome_reworks") else "this outcome does not ask for rework"


def no_third_rework_unsupervised(ticket: "Ticket", evidence: Evidence) -> str | None:
    """After two reworks the ticket is under special supervision, or a leader's instruction, first (B7)."""
    if evidence.get("reworks", 0) < MOST_REWORKS or ticket.kept_open_by:
        return None
    return "after two reworks special supervision (L3) comes first"


def three_attempts(ticket: "Ticket", evidence: Evidence) -> str | None:
    tried = evidence.get("attempts", 0) >= 3 or evidence.get("no_number")
    return None if tried else "three attempts come first"


def no_danger(ticket: "Ticket", evidence: Evidence) -> str | None:
    dangerous = ticket.urgency is Urgency.FLASH
    return "what endangers people is handled, whoever withdraws it" if dangerous else None


def still_known(ticket: "Ticket", evidence: Evidence) -> str | None:
    """What was anonymised tells a department neither whom it is about nor where."""
    known = ticket.anonymised_at is None
    return None if known else "nobody is known in it any more: register the matter anew"


def exceptional_ground_named(ticket: "Ticket", evidence: Evidence) -> str | None:
    named = evidence.get("exceptional_ground") and evidence.get("document")
    return None if named else "name the leader's instruction, or the finding of a court or an inspection"


def not_kept_open(ticket: "Ticket", evidence: Evidence) -> str | None:
    return "special supervision or a leader's instruction is still open" if ticket.stays_open else None


def nothing_open(ticket: "Ticket", evidence: Evidence) -> str | None:
    return "supervision, instruction or sweep still open" if evidence.get("still_open") else None


def no_pressure(ticket: "Ticket", evidence: Evidence) -> str | None:
    return (
        None
        if evidence.get("verified_without_pressure")
        else "a callback verifies that nobody pressed the citizen"
    )


def own_callback_done(ticket: "Ticket", evidence: Evidence) -> str | None:
    return None if evidence.get("own_callback") else "this citizen has not been called back"

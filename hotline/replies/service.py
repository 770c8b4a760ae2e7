"""What a department does with a ticket it has signed: speaks with the citizen, and replies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hotline.context import Context
from hotline.dispatch.holding import held
from hotline.dispatch.queries import current_parts
from hotline.evidence import service as evidence
from hotline.evidence.apart import Inspected
from hotline.evidence.models import Purpose
from hotline.people.actors import NotPermitted, Role
from hotline.replies import queries
from hotline.replies.causes import ASKED_OF, is_cause
from hotline.replies.models import Adoption, ContactRecord, ContactWay, Reply, ReplyQuantity, ReplyState
from hotline.replies.on_site import visit_missing
from hotline.replies.quantities import Quantity, checked
from hotline.tickets import rows
from hotline.tickets.states import TicketType


class ReplyRefused(ValueError):
    """The reply form is not complete; `field` names what is missing."""

    def __init__(self, missing: str, why: str) -> None:
        super().__init__(f"{missing}: {why}")
        self.field, self.why = missing, why


@dataclass(frozen=True)
class ReplyForm:
    """What a handler writes. `answers` holds an answer for each question of the citizen, by its id;
    `files` come with the reply, beside those that it has already."""

    public_text: str
    answers: Mapping[int, str] = field(default_factory=dict)
    claim_is_true: bool = True
    is_solved: bool = True
    unsolved_reason: str = ""
    internal_text: str = ""
    quantities: Sequence[Quantity] = ()
    files: Sequence[Inspected] = ()
    adoption: Adoption | None = None
    adoption_reason: str = ""
    cause: str = ""


def record_contact(context: Context, ticket_id: int, way: ContactWay, reached: bool, note: str = "") -> None:
    """The handler spoke with the citizen, or tried to."""
    with context.writing() as session:
        ticket = held(session, context, ticket_id, "record a contact", Role.HANDLER)
        actor = context.actor
        session.add(
            ContactRecord(
                ticket_id=ticket.id,
                department_id=ticket.holder_id,
                user_id=actor.user_id,
                at=context.now(),
                way=way,
                reached=reached,
                note=note.strip(),
            )
        )
        ticket.note("citizen_contacted", actor, context.now(), way=way, reached=reached)
        rows.announce(session, context, ticket, "contacted")


def write_reply(context: Context, ticket_id: int, form: ReplyForm) -> int:
    """The handler's reply, for the unit leader to approve. A draft that waits already is replaced.

    Raises `ReplyRefused`, `QuantityRefused`, and `FileRefused` as `hotline.evidence.service.attach`.
    """
    _check(form)
    lines = checked(form.quantities)
    with evidence.stored(context, form.files), context.writing() as session:
        ticket = held(session, context, ticket_id, "write a reply", Role.HANDLER)
        reply = queries.draft_reply(session, ticket_id) or Reply(ticket=ticket)
        reply.department_id, reply.drafted_by_id = ticket.holder_id, context.actor.user_id  # type: ignore[assignment]
        reply.drafted_at, reply.returned_at, reply.returned_by_id = context.now(), None, None
        reply.on_site_visit = any(
            visit.department_id == ticket.holder_id for visit in queries.visits_of(session, ticket.id)
        )
        reply.quantities = _kept(lines)
        for name in ("claim_is_true", "is_solved"):
            setattr(reply, name, getattr(form, name))
        for name in ("public_text", "internal_text", "unsolved_reason"):
            setattr(reply, name, getattr(form, name).strip())
        for question in ticket.questions:
            question.answer = form.answers.get(question.id, question.holders_answer).strip()
            question.answered_by_id = ticket.holder_id
        reply.adoption, reply.adoption_reason = _adopted(ticket.type, form)
        reply.cause = form.cause if ticket.type in ASKED_OF else ""
        session.add(reply)
        ticket.note("reply_written", context.actor, context.now())
        session.flush()
        evidence.record(session, context, ticket, form.files, Purpose.HANDLING, reply.id)
        rows.announce(session, context, ticket, "reply_written")
        return reply.id


def submit_reply(context: Context, ticket_id: int) -> None:
    """The unit leader approves the written reply (T27).

    Raises `GuardFailed` if the citizen was not contacted, a question is unanswered or an assist is open,
    `ReplyRefused` if somebody has to go there and nobody was, `NotPermitted` if the leader wrote it
    themselves (B13: nobody approves their own request).
    """
    with context.writing() as session:
        ticket = rows.get(session, ticket_id)
        draft = queries.draft_reply(session, ticket_id)
        reply = draft if draft is not None and draft.waits else None
        if reply is not None and reply.drafted_by_id == context.actor.user_id:
            raise NotPermitted(context.actor, "approve a reply of their own")
        lead, assists = current_parts(session, ticket_id)
        if reply is not None and (why := visit_missing(session, ticket, lead)):
            raise ReplyRefused(f"visit_{why}", "somebody of the department has to go there first")
        ticket.move(
            "submit_reply",
            context.actor,
            context.now(),
            reply_id=reply.id if reply else None,
            contact_recorded=queries.told_by(session, lead),
            open_assists=len(assists),
            unanswered=sum(1 for question in ticket.questions if not question.holders_answer.strip()),
        )
        assert reply is not None  # noqa: S101 (the guard has seen it)
        reply.state, reply.submitted_at = ReplyState.SUBMITTED, context.now()
        reply.submitted_by_id = context.actor.user_id
        rows.announce(session, context, ticket, "replied")


def send_back(context: Context, ticket_id: int, reason: str) -> None:
    """The unit leader gives the waiting reply back to its writer, and says what is wrong with it.

    The ticket stays in handling and its clock runs. Raises `ReplyRefused` without a reason and where nothing
    waits, `NotPermitted` for a reply of their own.
    """
    with context.writing() as session:
        ticket = held(session, context, ticket_id, "send a reply back", Role.UNIT_REVIEWER)
        reply = queries.draft_reply(session, ticket_id)
        if reply is None or not reply.waits:
            raise ReplyRefused("draft", "no reply waits")
        if reply.drafted_by_id == context.actor.user_id:
            raise NotPermitted(context.actor, "judge a reply of their own")
        if not reason.strip():
            raise ReplyRefused("return_reason", "say what is wrong")
        reply.returned_at, reply.returned_by_id = context.now(), context.actor.user_id
        reply.return_reason = reason.strip()
        ticket.note("reply_sent_back", context.actor, context.now(), reason.strip())
        rows.announce(session, context, ticket, "reply_sent_back")


def _kept(lines: Sequence[Quantity]) -> list[ReplyQuantity]:
    return [
        ReplyQuantity(position=at, what=line.what, hundredths=int(line.number * 100), unit=line.unit)
        for at, line in enumerate(lines, 1)
    ]


def _adopted(ticket_type: TicketType | None, form: ReplyForm) -> tuple[Adoption | None, str]:
    """A reply to a suggestion says whether it is taken up; where not wholly, also why. Of others nothing is
    kept."""
    if ticket_type is not TicketType.SUGGESTION:
        return None, ""
    if form.adoption is None:
        raise ReplyRefused("adoption", "say whether the suggestion is taken up")
    reason = form.adoption_reason.strip()
    if form.adoption is not Adoption.TAKEN and not reason:
        raise ReplyRefused("adoption_reason", "say why it is not taken up, or not wholly")
    return form.adoption, reason


def _check(form: ReplyForm) -> None:
    if not form.public_text.strip():
        raise ReplyRefused("public_text", "the answer to the citizen is empty")
    if not form.is_solved and not form.unsolved_reason.strip():
        raise ReplyRefused("unsolved_reason", "say why it is not solved")
    if form.cause and not is_cause(form.cause):
        raise ReplyRefused("cause", "choose a cause of the list")

"""One contact, several matters: a part of a registered ticket becomes a ticket of its own, linked to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.people.actors import SYSTEM, NotPermitted, Role
from hotline.screening.opening import kept_text, opened
from hotline.screening.queries import waiting_refusal
from hotline.tickets import rows
from hotline.tickets.lifecycle import GuardFailed, IllegalMove
from hotline.tickets.models import LinkKind, Question, Ticket, TicketLink
from hotline.tickets.service import MOST_QUESTIONS, DraftRefused
from hotline.tickets.states import State, TicketType

# What a part has in common with the matter that it was told with.
_SHARED = (
    "channel",
    "complainant_name",
    "complainant_phone",
    "complainant_kind",
    "confidentiality",
    "district",
    "street",
    "address",
    "occurred_at",
    "urgency",
    "received_at",
)


@dataclass(frozen=True)
class Part:
    """The other matter. `question_ids` are questions of the ticket that go with it, `demands` new ones."""

    description: str
    category_code: str
    type: TicketType
    question_ids: Sequence[int] = ()
    demands: Sequence[str] = ()


@dataclass(frozen=True)
class Receipt:
    """What the citizen is told of the new ticket."""

    number: str
    query_code: str


def may_split(context: Context, ticket: Ticket) -> bool:
    """Screeners, and the agent who registered it, while nobody has screened it."""
    actor = context.actor
    own = actor.has(Role.AGENT) and actor.user_id == ticket.registered_by_id
    return ticket.state is State.REGISTERED and (own or actor.has(Role.SCREENER))


def split(context: Context, ticket_id: int, part: Part) -> Receipt:
    """Make the part a registered ticket with its own number and query code; the rest keeps number and place.

    Both begin at the same moment for the citizen, and the history of both names the other. Raises
    `NotPermitted`, `IllegalMove`, and `GuardFailed` where something is missing in one of the two.
    """
    with context.writing() as session:
        ticket = opened(session, context, ticket_id, "split a ticket")
        _must_be_free(session, context, ticket)
        new = _part_of(ticket, part)
        session.add(new)
        with session.no_autoflush:  # a question on its way from one to the other is nobody's
            _share_questions(context, ticket, new, part)
            _register(session, context, ticket, new)
        session.flush()
        session.add(
            TicketLink(
                ticket_id=ticket.id,
                other_id=new.id,
                kind=LinkKind.SPLIT,
                at=context.now(),
                by_id=context.actor.user_id,
            )
        )
        ticket.note("split_into", context.actor, context.now(), other_number=new.number)
        new.note("split_from", context.actor, context.now(), other_number=ticket.number)
        rows.announce(session, context, ticket, "split")
        rows.announce(session, context, new, "registered")
        return Receipt(new.number or "", new.query_code or "")


def _must_be_free(session: Session, context: Context, ticket: Ticket) -> None:
    if ticket.state is not State.REGISTERED:
        raise IllegalMove(ticket.state, "split", context.actor)
    if not may_split(context, ticket):
        raise NotPermitted(context.actor, "split a ticket")
    if waiting_refusal(session, ticket.id) is not None:
        raise _missing(context, ticket, "a proposed refusal waits for its decision")


def _part_of(ticket: Ticket, part: Part) -> Ticket:
    shared = {name: getattr(ticket, name) for name in _SHARED}
    return Ticket(
        **shared,
        contact=ticket.contact,
        state=State.DRAFT,
        type=part.type,
        category_code=part.category_code or None,
        description=kept_text("description", part.description),
    )


def _share_questions(context: Context, ticket: Ticket, new: Ticket, part: Part) -> None:
    going = [question for question in ticket.questions if question.id in part.question_ids]
    if len(going) != len(set(part.question_ids)):
        raise DraftRefused("question_ids", "not questions of this ticket")
    if len(going) == len(ticket.questions):
        raise _missing(context, ticket, "the first ticket keeps a question of its own")
    texts = [text for demand in part.demands if (text := kept_text("demands", demand))]
    if len(going) + len(texts) > MOST_QUESTIONS:
        raise DraftRefused("demands", f"more than {MOST_QUESTIONS}")
    for question in going:
        ticket.questions.remove(question)
        new.questions.append(question)
    new.questions += [Question(text=text) for text in texts]
    for of in (ticket, new):
        for position, question in enumerate(of.questions, 1):
            question.position = position


def _register(session: Session, context: Context, ticket: Ticket, new: Ticket) -> None:
    """By the agent who splits; for a screener, who takes nothing in, by the system."""
    actor = context.actor if context.actor.has(Role.AGENT) else SYSTEM
    new.born(actor, context.now())
    new.move("submit", actor, context.now())
    rows.give_number(session, context, new)
    new.registered_at, new.registered_by_id = ticket.registered_at, ticket.registered_by_id


def _missing(context: Context, ticket: Ticket, what: str) -> GuardFailed:
    return GuardFailed(ticket.state, "split", context.actor, what)

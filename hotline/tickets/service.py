"""What may be done with a ticket at the desk: write the draft, register it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.people.actors import Role
from hotline.tickets import rows
from hotline.tickets.lifecycle import IllegalMove
from hotline.tickets.models import Question, Ticket
from hotline.tickets.states import ComplainantKind, Confidentiality, State, TicketType, Urgency

MOST_QUESTIONS = 20
LONGEST_TEXT = 8000


class DraftRefused(ValueError):
    """A field of the draft cannot be taken; `field` names it."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field, self.why = field, why


@dataclass(frozen=True)
class Draft:
    """What an agent writes down. None leaves a field as it is."""

    type: TicketType | None = None
    category_code: str | None = None
    district: str | None = None
    street: str | None = None
    address: str | None = None
    occurred_at: datetime | None = None
    description: str | None = None
    demands: Sequence[str] | None = None
    complainant_name: str | None = None
    complainant_phone: str | None = None
    complainant_kind: ComplainantKind | None = None
    confidentiality: Confidentiality | None = None
    respondent: str | None = None
    urgency: Urgency | None = None


def save_draft(context: Context, ticket_id: int, draft: Draft) -> int:
    """Write the fields that are given. Returns the ticket's new version.

    Raises `DraftRefused` for a field that does not fit, `IllegalMove` once the ticket is registered.
    """
    context.actor.must_have("write a draft", Role.AGENT)
    with context.writing() as session:
        ticket = rows.get(session, ticket_id)
        if ticket.state is not State.DRAFT:
            raise IllegalMove(ticket.state, "save_draft", context.actor)
        write_into(ticket, draft)
        session.flush()
        return ticket.version


def register(context: Context, ticket_id: int, draft: Draft | None = None) -> str:
    """Draft to registered (T02): number, query code, history. Returns the number.

    Raises `GuardFailed` naming the required fields that are still empty.
    """
    with context.writing() as session:
        ticket = rows.get(session, ticket_id)
        if draft is not None and ticket.state is State.DRAFT:
            with session.no_autoflush:  # its old questions are read, and all that is new is written once
                write_into(ticket, draft)
        return submit(session, context, ticket)


def submit(session: Session, context: Context, ticket: Ticket) -> str:
    """As `register`, within a transaction that does more."""
    line = ticket.move("submit", context.actor, context.now())
    if ticket.number is None:  # who writes on the web page has one already
        rows.give_number(session, context, ticket)
    ticket.registered_at, ticket.registered_by_id = line.at, context.actor.user_id
    if not ticket.complainant_phone:
        ticket.complainant_phone = ticket.contact.number
    rows.announce(session, context, ticket, "registered")
    assert ticket.number is not None  # noqa: S101 (given above)
    return ticket.number


def write_into(ticket: Ticket, draft: Draft) -> None:
    """The fields that are given. Raises `DraftRefused` for one that does not fit."""
    for field in fields(draft):
        value = getattr(draft, field.name)
        if value is None:
            continue
        if field.name == "demands":
            _set_questions(ticket, value)
        else:
            setattr(ticket, field.name, _checked(field.name, value))


def _checked(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    text = value.strip()
    column = Ticket.__table__.columns[name]
    longest = getattr(column.type, "length", None) or LONGEST_TEXT
    if len(text) > longest:
        raise DraftRefused(name, f"longer than {longest} characters")
    if "\x00" in text:
        raise DraftRefused(name, "contains a null character")
    if column.foreign_keys:
        return text or None
    return type(value)(text)


def _set_questions(ticket: Ticket, demands: Sequence[str]) -> None:
    texts = [text.strip() for text in demands if text.strip()]
    if len(texts) > MOST_QUESTIONS:
        raise DraftRefused("demands", f"more than {MOST_QUESTIONS}")
    for text in texts:
        if len(text) > LONGEST_TEXT or "\x00" in text:
            raise DraftRefused("demands", "too long, or contains a null character")
    ticket.questions = [Question(position=i, text=text) for i, text in enumerate(texts, 1)]

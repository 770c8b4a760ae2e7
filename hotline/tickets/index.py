"""The full-text index of tickets: one row a registered ticket, written wherever its words are.

The session tells us what it is about to commit, so no use case can forget it. Drafts are nobody's to find
yet. What is sealed leaves the index in the same transaction (rulebook B2, rule 4).
"""

from collections.abc import Iterable

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from hotline.text_index import TextIndex
from hotline.tickets.models import Question, Ticket
from hotline.tickets.states import Confidentiality

TICKETS = TextIndex("ticket_index")

_FIELDS = ("description", "district", "street", "address", "respondent")
_WATCHED: dict[type, tuple[str, ...]] = {
    Ticket: ("number", "confidentiality", "questions", *_FIELDS),
    Question: ("text", "answer"),
}


def words_of(ticket: Ticket) -> list[str]:
    """The texts by which a ticket is found, what the citizen said first."""
    texts = [getattr(ticket, field) for field in _FIELDS]
    for question in ticket.questions:
        texts += [question.text, question.answer]
    return [text for text in texts if text]


def is_findable(ticket: Ticket) -> bool:
    """Whether it has a place in the index."""
    return ticket.number is not None and ticket.confidentiality is not Confidentiality.SEALED


def renew(session: Session, ticket: Ticket) -> None:
    """Its words were changed past the session, which then tells nobody. Old ones stay in the index's files
    until `TICKETS.tidy`."""
    TICKETS.remove(session, [ticket.id])
    if is_findable(ticket):
        TICKETS.add(session, {ticket.id: "\n".join(words_of(ticket))})


@event.listens_for(Session, "after_flush")
def _keep_findable(session: Session, _flush: object) -> None:
    touched = list(_touched([*session.new, *session.dirty]))
    if not touched:
        return
    removed = TICKETS.remove(session, [ticket.id for ticket in touched])
    findable = [ticket for ticket in touched if is_findable(ticket)]
    TICKETS.add(session, {ticket.id: "\n".join(words_of(ticket)) for ticket in findable})
    if removed and len(findable) < len(touched):
        TICKETS.tidy(session)


def _touched(entities: Iterable[object]) -> set[Ticket]:
    """Registered tickets of which a word, or the right to be found, has changed."""
    found = set()
    for entity in entities:
        attributes = inspect(entity).attrs if type(entity) in _WATCHED else {}
        if any(attributes[name].history.has_changes() for name in _WATCHED.get(type(entity), ())):
            ticket = entity.ticket if isinstance(entity, Question) else entity
            if isinstance(ticket, Ticket) and ticket.number is not None:
                found.add(ticket)
    return found

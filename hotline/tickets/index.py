"""The full-text index of tickets: one row a registered ticket, written wherever its words are.

The session tells us what it is about to commit, so no use case can forget it. Drafts are nobody's to find
yet. What is sealed leaves the index in the same transaction (rulebook B2, rule 4).
"""

from collections.abc import Collection, Iterable

from sqlalchemy import event
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import get_history
from sqlalchemy.orm.base import PassiveFlag

from hotline.text_index import TextIndex
from hotline.tickets.models import Question, Ticket
from hotline.tickets.states import Confidentiality

TICKETS = TextIndex("ticket_index")
_AS_IS = PassiveFlag.PASSIVE_NO_INITIALIZE  # nothing is read to learn what has changed

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
    _index(session, [ticket])


@event.listens_for(Session, "after_flush")
def _keep_findable(session: Session, _flush: object) -> None:
    if _index(session, _touched([*session.new, *session.dirty])):
        TICKETS.tidy(session)


def _index(session: Session, tickets: Collection[Ticket]) -> int:
    """As their words are now. Returns how many had to leave."""
    findable = {ticket.id: "\n".join(words_of(ticket)) for ticket in tickets if is_findable(ticket)}
    TICKETS.add(session, findable)
    return TICKETS.remove(session, [ticket.id for ticket in tickets if ticket.id not in findable])


def _touched(entities: Iterable[object]) -> set[Ticket]:
    """Registered tickets of which a word, or the right to be found, has changed."""
    found = set()
    for entity in entities:
        watched = _WATCHED.get(type(entity), ())
        if any(get_history(entity, name, _AS_IS).has_changes() for name in watched):
            ticket = entity.ticket if isinstance(entity, Question) else entity
            if isinstance(ticket, Ticket) and ticket.number is not None:
                found.add(ticket)
    return found

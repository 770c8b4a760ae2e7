"""What was taken in, for its page."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from hotline.contacts.models import Arrival, Contact, MailLetter
from hotline.intake.models import WebMatter
from hotline.people.actors import Actor
from hotline.tickets.models import Ticket
from hotline.tickets.states import State

SHOWN = 50


def receipt_of(session: Session, actor: Actor, number: str) -> Ticket | None:
    """The ticket that this person wrote in and registered, or None: its query code is for its citizen."""
    query = select(Ticket).join(Ticket.contact).join(Contact.arrival).options(contains_eager(Ticket.contact))
    query = query.where(Ticket.number == number, Ticket.registered_by_id == actor.user_id)
    return session.scalar(query)


def drafts_of(session: Session, actor: Actor) -> Sequence[Ticket]:
    """Drafts that this person wrote in, the oldest first: their limit has not begun, and nobody sees them.

    Sealed ones too, or nobody would ever register them: of those a page shows no word.
    """
    query = select(Ticket).join(Arrival, Arrival.contact_id == Ticket.contact_id)
    query = query.where(Arrival.taken_by_id == actor.user_id, Ticket.state == State.DRAFT)
    return session.scalars(query.order_by(Ticket.id).limit(SHOWN)).all()


def written_on_the_web(session: Session) -> Sequence[Ticket]:
    """Drafts that citizens wrote, also by mail, and nobody has decided on, the oldest first.

    Sealed ones as in `drafts_of`.
    """
    query = undecided_web_drafts().options(
        joinedload(Ticket.contact).joinedload(Contact.letter).joinedload(MailLetter.answered)
    )
    return session.scalars(query.order_by(Ticket.id).limit(SHOWN)).all()


def undecided_web_drafts() -> Select[Ticket]:
    """The same, to be counted."""
    query = select(Ticket).join(WebMatter, WebMatter.contact_id == Ticket.contact_id)
    return query.where(WebMatter.aside_at.is_(None), Ticket.state == State.DRAFT)


def why_aside(session: Session, ticket: Ticket) -> str:
    """Why a draft that a citizen wrote was set aside; empty while it was not."""
    if ticket.state is not State.DRAFT:
        return ""
    query = select(WebMatter.aside_why).where(WebMatter.contact_id == ticket.contact_id)
    return session.scalar(query) or ""

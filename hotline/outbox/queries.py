"""Reads of letters that go out."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager

from hotline.contacts.models import Contact, MailLetter
from hotline.outbox.models import OutgoingMail
from hotline.outbox.rules import MailState, token_in
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality

SHOWN = 50


def answered_by(session: Session, message_ids: Sequence[str], sender: str) -> Sequence[OutgoingMail]:
    """Letters of ours that a letter of this sender answers: it names their Message-IDs, and they went there.

    In the order of the Message-IDs; only those of the first one's ticket. Nobody else knows a Message-ID of
    ours, and what a subject says is not asked.
    """
    tokens = [token for one in message_ids if (token := token_in(one))]
    if not tokens or not sender:
        return ()
    query = select(OutgoingMail).join(OutgoingMail.ticket).join(Ticket.contact).join(Contact.letter)
    query = query.where(OutgoingMail.token.in_(tokens), func.lower(MailLetter.sender) == sender.lower())
    found = sorted(session.scalars(query), key=lambda mail: tokens.index(mail.token))
    return [mail for mail in found if mail.ticket_id == found[0].ticket_id]


def given_up() -> Select[OutgoingMail]:
    """Letters that could not be sent and that nobody has looked at; none of sealed tickets."""
    query = select(OutgoingMail).join(OutgoingMail.ticket)
    return query.where(
        OutgoingMail.state == MailState.FAILED,
        OutgoingMail.seen_at.is_(None),
        Ticket.confidentiality != Confidentiality.SEALED,
    )


def failed(session: Session) -> Sequence[OutgoingMail]:
    """The same, the oldest first."""
    query = given_up().options(contains_eager(OutgoingMail.ticket))
    return session.scalars(query.order_by(OutgoingMail.id).limit(SHOWN)).all()

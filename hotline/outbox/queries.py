"""Reads of letters that go out."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager

from hotline.outbox.models import OutgoingMail
from hotline.outbox.rules import MailState
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality

SHOWN = 50


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

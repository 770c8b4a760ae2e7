"""Owing a citizen a letter, and what people do with one that could not be sent."""

import secrets

from sqlalchemy.orm import Session

from hotline.contacts.models import MailLetter
from hotline.context import Context
from hotline.outbox.models import OutgoingMail
from hotline.outbox.rules import Kind, MailState
from hotline.people.actors import Role
from hotline.tickets.models import Ticket
from hotline.tickets.states import Channel, Confidentiality

SEERS = (Role.AGENT, Role.SCREENER)
"""Who sees to letters that came in, and so to those that do not go out."""


class NotGivenUp(Exception):
    """The letter is not one that was given up, or somebody has seen to it."""


def owe(session: Session, context: Context, ticket: Ticket, kind: Kind) -> None:
    """Whoever wrote this matter by mail is told by mail; written in the caller's transaction.

    Nothing is owed where no mail goes out, the letter is not to be answered, or the matter is confidential:
    then its receipt is all that goes out.
    """
    if not context.settings.smtp_host or ticket.channel != Channel.MAIL:
        return
    if kind is not Kind.RECEIPT and ticket.confidentiality is not Confidentiality.NORMAL:
        return
    letter: MailLetter | None = ticket.contact.letter
    if letter is None or letter.no_answer is not None or not letter.sender:
        return
    now = context.now()
    session.add(OutgoingMail(ticket=ticket, kind=kind, token=secrets.token_hex(16), owed_at=now, due_at=now))


def send_again(context: Context, mail_id: int) -> None:
    """What was given up is tried anew: something was mended. Raises `NotGivenUp`."""
    with context.writing() as session:
        mail = _given_up(session, context, mail_id)
        mail.state, mail.tries, mail.due_at, mail.ended_at = MailState.WAITING, 0, context.now(), None


def failed_seen(context: Context, mail_id: int) -> None:
    """Somebody has told the citizen in another way, or nobody can. Raises `NotGivenUp`."""
    with context.writing() as session:
        mail = _given_up(session, context, mail_id)
        mail.seen_at, mail.seen_by_id = context.now(), context.actor.user_id


def _given_up(session: Session, context: Context, mail_id: int) -> OutgoingMail:
    context.actor.must_have("see to a letter that was not sent", *SEERS)
    mail = session.get(OutgoingMail, mail_id, with_for_update=True)
    sealed = mail is not None and mail.ticket.confidentiality is Confidentiality.SEALED
    if mail is None or sealed or mail.state is not MailState.FAILED or mail.seen_at is not None:
        raise NotGivenUp(f"letter {mail_id}")
    return mail

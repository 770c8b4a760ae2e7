"""The letter as it goes out (RFC 5322), of what the citizen's page tells at that moment."""

from dataclasses import replace
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.citizens.progress import Progress, Stage, progress_of
from hotline.contacts.models import MailLetter
from hotline.context import Context
from hotline.outbox.models import OutgoingMail
from hotline.outbox.rules import Kind, NothingToTell, Reason, is_mailable
from hotline.outbox.wording import Facts, written
from hotline.screening.rules import OBJECTION_DAYS
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, State

_RATED_IN = (State.CALLBACK, State.MERGED)
_TOLD_IN = {
    Kind.QUESTION: (Stage.QUESTION,),
    Kind.REFUSAL: (Stage.NOT_ACCEPTED,),
    Kind.ANSWER: (Stage.REPLIED, Stage.CLOSED),
}


def composed(session: Session, context: Context, mail: OutgoingMail) -> EmailMessage:
    """The letter, in plain text. Raises `NothingToTell`.

    It names nothing of what the citizen wrote, not even their subject. It says that no person sent it, so
    that other programs do not answer (RFC 3834), and which letter it answers, so that it stands below it.
    """
    letter = mail.ticket.contact.letter
    if letter is None or not is_mailable(letter.sender):
        raise NothingToTell(Reason.ERASED)
    facts = _facts(session, context, mail)
    rates = mail.kind is Kind.ANSWER and mail.ticket.state in _RATED_IN
    subject, text = written(mail.kind, letter.tongue, facts, rates)
    message = _addressed(context, mail, letter)
    message["Subject"] = subject
    message.set_content(text, charset="utf-8", cte="base64")
    return message


def _addressed(context: Context, mail: OutgoingMail, letter: MailLetter) -> EmailMessage:
    sender = context.settings.smtp_sender
    message = EmailMessage(policy=SMTP)
    name = f"{_on_a_line(context.settings.city)} {context.settings.hotline_number}"
    message["From"] = Address(name, addr_spec=sender)
    message["To"] = Address(addr_spec=letter.sender)
    message["Date"] = format_datetime(context.now())
    message["Message-ID"] = f"<{mail.token}@{sender.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-replied" if mail.kind is Kind.RECEIPT else "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["Content-Language"] = letter.tongue
    if letter.message_id:
        message["In-Reply-To"] = message["References"] = letter.message_id
    return message


def _on_a_line(text: str) -> str:
    return " ".join(text.split())


def _facts(session: Session, context: Context, mail: OutgoingMail) -> Facts:
    ticket, settings = mail.ticket, context.settings
    page = f"{settings.public_url}/progress/" if settings.public_url else ""
    facts = Facts(ticket.number or "", settings.hotline_number, _on_a_line(settings.city), page)
    if mail.kind is Kind.RECEIPT:
        if not ticket.query_code:
            raise NothingToTell(Reason.ERASED)
        return replace(facts, code=ticket.query_code)
    if ticket.confidentiality is not Confidentiality.NORMAL:
        raise NothingToTell(Reason.CONFIDENTIAL)
    text = _text(session, mail, progress_of(session, ticket))
    until = _answer_by(context, ticket) if mail.kind is Kind.QUESTION else ""
    return replace(facts, text=text, until=until, days=OBJECTION_DAYS)


def _text(session: Session, mail: OutgoingMail, progress: Progress) -> str:
    """What there is to tell now; of several letters that waited the last tells it."""
    text = progress.question if mail.kind is Kind.QUESTION else progress.reply
    later = select(OutgoingMail.id).where(
        OutgoingMail.ticket_id == mail.ticket_id,
        OutgoingMail.kind == mail.kind,
        OutgoingMail.id > mail.id,
    )
    if not text or progress.stage not in _TOLD_IN[mail.kind] or session.scalar(later.limit(1)):
        raise NothingToTell(Reason.OVERTAKEN)
    return text


def _answer_by(context: Context, ticket: Ticket) -> str:
    """The last day on which the citizen may answer, on the city's calendar."""
    told = [line.changes.get("answer_by") for line in ticket.history if line.changes]
    moment = datetime.fromisoformat(next(one for one in reversed(told) if one))
    last = moment.astimezone(context.settings.zone) - timedelta(seconds=1)  # limits end at midnight
    return last.date().isoformat()

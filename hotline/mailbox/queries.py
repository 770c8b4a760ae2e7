"""Reads of letters and of how the mailbox fares."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.config import Settings
from hotline.contacts.models import MailLetter
from hotline.mailbox.models import MailboxState

SHOWN = 50


def name_of(settings: Settings) -> str:
    """What the mailbox of the settings is kept under."""
    return f"{settings.mailbox_user} at {settings.mailbox_host}, {settings.mailbox_folder}"[:400]


def failing(session: Session, settings: Settings) -> MailboxState | None:
    """The mailbox, if there is one and it does not answer."""
    if not settings.mailbox_host:
        return None
    query = select(MailboxState).where(
        MailboxState.name == name_of(settings), MailboxState.failing_since.is_not(None)
    )
    return session.scalar(query)


def set_aside(session: Session) -> Sequence[MailLetter]:
    """Letters of which no draft could be made and that nobody has looked at, the oldest first."""
    query = select(MailLetter).where(MailLetter.fault.is_not(None), MailLetter.seen_at.is_(None))
    return session.scalars(query.order_by(MailLetter.id).limit(SHOWN)).all()

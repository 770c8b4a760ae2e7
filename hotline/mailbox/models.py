"""How far a mailbox has been read."""

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from hotline.database import Base, UtcDateTime
from hotline.mailbox.rules import Reason


class MailboxState(Base):
    """One mailbox, by server, user and folder. `uid_validity` and `last_uid` are IMAP's: what has been read.

    `due_at` is when it is asked next; whoever moves it on asks. `failing_since` is there while it does not
    answer.
    """

    __tablename__ = "mailbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(400), unique=True)
    uid_validity: Mapped[int | None] = mapped_column(BigInteger)  # 32 bits without a sign
    last_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[Reason | None] = mapped_column()

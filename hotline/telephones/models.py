"""Which SIP accounts are in force."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hotline.calls.ports import PhoneKind
from hotline.database import Base, UtcDateTime

LONGEST_EXTENSION = 10
LONGEST_PAGE = 36


class PhoneAccount(Base):
    """The account of one telephone of a seat, as it was last given out or taken away.

    The password is derived from `serial` and this installation's secret, so no table holds it. A desk phone
    without a row has the account that the seat was born with (an empty serial); a browser phone has none.
    """

    __tablename__ = "phone_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    extension: Mapped[str] = mapped_column(String(LONGEST_EXTENSION))
    kind: Mapped[PhoneKind] = mapped_column()
    serial: Mapped[str] = mapped_column(String(32))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    barred_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when a supervisor has logged the seat out: no other account before its agent signs in anew."""
    page: Mapped[str | None] = mapped_column(String(LONGEST_PAGE))
    """The page that has the browser phone, by the name that it gave itself."""
    page_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When that page last asked for the account, as every page does before each registration."""

    __table_args__ = (UniqueConstraint("extension", "kind", name="uq_phone_account_extension_kind"),)

    def in_force(self, now: datetime) -> bool:
        """Whether a telephone may register with it."""
        return self.ended_at is None and (self.expires_at is None or self.expires_at > now)

"""How often was guessed."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from hotline.database import Base, UtcDateTime


class GuessCount(Base):
    """Wrong pairs of number and code from one address, or for one number, within a window.

    `key` is a keyed hash: neither address nor number is kept.
    """

    __tablename__ = "guess_count"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    count: Mapped[int] = mapped_column(default=0)

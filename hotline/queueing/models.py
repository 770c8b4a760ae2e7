"""What agents can do beyond the general line."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base
from hotline.people.models import User


class Skill(Base):
    """A line of its own: a language or dialect, a district, the enterprise desk, the elderly line.

    After `overflow_seconds` its callers wait with everybody; None keeps them among those who have the skill.
    `head_start_seconds` is how much earlier than they came its callers are counted.
    """

    __tablename__ = "skill"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name_zh: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(60))
    overflow_seconds: Mapped[int | None] = mapped_column()
    head_start_seconds: Mapped[int] = mapped_column(default=0)
    wrap_up_seconds: Mapped[int | None] = mapped_column()
    """After a call of this line; None: as the settings say."""


class UserSkill(Base):
    """An agent has a skill; the best of level 1 is asked before those of level 2."""

    __tablename__ = "user_skill"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), primary_key=True)
    level: Mapped[int] = mapped_column(default=1)

    user: Mapped[User] = relationship()
    skill: Mapped[Skill] = relationship()

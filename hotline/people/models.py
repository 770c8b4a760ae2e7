"""Departments and users."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
from hotline.people.actors import Actor, Role


class Department(Base):
    """A handling unit (承办单位), or the hotline itself (`is_hotline`)."""

    __tablename__ = "department"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name_zh: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(30), default="")
    is_hotline: Mapped[bool] = mapped_column(default=False)

    users: Mapped[list["User"]] = relationship(back_populates="department")

    @property
    def can_lead(self) -> bool:
        """One leader and one handler at least (rulebook B13, [S 004-55])."""
        held = {role for user in self.users if user.is_active for role in user.role_set}
        return {Role.HANDLER, Role.UNIT_REVIEWER} <= held


class User(Base):
    """A person who logs in. `extension` is their seat's telephone, if they have one."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(60), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    display_name: Mapped[str] = mapped_column(String(60))
    roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    extension: Mapped[str | None] = mapped_column(String(10), unique=True)
    language: Mapped[str | None] = mapped_column(String(5))
    is_active: Mapped[bool] = mapped_column(default=True)
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    department: Mapped[Department] = relationship(back_populates="users")

    @property
    def role_set(self) -> frozenset[Role]:
        """The user's roles."""
        return frozenset(Role(role) for role in self.roles)

    def actor(self) -> Actor:
        """This user in the moment of acting."""
        unit = self.department
        return Actor(self.id, self.display_name, self.role_set, self.department_id, unit.name_zh, unit.code)

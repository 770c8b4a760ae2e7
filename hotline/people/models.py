"""Departments, users and what lets them in."""

from datetime import datetime
from enum import StrEnum

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
    responsible: Mapped[str] = mapped_column(String(60), default="")
    """Who answers for what the department does (责任人), named beforehand: often has no account here."""
    contact: Mapped[str] = mapped_column(String(60), default="")
    """Whom to ask there, at `phone` (联系人)."""
    is_hotline: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)

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
    must_change_password: Mapped[bool] = mapped_column(default=False)
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    factor_secret: Mapped[str | None] = mapped_column(String(200))
    """The second factor's secret, sealed (`hotline.people.secrecy`)."""
    factor_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    factor_last_step: Mapped[int] = mapped_column(default=0)
    """The newest step of 30 s whose code was taken: no code counts twice."""

    department: Mapped[Department] = relationship(back_populates="users")

    @property
    def role_set(self) -> frozenset[Role]:
        """The user's roles."""
        return frozenset(Role(role) for role in self.roles)

    @property
    def has_second_factor(self) -> bool:
        """Whether a code is asked for after the password."""
        return self.factor_confirmed_at is not None

    def actor(self) -> Actor:
        """This user in the moment of acting."""
        unit = self.department
        return Actor(self.id, self.display_name, self.role_set, self.department_id, unit.name_zh, unit.code)


class SignInKind(StrEnum):
    """What somebody signed in with. A token of one kind opens nothing of the other."""

    BROWSER = "browser"
    HEADSET = "headset"


class SignInEnd(StrEnum):
    """Why a sign-in is over."""

    SIGNED_OUT = "signed_out"
    ELSEWHERE = "elsewhere"  # ended by its user at another place
    IDLE = "idle"
    TOO_OLD = "too_old"
    PASSWORD = "password"  # noqa: S105 - the password was changed or reset
    DEACTIVATED = "deactivated"


class SignIn(Base):
    """A user who is signed in at one place, by a token of which a digest is kept; on all our machines."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    kind: Mapped[SignInKind] = mapped_column()
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When somebody last did something there, to the minute."""
    address: Mapped[str] = mapped_column(String(45), default="")
    program: Mapped[str] = mapped_column(String(200), default="")
    """As the browser names itself."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end: Mapped[SignInEnd | None] = mapped_column()

    user: Mapped[User] = relationship()


class RecoveryCode(Base):
    """One of ten codes that each stand in for the second factor once. The code itself is nowhere kept."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

"""What may be done with users: make them, log in, choose a language."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from hotline.context import Context
from hotline.people.actors import Role
from hotline.people.models import Department, User
from hotline.people.rules import hash_password, password_matches

FAILED_LOGINS_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=15)

# Checked against when the user is unknown, so that an unknown name takes as long as a wrong password.
_NOBODY = hash_password("nobody has this password")


class LoginRefused(Exception):
    """Wrong name or password; which of the two is not said."""


class AccountLocked(LoginRefused):
    """Too many wrong passwords; try again after `LOCKED_FOR`."""


@dataclass(frozen=True)
class NewUser:
    """What is needed to make a user."""

    username: str
    password: str
    display_name: str
    roles: frozenset[Role]
    department_code: str
    extension: str | None = None


def ensure_department(context: Context, code: str, name_zh: str, name_en: str, **fields: object) -> int:
    """Make the department, or return the one with this code. Returns its id."""
    with context.writing() as session:
        department = session.scalar(select(Department).where(Department.code == code))
        if department is None:
            department = Department(code=code, name_zh=name_zh, name_en=name_en, **fields)
            session.add(department)
            session.flush()
        return department.id


def ensure_user(context: Context, new: NewUser) -> int:
    """Make the user, or return the one with this name, unchanged. Returns the id."""
    with context.writing() as session:
        user = session.scalar(select(User).where(User.username == new.username))
        if user is None:
            department = session.scalars(
                select(Department).where(Department.code == new.department_code)
            ).one()
            user = User(
                username=new.username,
                password_hash=hash_password(new.password),
                display_name=new.display_name,
                roles=sorted(new.roles),
                department=department,
                extension=new.extension,
            )
            session.add(user)
            session.flush()
        return user.id


def log_in(context: Context, username: str, password: str) -> int:
    """The user's id. Raises `LoginRefused`, or `AccountLocked` after five wrong passwords in a row."""
    refusal: LoginRefused | None = None
    with context.writing() as session:
        # Locked until the end: guesses made at once are counted one by one.
        query = select(User).where(User.username == username, User.is_active).with_for_update()
        user = session.scalar(query)
        matches = password_matches(user.password_hash if user else _NOBODY, password)
        now = context.now()
        if user is None:
            refusal = LoginRefused()
        elif user.locked_until_at and user.locked_until_at > now:
            refusal = AccountLocked()
        elif matches:
            user.failed_logins, user.locked_until_at, user.last_login_at = 0, None, now
            return user.id
        else:
            user.failed_logins += 1
            if user.failed_logins >= FAILED_LOGINS_ALLOWED:
                user.failed_logins, user.locked_until_at = 0, now + LOCKED_FOR
            refusal = LoginRefused()
    raise refusal


def choose_language(context: Context, user_id: int, language: str) -> None:
    """Keep the language of a user's pages ("zh" or "en")."""
    if language not in ("zh", "en"):
        raise ValueError("language is zh or en")
    with context.writing() as session:
        session.get_one(User, user_id).language = language

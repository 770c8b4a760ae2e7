"""What may be done with users: make them, log in, choose a language."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from hotline.context import Context
from hotline.people.actors import Role
from hotline.people.faults import Obstacle, PeopleRefused
from hotline.people.models import Department, SignInEnd, User
from hotline.people.rules import WeakPassword, hash_password, password_matches
from hotline.people.sign_ins import end_all

FAILED_LOGINS_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=15)

NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$4HjWDjAe7oFOhoON9oYM+A$JM99Dg/UN6YEjImVmn2PA5n3fRWc8R5E5aYzQZEX6oY"
"""Hash of a password that nobody knows, for users who are unknown: their name takes as long as a wrong
password. Written down, because to make one takes a fifth of a second in every process that starts."""


class LoginRefused(Exception):
    """Wrong name or password; which of the two is not said."""


class AccountLocked(LoginRefused):
    """Too many wrong passwords or codes; try again after `LOCKED_FOR`."""


class PasswordsOff(LoginRefused):
    """The password is right, but only administrators sign in by one here."""


class CodeNeeded(LoginRefused):
    """The password is right, and this user has a second factor."""

    def __init__(self, user_id: int) -> None:
        super().__init__()
        self.user_id = user_id


@dataclass(frozen=True)
class NewUser:
    """What is needed to make a user; the password as `hash_password` keeps it."""

    username: str
    password_hash: str
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
                password_hash=new.password_hash,
                display_name=new.display_name,
                roles=sorted(new.roles),
                department=department,
                extension=new.extension,
            )
            session.add(user)
            session.flush()
        return user.id


def log_in(context: Context, username: str, password: str) -> int:
    """The user's id. Raises `LoginRefused`, `AccountLocked` after five wrong passwords in a row, or
    `CodeNeeded`, after which `second_factor.prove` completes the sign-in."""
    refusal: LoginRefused
    with context.writing() as session:
        # Locked until the end: guesses made at once are counted one by one.
        query = select(User).where(User.username == username, User.is_active).with_for_update()
        user = session.scalar(query)
        matches = password_matches(user.password_hash if user else NOBODY, password)
        if user is None:
            raise LoginRefused
        must_not_be_locked(context, user)
        if matches and not _may_use_password(context, user):
            raise PasswordsOff
        if matches and not user.has_second_factor:
            let_in(context, user)
            return user.id
        if matches:
            refusal = CodeNeeded(user.id)
        else:
            count_failure(context, user)
            refusal = LoginRefused()
    raise refusal


def _may_use_password(context: Context, user: User) -> bool:
    """An administrator always may: somebody has to come in while the provider is away."""
    return context.settings.local_passwords or Role.ADMINISTRATOR in user.role_set


def must_not_be_locked(context: Context, user: User) -> None:
    """Raises `AccountLocked` while wrong passwords or codes keep this user out."""
    if user.locked_until_at and user.locked_until_at > context.now():
        raise AccountLocked


def count_failure(context: Context, user: User) -> None:
    """A wrong password or code; the fifth in a row locks the account for a while."""
    user.failed_logins += 1
    if user.failed_logins >= FAILED_LOGINS_ALLOWED:
        user.failed_logins, user.locked_until_at = 0, context.now() + LOCKED_FOR


def let_in(context: Context, user: User) -> None:
    """All that was asked for is proven."""
    user.failed_logins, user.locked_until_at, user.last_login_at = 0, None, context.now()


def change_password(context: Context, old: str, new: str, here: int | None = None) -> None:
    """Whoever acts chooses another password, and is signed out everywhere but at the sign-in `here`. A wrong
    old password counts as at sign-in.

    Raises `PeopleRefused`, `AccountLocked`.
    """
    with context.writing() as session:
        user = session.get_one(User, context.actor.user_id, with_for_update=True)
        must_not_be_locked(context, user)
        if password_matches(user.password_hash, old):
            if new == old:
                raise PeopleRefused(Obstacle.SAME_PASSWORD, "new")
            try:
                user.password_hash = hash_password(new)
            except WeakPassword:
                raise PeopleRefused(Obstacle.WEAK_PASSWORD, "new") from None
            user.must_change_password, user.failed_logins = False, 0
            end_all(session, context, user.id, SignInEnd.PASSWORD, here)
            return
        count_failure(context, user)
    raise PeopleRefused(Obstacle.WRONG_PASSWORD, "old")


def choose_language(context: Context, user_id: int, language: str) -> None:
    """Keep the language of a user's pages ("zh" or "en")."""
    if language not in ("zh", "en"):
        raise ValueError("language is zh or en")
    with context.writing() as session:
        session.get_one(User, user_id).language = language

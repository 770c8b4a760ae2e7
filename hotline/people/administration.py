"""What an administrator does to users. Each act stands in the audit log, in the transaction of the act."""

import hashlib
import re
import secrets
from collections.abc import Set
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.monitoring.audit import note
from hotline.monitoring.models import Deed
from hotline.people.actors import Role
from hotline.people.faults import Obstacle, PeopleRefused
from hotline.people.models import Department, SignInEnd, User
from hotline.people.rules import hash_generated_password
from hotline.people.separation import clashes
from hotline.people.sign_ins import end_all

LONGEST_NAME = 60
LONGEST_REASON = 200
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,59}", re.ASCII)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another one


@dataclass(frozen=True)
class PersonForm:
    """What an administrator says of a user."""

    username: str
    display_name: str
    department_code: str
    roles: frozenset[Role]


@dataclass(frozen=True)
class FirstPassword:
    """A password that lets a user in once, to choose another. Told to the administrator and kept nowhere."""

    user_id: int
    username: str
    password: str = field(repr=False)


def create_user(context: Context, form: PersonForm) -> FirstPassword:
    """A new user with a first password. Raises `PeopleRefused`."""
    _must_be_administrator(context)
    with context.writing() as session:
        return add_user(session, context, form)


def add_user(session: Session, context: Context, form: PersonForm, details: str = "") -> FirstPassword:
    """As `create_user`, in the caller's transaction."""
    username = checked_username(session, form.username)
    department = open_department(session, form.department_code)
    check_person(form.display_name, form.roles, department)
    password = _new_password()
    user = User(
        username=username,
        password_hash=hash_generated_password(password),
        display_name=form.display_name.strip(),
        roles=sorted(form.roles),
        department=department,
        must_change_password=True,
    )
    session.add(user)
    session.flush()
    note(session, context, Deed.CREATE_USER, whom=user, reason=username, details=details or department.code)
    for role in sorted(form.roles):
        note(session, context, Deed.GRANT_ROLE, whom=user, details=role)
    return FirstPassword(user.id, username, password)


def edit_user(context: Context, user_id: int, form: PersonForm, seen: str, aware: bool = False) -> None:
    """Another name, department or roles; `seen` is the `fingerprint` of what the administrator saw.

    Raises `PeopleRefused`, also if a department could no longer lead and the administrator is not `aware`.
    """
    _must_be_administrator(context)
    with context.writing() as session:
        user = _locked(session, user_id)
        unit, could_lead = user.department, user.department.can_lead
        if seen != fingerprint(user):
            raise PeopleRefused(Obstacle.STALE)
        department = open_department(session, form.department_code)
        check_person(form.display_name, form.roles, department)
        if user.id == context.actor.user_id and Role.ADMINISTRATOR not in form.roles:
            raise PeopleRefused(Obstacle.ONESELF, "roles")
        _rename(session, context, user, form.display_name.strip())
        _move(session, context, user, department)
        _give(session, context, user, form.roles)
        _must_still_lead(session, unit, could_lead, aware)


def deactivate_user(context: Context, user_id: int, reason: str, aware: bool = False) -> None:
    """They are out at once and do not come in again. Raises `PeopleRefused` as `edit_user`."""
    _must_be_administrator(context)
    words = _reasoned(reason)
    must_be_another(context, user_id)
    with context.writing() as session:
        user = _locked(session, user_id)
        could_lead = user.department.can_lead
        if user.is_active:
            user.is_active = False
            note(session, context, Deed.DEACTIVATE_USER, whom=user, reason=words)
            end_all(session, context, user.id, SignInEnd.DEACTIVATED)
            _must_still_lead(session, user.department, could_lead, aware)


def reactivate_user(context: Context, user_id: int, reason: str) -> FirstPassword:
    """They may come in again, by a first password. Raises `PeopleRefused`."""
    _must_be_administrator(context)
    words = _reasoned(reason)
    with context.writing() as session:
        user = _locked(session, user_id)
        check_person(user.display_name, user.role_set, user.department)
        if not user.department.is_active:
            raise PeopleRefused(Obstacle.NO_DEPARTMENT, about=user.department.name_zh)
        user.is_active = True
        note(session, context, Deed.REACTIVATE_USER, whom=user, reason=words)
        return _with_first_password(user)


def reset_password(context: Context, user_id: int, reason: str) -> FirstPassword:
    """A first password in place of one that was forgotten or became known. Raises `PeopleRefused`."""
    context.actor.must_have("reset a password", Role.ADMINISTRATOR, Role.SYSTEM)
    words = _reasoned(reason)
    must_be_another(context, user_id)
    with context.writing() as session:
        user = _locked(session, user_id)
        note(session, context, Deed.RESET_PASSWORD, whom=user, reason=words)
        end_all(session, context, user.id, SignInEnd.PASSWORD)
        return _with_first_password(user)


def must_be_another(context: Context, user_id: int) -> None:
    """Raises `PeopleRefused` for one's own: whoever finds an administrator's page open gets no further."""
    if user_id == context.actor.user_id:
        raise PeopleRefused(Obstacle.ONESELF)


def fingerprint(user: User) -> str:
    """Of what an administrator sees and may change: another one after every change."""
    facts = (user.display_name, user.department_id, *sorted(user.roles))
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def checked_username(session: Session, text: str) -> str:
    """The name in small letters. Raises `PeopleRefused` where it is none, or somebody's."""
    username = text.strip().lower()
    if not _USERNAME.fullmatch(username):
        raise PeopleRefused(Obstacle.BAD_USERNAME, "username")
    if session.scalar(select(User.id).where(func.lower(User.username) == username)):
        raise PeopleRefused(Obstacle.USERNAME_TAKEN, "username", username)
    return username


def _must_be_administrator(context: Context) -> None:
    context.actor.must_have("change people", Role.ADMINISTRATOR, Role.SYSTEM)


def _locked(session: Session, user_id: int) -> User:
    return session.get_one(User, user_id, with_for_update=True)


def open_department(session: Session, code: str) -> Department:
    """The department of this code. Raises `PeopleRefused` where there is none, or it is closed."""
    found = session.scalar(select(Department).where(Department.code == code, Department.is_active))
    if found is None:
        raise PeopleRefused(Obstacle.NO_DEPARTMENT, "department")
    return found


def check_person(display_name: str, roles: Set[Role], department: Department) -> None:
    """Raises `PeopleRefused` for a name that is none, and for roles that no one person may hold."""
    check_name(display_name)
    check_roles(roles, department)


def check_name(display_name: str) -> None:
    """Raises `PeopleRefused` for a name that is none."""
    if not display_name.strip():
        raise PeopleRefused(Obstacle.NO_NAME, "display_name")
    if len(display_name.strip()) > LONGEST_NAME:
        raise PeopleRefused(Obstacle.TOO_LONG, "display_name")


def check_roles(roles: Set[Role], department: Department) -> None:
    """Raises `PeopleRefused` for roles that no one person of this department may hold."""
    if found := clashes(roles, department.is_hotline):
        raise PeopleRefused(found[0].clash, "roles", clash=found[0])


def _reasoned(reason: str) -> str:
    words = reason.strip()
    if not words:
        raise PeopleRefused(Obstacle.NO_REASON, "reason")
    if len(words) > LONGEST_REASON:
        raise PeopleRefused(Obstacle.TOO_LONG, "reason")
    return words


def _must_still_lead(session: Session, unit: Department, could: bool, aware: bool) -> None:
    """Raises `PeopleRefused` if the department could lead and has now no leader or no handler any more."""
    session.flush()
    session.expire(unit, ["users"])
    if could and not unit.can_lead and not aware:
        raise PeopleRefused(Obstacle.LOSES_LEAD, "aware", unit.name_zh)


def _rename(session: Session, context: Context, user: User, name: str) -> None:
    if name != user.display_name:
        before, user.display_name = user.display_name, name
        note(session, context, Deed.RENAME_USER, whom=user, reason=f"{before} → {name}")


def _move(session: Session, context: Context, user: User, department: Department) -> None:
    if department is not user.department:
        reason = f"{user.department.code} → {department.code}"
        user.department = department
        note(session, context, Deed.MOVE_USER, whom=user, reason=reason)


def _give(session: Session, context: Context, user: User, roles: Set[Role]) -> None:
    before = user.role_set
    for deed, changed in ((Deed.GRANT_ROLE, roles - before), (Deed.WITHDRAW_ROLE, before - roles)):
        for role in sorted(changed):
            note(session, context, deed, whom=user, details=role)
    if before != roles:
        user.roles = sorted(roles)


def _with_first_password(user: User) -> FirstPassword:
    password = _new_password()
    user.password_hash, user.must_change_password = hash_generated_password(password), True
    user.failed_logins, user.locked_until_at = 0, None
    return FirstPassword(user.id, user.username, password)


def _new_password() -> str:
    """Twelve letters and digits in fours: 59 bits, and nothing that is read as something else."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))

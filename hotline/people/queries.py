"""Reads about people."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from hotline.people.actors import Role
from hotline.people.models import Department, User

SHOWN = 300
_PLAIN = str.maketrans({sign: f"\\{sign}" for sign in "%_\\"})


def user_by_id(session: Session, user_id: int) -> User | None:
    """An active user with their department, or None."""
    query = select(User).options(joinedload(User.department)).where(User.id == user_id, User.is_active)
    return session.scalar(query)


def user_by_name(session: Session, username: str) -> User | None:
    """An active user with their department, or None."""
    query = select(User).options(joinedload(User.department)).where(User.username == username, User.is_active)
    return session.scalar(query)


def seats(session: Session) -> list[str]:
    """Extensions of all active users that have a telephone, in order."""
    query = select(User.extension).where(User.extension.is_not(None), User.is_active).order_by(User.extension)
    return [extension for extension in session.scalars(query) if extension]


def users_with_seats(session: Session) -> list[tuple[str, str]]:
    """Extension and name of every active user that has a telephone, by extension."""
    query = select(User.extension, User.username).where(User.extension.is_not(None), User.is_active)
    return [(str(extension), name) for extension, name in session.execute(query.order_by(User.extension))]


def departments(session: Session) -> list[Department]:
    """Every handling unit that is open, by code; the hotline itself is not among them."""
    query = select(Department).where(~Department.is_hotline, Department.is_active)
    return list(session.scalars(query.order_by(Department.code)))


def all_departments(session: Session) -> list[Department]:
    """The hotline first, then every department, also closed ones, each with its people."""
    query = select(Department).options(selectinload(Department.users))
    return list(session.scalars(query.order_by(Department.is_hotline.desc(), Department.code)))


def all_names(session: Session) -> dict[str, str]:
    """English names of every department that has one, by their Chinese names."""
    query = select(Department.name_zh, Department.name_en).where(Department.name_en != "")
    return {row[0]: row[1] for row in session.execute(query)}


def administrators(session: Session) -> list[str]:
    """Names of those who make accounts and give roles, by name."""
    query = select(User).where(User.is_active).order_by(User.display_name)
    return [user.display_name for user in session.scalars(query) if Role.ADMINISTRATOR in user.roles]


def people(
    session: Session, words: str = "", department_id: int | None = None, also_gone: bool = False
) -> list[User]:
    """At most `SHOWN` users by department and name: those whose names hold the words, of one department."""
    query = select(User).join(User.department).options(contains_eager(User.department))
    if words:
        part = f"%{words.translate(_PLAIN)}%"
        query = query.where(
            func.lower(User.username).like(part.lower(), escape="\\")
            | User.display_name.like(part, escape="\\")
        )
    if department_id is not None:
        query = query.where(User.department_id == department_id)
    if not also_gone:
        query = query.where(User.is_active)
    ordered = query.order_by(Department.is_hotline.desc(), Department.code, User.username)
    return list(session.scalars(ordered.limit(SHOWN)))


def person(session: Session, user_id: int) -> User | None:
    """A user, also one who is deactivated, with their department."""
    return session.scalar(select(User).options(joinedload(User.department)).where(User.id == user_id))


def is_anybody_there(session: Session) -> bool:
    """Whether there is a user at all."""
    return session.scalar(select(User.id).limit(1)) is not None


def agents(session: Session) -> list[User]:
    """Active users that have a telephone, by extension."""
    query = select(User).where(User.extension.is_not(None), User.is_active).order_by(User.extension)
    return list(session.scalars(query))

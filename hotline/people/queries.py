"""Reads about people."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from hotline.people.models import Department, User


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
    """Every handling unit, by code; the hotline itself is not among them."""
    return list(session.scalars(select(Department).where(~Department.is_hotline).order_by(Department.code)))


def agents(session: Session) -> list[User]:
    """Active users that have a telephone, by extension."""
    query = select(User).where(User.extension.is_not(None), User.is_active).order_by(User.extension)
    return list(session.scalars(query))

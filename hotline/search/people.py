"""The search in departments and in the people of the house."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from hotline.people.actors import Actor
from hotline.people.models import Department, User
from hotline.tickets.privacy import HOTLINE_ROLES

MOST = 20


@dataclass(frozen=True)
class People:
    """Departments, and colleagues for those of the hotline."""

    departments: Sequence[Department]
    users: Sequence[User]


def people(session: Session, actor: Actor, words: str, limit: int = MOST) -> People:
    """Whose name, or whose department's, holds every part of the words."""
    parts = words.split()
    if not parts:
        return People([], [])
    of_department = [
        or_(*(name.icontains(part, autoescape=True) for name in (Department.name_zh, Department.name_en)))
        for part in parts
    ]
    query = select(Department).where(*of_department).order_by(Department.id)
    found = session.scalars(query.limit(limit)).all()
    if not actor.has(*HOTLINE_ROLES):
        return People(found, [])
    named = [
        or_(condition, User.display_name.icontains(part, autoescape=True))
        for condition, part in zip(of_department, parts, strict=True)
    ]
    colleagues = select(User).join(User.department).options(joinedload(User.department))
    colleagues = colleagues.where(User.is_active, *named).order_by(User.display_name)
    return People(found, session.scalars(colleagues.limit(limit)).all())

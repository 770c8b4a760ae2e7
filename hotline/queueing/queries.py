"""Reads of skills and of the line."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.people.models import User
from hotline.queueing.models import Skill, UserSkill
from hotline.queueing.rules import penalties, queue_of


def skills(session: Session) -> Sequence[Skill]:
    """Every line of its own, by code."""
    return session.scalars(select(Skill).order_by(Skill.code)).all()


def skill_queues(session: Session) -> list[str]:
    """Asterisk's queues beside the general one."""
    return [queue_of(skill.code) for skill in skills(session)]


def levels_of(session: Session, user_id: int) -> dict[str, int]:
    """A person's skills with their levels."""
    query = select(Skill.code, UserSkill.level).join(UserSkill).where(UserSkill.user_id == user_id)
    return {code: level for code, level in session.execute(query.order_by(Skill.code))}  # noqa: C416 (rows)


def levels_by_person(session: Session) -> dict[int, dict[str, int]]:
    """As `levels_of`, of everybody who has any, by the person's id."""
    query = select(UserSkill.user_id, Skill.code, UserSkill.level).join(Skill).order_by(Skill.code)
    found: dict[int, dict[str, int]] = {}
    for user_id, code, level in session.execute(query):
        found.setdefault(user_id, {})[code] = level
    return found


def queues_of(session: Session, extension: str) -> dict[str, int]:
    """Queues of a seat with the penalty in each; the general one alone for a seat of nobody."""
    user_id = session.scalar(select(User.id).where(User.extension == extension))
    return penalties(levels_of(session, user_id) if user_id else {})


def memberships(context: Context) -> Callable[[str], Mapping[str, int]]:
    """What call control asks for a seat's queues: `queues_of`, read each time."""

    def read(extension: str) -> Mapping[str, int]:
        with context.reading() as session:
            return queues_of(session, extension)

    return read

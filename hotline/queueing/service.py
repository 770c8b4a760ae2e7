"""Giving a call its place, and agents their skills."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hotline import events
from hotline.calls.models import Call, CallEnd, OwedCallback
from hotline.calls.ports import SeatControl
from hotline.calls.way import left_line
from hotline.contacts.models import Contact
from hotline.context import Context
from hotline.people.actors import Role
from hotline.people.models import User
from hotline.queueing.models import Skill, UserSkill
from hotline.queueing.rules import (
    BEST_LEVEL,
    WORST_LEVEL,
    Circumstances,
    Place,
    head_start,
    queue_of,
    skill_of,
)


class SkillRefused(ValueError):
    """There is no such skill or person, or the level is none."""


def place(context: Context, call_id: int, skill: str = "", plan_head_start: timedelta = timedelta()) -> Place:
    """Where this call waits, written on the call. A skill that does not exist is the general line.

    `plan_head_start` is what the call plan gives everybody who dialled this number, on top of the rest.
    """
    with context.writing() as session:
        call = session.get_one(Call, call_id)
        line = session.scalar(select(Skill).where(Skill.code == skill)) if skill else None
        ahead = head_start(_circumstances(session, context, call, line)) + plan_head_start
        call.skill = line.code if line else ""
        call.head_start_seconds = int(ahead.total_seconds())
        return Place(queue_of(call.skill), call.head_start_seconds, line.overflow_seconds if line else None)


def joined_line(context: Context, linkedid: str, queue: str) -> None:
    """The caller waits in this queue now: another than before after an overflow, or as a supervisor said."""
    skill = skill_of(queue)
    with context.writing() as session:
        call = session.scalar(select(Call).where(Call.linkedid == linkedid))
        if call is not None and call.skill != skill:
            left_line(call)
            call.skill = skill
            events.record(session, context.now(), "call.moved", f"call:{call.id}", skill=skill)


def _circumstances(session: Session, context: Context, call: Call, line: Skill | None) -> Circumstances:
    now, number = context.now(), call.contact.number
    known = Circumstances(now, timedelta(seconds=line.head_start_seconds if line else 0))
    if not number:
        return known
    owed = select(OwedCallback.joined_at).where(OwedCallback.number == number, OwedCallback.done_at.is_(None))
    earlier = (
        select(Call)
        .join(Contact)
        .where(Contact.number == number, Call.id != call.id, Call.started_at >= _midnight(context))
        .order_by(Call.id.desc())
    )
    last = session.scalars(earlier.limit(1)).first()
    end = last.end if last else None
    return Circumstances(
        now,
        known.line_head_start,
        owed_since=session.scalar(owed),
        cut_off_at=last.ended_at if last and end is CallEnd.CUT_OFF else None,
        reached_nobody_today=end not in (None, CallEnd.TALKED),
    )


def set_skills(context: Context, control: SeatControl, user_id: int, levels: Mapping[str, int]) -> None:
    """A supervisor says what an agent can do: skill codes with levels, 1 the best. Whoever is signed on is
    moved at once. Raises `SkillRefused`, and then nothing is changed."""
    context.actor.must_have("change skills", Role.SUPERVISOR)
    with context.writing() as session:
        if session.get(User, user_id) is None:
            raise SkillRefused("no such person")
        ids = {skill.code: skill.id for skill in session.scalars(select(Skill))}
        for code, level in levels.items():
            if code not in ids or not BEST_LEVEL <= level <= WORST_LEVEL:
                raise SkillRefused("no such skill, or no such level")
        session.execute(delete(UserSkill).where(UserSkill.user_id == user_id))
        for code, level in levels.items():
            session.add(UserSkill(user_id=user_id, skill_id=ids[code], level=level))
        events.record(session, context.now(), "skills.changed", f"user:{user_id}", by=context.actor.user_id)
    control.queues_changed()


def save_skill(
    context: Context,
    control: SeatControl,
    code: str,
    names: tuple[str, str],
    overflow_seconds: int | None,
    head_start_seconds: int = 0,
) -> None:
    """Make or change a line of its own. `names` are Chinese and English. Raises `SkillRefused`."""
    context.actor.must_have("change skills", Role.SUPERVISOR)
    if not (code.isascii() and code.isalnum() and code.islower() and len(code) <= 20 and all(names)):
        raise SkillRefused("a skill has a short code of small letters and digits, and names")
    if head_start_seconds < 0 or (overflow_seconds is not None and overflow_seconds < 1):
        raise SkillRefused("spans are not negative")
    with context.writing() as session:
        skill = session.scalar(select(Skill).where(Skill.code == code)) or Skill(code=code)
        session.add(skill)
        skill.name_zh, skill.name_en = names
        skill.overflow_seconds, skill.head_start_seconds = overflow_seconds, head_start_seconds
        events.record(session, context.now(), "skills.changed", f"skill:{code}", by=context.actor.user_id)
    control.queues_changed()


def _midnight(context: Context) -> datetime:
    local = context.now().astimezone(context.settings.zone)
    return datetime.combine(local.date(), time(), local.tzinfo)

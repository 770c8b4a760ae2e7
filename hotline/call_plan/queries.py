"""Reads of the plan: what is live now or was at a moment, versions, and whether there is a surge."""

import wave
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from hotline.call_plan.default import default_plan
from hotline.call_plan.document import Plan
from hotline.call_plan.findings import Surroundings
from hotline.call_plan.models import CallPlan, PlanState, Surge
from hotline.call_plan.phones import PhoneBook
from hotline.config import Settings
from hotline.context import Context
from hotline.deadlines.calendar import ChineseCalendar
from hotline.directory.models import DutyPhone
from hotline.people.models import Department, User
from hotline.people.queries import seats
from hotline.prompts.queries import in_use, known_prompts
from hotline.queueing.models import Skill, UserSkill

DEFAULT_VERSION = 0
LONGEST_LIST = 100


@dataclass(frozen=True)
class LivePlan:
    """The plan by which calls are answered; version 0 is the packaged default."""

    version: int
    plan: Plan


def live_row(session: Session) -> CallPlan | None:
    """The live version, or None while the default holds."""
    return session.scalar(select(CallPlan).where(CallPlan.state == PlanState.LIVE))


def draft_row(session: Session) -> CallPlan | None:
    """The draft, or None."""
    return session.scalar(select(CallPlan).where(CallPlan.state == PlanState.DRAFT))


def live_plan(session: Session, settings: Settings) -> LivePlan:
    """The plan that holds now."""
    row = live_row(session)
    return LivePlan(live_version(session), row.plan) if row else default_version(settings)


def live_version(session: Session) -> int:
    """Number of the live version, without reading its document."""
    version = session.scalar(select(CallPlan.version).where(CallPlan.state == PlanState.LIVE))
    return DEFAULT_VERSION if version is None else version


def numbers_at(session: Session, settings: Settings, moment: datetime) -> frozenset[str]:
    """The numbers that were the hotline's at a moment; its own always is."""
    was_live = select(CallPlan).where(CallPlan.live_at <= moment)
    still = or_(CallPlan.superseded_at.is_(None), CallPlan.superseded_at > moment)
    row = session.scalar(was_live.where(still).order_by(CallPlan.live_at.desc()).limit(1))
    plan = row.plan if row else default_version(settings).plan
    return frozenset({settings.hotline_number, *(line.number for line in plan.lines)})


def version_row(session: Session, version: int) -> CallPlan | None:
    """One version."""
    return session.scalar(select(CallPlan).where(CallPlan.version == version))


def versions(session: Session) -> Sequence[CallPlan]:
    """Every version that was ever live, the newest first."""
    numbered = select(CallPlan).where(CallPlan.version.is_not(None))
    return session.scalars(numbered.order_by(CallPlan.version.desc()).limit(LONGEST_LIST)).all()


def surge(session: Session) -> Surge | None:
    """The surge that is on, or None."""
    return session.scalar(select(Surge).where(Surge.is_on.is_(True)))


def surroundings(context: Context, session: Session) -> Surroundings:
    """What a plan is judged against, here and today."""
    settings, book = context.settings, phone_book(session)
    having = select(Skill.code, func.count(User.id)).select_from(Skill)
    having = having.outerjoin(UserSkill, UserSkill.skill_id == Skill.id)
    having = having.outerjoin(User, (User.id == UserSkill.user_id) & User.is_active).group_by(Skill.code)
    return Surroundings(
        settings.hotline_number,
        context.now().astimezone(settings.zone).date(),
        ChineseCalendar(),
        _lengths(session, settings),
        {code: int(count) for code, count in session.execute(having)},
        frozenset(session.scalars(select(Department.code))),
        book.seats,
        partial(book.refusal, context),
    )


def phone_book(session: Session) -> PhoneBook:
    """Seats and the directory as they are now."""
    listed = session.scalars(select(DutyPhone.phone).distinct())
    return PhoneBook(frozenset(seats(session)), frozenset(listed))


def default_version(settings: Settings) -> LivePlan:
    """The packaged default for this hotline."""
    return LivePlan(DEFAULT_VERSION, default_plan(settings.hotline_number, settings.queue_timeout_seconds))


def _lengths(session: Session, settings: Settings) -> dict[str, float | None]:
    """Seconds of every prompt: of a recording as it was kept, else of what lies beside this machine's PBX."""
    recorded = {version.name: version.seconds for version in in_use(session, settings.language)}
    names = known_prompts(session, settings.language)
    return {name: recorded.get(name) or _seconds(settings, name) for name in names}


def _seconds(settings: Settings, name: str) -> float | None:
    """Length of a prompt as it is played, None where it is not spoken yet."""
    path = settings.state_dir / "sounds" / settings.language / f"{name}.wav"
    try:
        with wave.open(str(path)) as sound:
            return float(sound.getnframes() / sound.getframerate())
    except (OSError, EOFError, wave.Error):
        return None

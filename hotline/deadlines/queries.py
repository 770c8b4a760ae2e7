"""Which limits hold, by name and by time; the versions of the city's own profile."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from hotline.built_once import built_once
from hotline.context import Context
from hotline.deadlines.calendar import ChineseCalendar
from hotline.deadlines.models import OWN, DeadlineVersion, VersionState
from hotline.deadlines.profiles import PROFILES, Profile, UnknownProfile, profile
from hotline.deadlines.rules import Reckoner

LONGEST_LIST = 100


def reckoner(context: Context) -> Reckoner:
    """The city's way of counting days."""
    return Reckoner(ChineseCalendar(), context.settings.zone)


def in_force(session: Session, context: Context) -> Profile:
    """The profile by which what is dispatched now is promised: the city's own of the latest beginning, or
    while there is none the packaged one that the settings name."""
    version = version_in_force(session, context.now())
    return version.profile if version else profile(context.settings.deadline_profile)


def version_in_force(session: Session, at: datetime) -> DeadlineVersion | None:
    """The city's own version that holds at a moment; None while the settings say."""
    return session.scalars(*_latest_begun(at)).first()


@built_once
def _latest_begun(at: datetime) -> Select[DeadlineVersion]:
    begun = select(DeadlineVersion).where(
        DeadlineVersion.state == VersionState.APPROVED, DeadlineVersion.in_force_from <= at
    )
    latest = begun.order_by(DeadlineVersion.in_force_from.desc(), DeadlineVersion.version.desc())
    return latest.limit(1)


def named(session: Session, name: str) -> Profile:
    """The profile of this name, packaged or the city's own. Raises `UnknownProfile`."""
    if not name.startswith(OWN):
        return profile(name)
    number = name.removeprefix(OWN)
    row = version_of(session, int(number)) if number.isdecimal() and len(number) < 10 else None
    if row is None:
        raise UnknownProfile(f"no version {name!r} of the city's own deadline profile")
    return row.profile


def version_of(session: Session, version: int) -> DeadlineVersion | None:
    """One version."""
    return session.scalar(select(DeadlineVersion).where(DeadlineVersion.version == version))


def draft_of(session: Session) -> DeadlineVersion | None:
    """The draft, or None."""
    return session.scalar(select(DeadlineVersion).where(DeadlineVersion.state == VersionState.DRAFT))


def versions(session: Session) -> Sequence[DeadlineVersion]:
    """Every version but the draft; the newest first."""
    query = select(DeadlineVersion).where(DeadlineVersion.state != VersionState.DRAFT)
    return session.scalars(query.order_by(DeadlineVersion.version.desc()).limit(LONGEST_LIST)).all()


def scheduled(session: Session, now: datetime) -> Sequence[DeadlineVersion]:
    """Approved versions whose time has not come; the next first."""
    query = select(DeadlineVersion).where(
        DeadlineVersion.state == VersionState.APPROVED, DeadlineVersion.in_force_from > now
    )
    return session.scalars(query.order_by(DeadlineVersion.in_force_from)).all()


def to_choose(session: Session, now: datetime) -> dict[str, Profile]:
    """Every profile that holds, may hold soon, or is packaged, by its name: what the calculator compares.
    A draft is among them once no limit is missing."""
    holds, draft = version_in_force(session, now), draft_of(session)
    own = [*([holds] if holds else []), *scheduled(session, now), *([draft] if draft else [])]
    found = {}
    for version in own:
        try:
            found[version.name] = version.profile
        except KeyError:
            continue  # the draft is not whole yet
    return {**found, **PROFILES}

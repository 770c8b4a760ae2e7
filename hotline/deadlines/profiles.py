"""Deadline profiles as data (rulebook B3). Sources stand in the rulebook; `assumed` marks a guess (C1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from hotline.tickets.states import TicketTrack, TicketType, Urgency


class Unit(StrEnum):
    """What a limit counts."""

    MINUTE = "minute"
    HOUR = "hour"
    WORKING_HOUR = "working_hour"
    NATURAL_DAY = "natural_day"
    WORKING_DAY = "working_day"


@dataclass(frozen=True)
class Limit:
    """So many units. Days are counted from the day after the start and end at 24:00; 0 days is today."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"


def minutes(amount: int) -> Limit:
    return Limit(amount, Unit.MINUTE)


def hours(amount: int) -> Limit:
    return Limit(amount, Unit.HOUR)


def working_hours(amount: int) -> Limit:
    return Limit(amount, Unit.WORKING_HOUR)


def days(amount: int) -> Limit:
    return Limit(amount, Unit.NATURAL_DAY)


def working_days(amount: int) -> Limit:
    return Limit(amount, Unit.WORKING_DAY)


ByUrgency = Mapping[Urgency, Limit]
FLASH, URGENT, NORMAL = Urgency.FLASH, Urgency.URGENT, Urgency.NORMAL

SIGN: ByUrgency = {FLASH: minutes(15), URGENT: hours(1), NORMAL: working_days(1)}
SIGNED_BY_ITSELF_AFTER = 2  # times the limit for signing: an unsigned ticket cannot dodge its clock (B5.3)
FIRST_CONTACT: ByUrgency = {FLASH: minutes(30), URGENT: hours(2), NORMAL: working_days(1)}
RETURN_WINDOW: ByUrgency = {FLASH: minutes(15), URGENT: hours(4), NORMAL: working_days(2)}
RETURN_DECISION: ByUrgency = {FLASH: minutes(15), URGENT: working_hours(4), NORMAL: working_hours(4)}
RESULT: ByUrgency = {FLASH: hours(24), URGENT: days(3), NORMAL: days(7)}


@dataclass(frozen=True)
class Profile:
    """The limits of one regime. `by_type` and `by_track` lie over `result`; the shorter due wins for
    `by_type` where the ticket is flash or urgent."""

    name: str
    result: ByUrgency
    by_type: Mapping[TicketType, Limit] = field(default_factory=dict)
    by_track: Mapping[TicketTrack, Limit] = field(default_factory=dict)
    sign: ByUrgency = field(default_factory=lambda: SIGN)
    first_contact: ByUrgency = field(default_factory=lambda: FIRST_CONTACT)
    return_window: ByUrgency = field(default_factory=lambda: RETURN_WINDOW)
    return_decision: ByUrgency = field(default_factory=lambda: RETURN_DECISION)
    arbitration: Limit = field(default_factory=lambda: working_days(2))
    longest_extension: Limit = field(default_factory=lambda: working_days(10))
    assumed: bool = False


def _with_normal(limit: Limit) -> ByUrgency:
    return {**RESULT, NORMAL: limit}


def _by_kind(consultation: int, help_: int, suggestion: int, complaint: int) -> dict[TicketType, Limit]:
    T = TicketType  # noqa: N806 (four rows of a table read better)
    return {
        T.CONSULTATION: working_days(consultation),
        T.HELP: working_days(help_),
        T.SUGGESTION: working_days(suggestion),
        T.COMPLAINT: working_days(complaint),
        T.REPORT: working_days(complaint),
    }


PROFILES: Mapping[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile("seed-2011", RESULT),
        Profile("shandong-2020", _with_normal(working_days(5))),
        Profile("shandong-2017-prov", _with_normal(working_days(15)), longest_extension=working_days(7)),
        Profile("sichuan-2025", _with_normal(working_days(15)), by_type=_by_kind(3, 7, 7, 15)),
        Profile("kaijiang-2022", _with_normal(working_days(10)), by_type=_by_kind(3, 10, 5, 10)),
        Profile(
            "beijing-draft-2021",
            {FLASH: hours(2), URGENT: hours(24), NORMAL: days(7)},
            by_track={TicketTrack.COORDINATED: days(15), TicketTrack.HIGH_LEVEL: days(15)},
        ),
        Profile("mayor-line", {FLASH: days(0), URGENT: working_days(3), NORMAL: working_days(5)}),
        Profile(
            "qingdao-enterprise-2115",
            _with_normal(working_days(15)),
            first_contact={FLASH: minutes(30), URGENT: hours(2), NORMAL: hours(2)},
        ),
        Profile("137", _with_normal(days(7)), sign={**SIGN, NORMAL: days(1)}, assumed=True),
    )
}


class UnknownProfile(LookupError):
    """There is no such deadline profile; the text lists those that exist."""


def profile(name: str) -> Profile:
    """The profile of this name. Raises `UnknownProfile`."""
    try:
        return PROFILES[name]
    except KeyError:
        raise UnknownProfile(f"no deadline profile {name!r}; there are: {', '.join(PROFILES)}") from None


def profiles_of_tracks(names: Mapping[str, str]) -> dict[str, str]:
    """Profiles by the track over whose tickets they are laid. Raises `ValueError` for an unknown one."""
    for track, name in names.items():
        if track not in set(TicketTrack):
            raise ValueError(f"no track {track!r}; there are: {', '.join(TicketTrack)}")
        if name not in PROFILES:
            raise ValueError(f"no deadline profile {name!r}; there are: {', '.join(PROFILES)}")
    return dict(names)

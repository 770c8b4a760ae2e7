"""What a new hotline still lacks before it can answer: read from settings and tables, kept nowhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from ipaddress import ip_address

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from hotline.call_plan.queries import live_version, numbers_at
from hotline.context import Context
from hotline.deadlines.calendar import ChineseCalendar, WorkingCalendar
from hotline.people.actors import Role
from hotline.people.models import Department, User

NEEDED_ROLES = (
    Role.AGENT,
    Role.SCREENER,
    Role.DISPATCHER,
    Role.REVIEWER,
    Role.CALLBACK_AGENT,
    Role.SUPERVISOR,
)
"""Without one of each a ticket stays lying somewhere on its way."""


class Step(StrEnum):
    """What is to be set up, in the order in which it is done."""

    TRUNK = "trunk"
    NUMBERS = "numbers"
    DEPARTMENTS = "departments"
    USERS = "users"
    HOLIDAYS = "holidays"


class Standing(StrEnum):
    """How a step stands. `SOON` works now, and wants somebody one day."""

    DONE = "done"
    SOON = "soon"
    MISSING = "missing"


@dataclass(frozen=True)
class Facts:
    """What is there. `years` are this and the next one, and whether their holidays are known."""

    trunk_host: str
    numbers: frozenset[str]
    plan_version: int
    departments: Sequence[Department]
    roles: frozenset[Role]
    """Held by anybody who may sign in; `seats` counts the agents among them who have a telephone."""
    seats: int
    years: Mapping[int, bool]


@dataclass(frozen=True)
class Judged:
    """A step, how it stands, and what of it is lacking."""

    step: Step
    standing: Standing
    departments: tuple[Department, ...] = ()
    roles: tuple[Role, ...] = ()
    years: tuple[int, ...] = ()


def judge(facts: Facts) -> list[Judged]:
    """Every step in its order."""
    incapable = tuple(unit for unit in facts.departments if not unit.can_lead)
    units_stand = bool(facts.departments) and not incapable
    absent = tuple(role for role in NEEDED_ROLES if role not in facts.roles)
    unknown = tuple(year for year, known in sorted(facts.years.items()) if not known)
    this_year_is_known = not unknown or unknown[0] > min(facts.years)
    return [
        Judged(Step.TRUNK, Standing.MISSING if _is_this_machine(facts.trunk_host) else Standing.DONE),
        Judged(Step.NUMBERS, Standing.DONE if facts.plan_version else Standing.SOON),
        Judged(Step.DEPARTMENTS, Standing.DONE if units_stand else Standing.MISSING, departments=incapable),
        Judged(Step.USERS, Standing.MISSING if absent or not facts.seats else Standing.DONE, roles=absent),
        Judged(Step.HOLIDAYS, _holidays(unknown, this_year_is_known), years=unknown),
    ]


def _holidays(unknown: Sequence[int], this_year_is_known: bool) -> Standing:
    if not unknown:
        return Standing.DONE
    return Standing.SOON if this_year_is_known else Standing.MISSING


def _is_this_machine(host: str) -> bool:
    """Where only a test caller of this machine is, as the settings begin."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def facts(session: Session, context: Context, today: date, calendar: WorkingCalendar | None = None) -> Facts:
    """What is there on the city's `today`."""
    known = calendar or ChineseCalendar()
    units = select(Department).options(selectinload(Department.users))
    units = units.where(Department.is_active, ~Department.is_hotline).order_by(Department.code)
    people = session.scalars(select(User).where(User.is_active)).all()
    return Facts(
        trunk_host=context.settings.trunk_host,
        numbers=numbers_at(session, context.settings, context.now()),
        plan_version=live_version(session),
        departments=session.scalars(units).all(),
        roles=frozenset(role for user in people for role in user.role_set),
        seats=sum(Role.AGENT in user.role_set and user.extension is not None for user in people),
        years={year: known.covers(date(year, 1, 1)) for year in (today.year, today.year + 1)},
    )

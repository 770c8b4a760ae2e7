"""A week of the roster as a page shows it: people, shifts with their gaps, and the calculator beside it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from sqlalchemy.orm import Session

from hotline.call_plan.document import AnsweredBy, Days, Plan, Shift
from hotline.call_plan.hours import falls_on, minute_of, on_at_minute, read_day
from hotline.call_plan.queries import live_plan
from hotline.context import Context
from hotline.deadlines.calendar import ChineseCalendar
from hotline.insight.erlang import Promise
from hotline.insight.queries import calls_by_half_hour, handling_of, means
from hotline.insight.staffing import (
    AWAY,
    half_hours,
    same_weekdays,
    seats_by_half_hour,
    staffing,
)
from hotline.people.models import User
from hotline.roster import queries
from hotline.roster.rules import WEEK_DAYS, Shortage, Work, days_of, shortages, there, worked
from hotline.roster.service import UNWRITTEN, Cells, as_works, shifts_of_agents

Typed = Mapping[tuple[int, date], str]


@dataclass(frozen=True)
class Filled:
    """A shift on a day: how many people it has, of how many seats."""

    people: int
    seats: int

    @property
    def missing(self) -> int:
        """Seats without anybody; negative: more people than seats."""
        return self.seats - self.people


@dataclass(frozen=True)
class Week:
    """The page. `cells` are what stands in the grid, saved or not."""

    monday: date
    days: Sequence[date]
    today: date
    people: Sequence[User]
    shifts: Sequence[Shift]
    cells: Typed
    kinds: Mapping[date, Days]
    revision: int
    changed_by: str
    short_by_calls: Mapping[date, Sequence[Shortage] | None]
    """When the calculator wants more people than are there; None where no call tells how many."""

    def choices(self, day: date) -> list[Shift]:
        """Shifts that are worked on this day."""
        return [one for one in self.shifts if falls_on(one.days, self.kinds[day])]

    def filled(self, shift: Shift, day: date) -> Filled | None:
        """None where the shift is not worked."""
        if not falls_on(shift.days, self.kinds[day]):
            return None
        return Filled(self._people_by_shift[shift.code, day], shift.seats)

    @cached_property
    def _people_by_shift(self) -> Counter[tuple[str, date]]:
        return Counter((code, day) for (_person, day), code in self.cells.items())


def week(context: Context, session: Session, monday: date, cells: Typed | None = None) -> Week:
    """As it is kept, or with `cells` in place of what is kept from today on."""
    plan, calendar = live_plan(session, context.settings).plan, ChineseCalendar()
    days, today = days_of(monday), context.now().astimezone(context.settings.zone).date()
    stored = queries.entries(session, monday - timedelta(days=1), days[-1])
    kept = {(one.user_id, one.day): one.shift_code for one in stored if one.day >= monday}
    shown = {cell: code for cell, code in kept.items() if cells is None or cell[1] < today}
    shown |= {cell: code for cell, code in (cells or {}).items() if code and cell[1] >= today}
    row = queries.week_row(session, monday)
    before = [one for one in as_works(stored) if one.day < monday]
    works = [*before, *_works(context, plan, shown)]
    return Week(
        monday=monday,
        days=days,
        today=today,
        people=_people(session, {user_id for user_id, _day in shown}),
        shifts=list(shifts_of_agents(plan).values()),
        cells=shown,
        kinds={day: read_day(plan, day, calendar).kind for day in days},
        revision=row.revision if row else UNWRITTEN,
        changed_by=row.changed_by if row else "",
        short_by_calls=_short(context, session, plan, days, works),
    )


def as_last_week(context: Context, session: Session, monday: date) -> Cells:
    """What is written already, and else the shifts of the week before: those that are still worked, of people
    who are still here."""
    plan, calendar = live_plan(session, context.settings).plan, ChineseCalendar()
    shifts, known = shifts_of_agents(plan), {one.id for one in queries.people(session)}
    later = timedelta(days=WEEK_DAYS)
    found = {}
    for one in queries.entries(session, monday - later, monday - timedelta(days=1)):
        shift, day = shifts.get(one.shift_code), one.day + later
        if shift and one.user_id in known and falls_on(shift.days, read_day(plan, day, calendar).kind):
            found[one.user_id, day] = one.shift_code
    kept = queries.entries(session, monday, monday + later - timedelta(days=1))
    return found | {(one.user_id, one.day): one.shift_code for one in kept}


def _people(session: Session, also: set[int]) -> list[User]:
    """Agents, and those who stand in the week and are none any more."""
    here = queries.people(session)
    gone = also - {one.id for one in here}
    return [
        *here,
        *(session.get_one(User, user_id) for user_id in sorted(gone) if session.get(User, user_id)),
    ]


def _works(context: Context, plan: Plan, cells: Typed) -> list[Work]:
    shifts, zone = shifts_of_agents(plan), context.settings.zone
    return [
        worked(user_id, shifts[code], day, zone) for (user_id, day), code in cells.items() if code in shifts
    ]


def _short(
    context: Context, session: Session, plan: Plan, days: Sequence[date], works: Sequence[Work]
) -> dict[date, Sequence[Shortage] | None]:
    zone = context.settings.zone
    today = context.now().astimezone(zone).date()
    alike = {day: same_weekdays(day, today) for day in days}
    every = sorted({one for several in alike.values() for one in several})
    calls = calls_by_half_hour(session, zone, every)
    handling = handling_of(session, zone, every[-WEEK_DAYS:])
    if handling is None:
        return dict.fromkeys(days)
    cuts = {minute_of(at) for one in plan.shifts for at in (one.begins, one.ends)}
    found: dict[date, Sequence[Shortage] | None] = {}
    for day in days:
        coming, seats = (
            means([calls[one] for one in alike[day]]),
            seats_by_half_hour(plan, day, ChineseCalendar()),
        )
        needed = [one.people for one in staffing(coming, handling, Promise(), AWAY, seats)]
        present = [here + duty for here, duty in zip(there(works, day, zone), _duty(plan, day), strict=True)]
        found[day] = shortages(needed, present, cuts) if any(coming) else None
    return found


def _duty(plan: Plan, day: date) -> list[int]:
    """Duty telephones that are on at the beginning of each half hour."""
    calendar = ChineseCalendar()
    today, yesterday = (read_day(plan, one, calendar).kind for one in (day, day - timedelta(days=1)))
    telephones = [one for one in plan.shifts if one.answered_by is AnsweredBy.DUTY]
    return [len(on_at_minute(telephones, span.begins, yesterday, today)) for span in half_hours()]

"""Supervisors write a week of the roster."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hotline import events
from hotline.call_plan.document import AnsweredBy, Plan, Shift
from hotline.call_plan.hours import falls_on, read_day
from hotline.call_plan.queries import live_plan
from hotline.context import Context
from hotline.deadlines.calendar import ChineseCalendar
from hotline.people.actors import Role
from hotline.roster import queries
from hotline.roster.models import RosterEntry, RosterWeek
from hotline.roster.rules import Fault, Obstacle, Work, days_of, faults_of_person, worked

WRITERS = (Role.SUPERVISOR,)
READERS = (Role.SUPERVISOR, Role.DIRECTOR)
UNWRITTEN = 0
"""Revision of a week that nobody has written yet."""
_BEFORE, _AFTER = timedelta(days=2), timedelta(days=7)  # a shift of 24 h and the rest reach so far

Cells = Mapping[tuple[int, date], str]
"""Code of the shift by person and day; who is not in it does not work."""


class RosterRefused(ValueError):
    """Nothing was changed: these cells cannot be so."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(", ".join(sorted({fault.obstacle for fault in faults})))
        self.faults = faults


class StaleRoster(Exception):
    """Somebody else has written the week since it was read; nothing was changed."""

    def __init__(self, by: str) -> None:
        super().__init__("the week was written meanwhile")
        self.by = by


def shifts_of_agents(plan: Plan) -> dict[str, Shift]:
    """Those that people can be put on."""
    return {one.code: one for one in plan.shifts if one.answered_by is AnsweredBy.AGENTS}


def write_week(context: Context, monday: date, revision: int, wanted: Cells) -> int:
    """The week is this from now on; returns its new revision. `revision` is the one that the person saw.

    Days that are over stay as they are. Raises `RosterRefused`, `StaleRoster`; `ValueError` for cells that
    are not of this week.
    """
    context.actor.must_have("write the roster", *WRITERS)
    if not {day for _person, day in wanted} <= set(days_of(monday)):
        raise ValueError("a cell of another week")
    with context.writing() as session:
        _take(session, context, monday, revision)
        stored = queries.entries(session, monday, days_of(monday)[-1])
        works = _checked(session, context, monday, wanted, stored)
        today = _today(context)
        for entry in stored:
            if entry.day >= today:
                session.delete(entry)
        session.flush()  # a person has one shift a day, also for a moment
        session.add_all(map(_entry, works))
        subject = f"roster:{monday.isoformat()}"
        events.record(session, context.now(), "roster.written", subject, actor=context.actor.user_id)
        return revision + 1


def _take(session: Session, context: Context, monday: date, seen: int) -> None:
    """Of two who saw the same, one gets there."""
    row = queries.week_row(session, monday)
    if seen != (row.revision if row else UNWRITTEN):
        raise StaleRoster(row.changed_by if row else "")
    said = {"revision": seen + 1, "changed_by": context.actor.name[:60], "changed_at": context.now()}
    if row is not None:
        here = (RosterWeek.monday == monday, RosterWeek.revision == seen)
        taken = session.execute(update(RosterWeek).where(*here).values(**said))
        if taken.rowcount != 1:  # type: ignore[attr-defined]
            raise StaleRoster("")
        return
    try:
        session.add(RosterWeek(monday=monday, **said))
        session.flush()
    except IntegrityError as faster:
        raise StaleRoster("") from faster


def _checked(
    session: Session, context: Context, monday: date, wanted: Cells, stored: Sequence[RosterEntry]
) -> list[Work]:
    """The shifts of today and later. Raises `RosterRefused`."""
    today = _today(context)
    over = {(one.user_id, one.day): one.shift_code for one in stored if one.day < today}
    wrong = [
        Fault(*cell, Obstacle.PAST)
        for cell, code in wanted.items()
        if cell[1] < today and code != over.get(cell)
    ]
    works, unknown = _works(session, context, {c: code for c, code in wanted.items() if c[1] >= today})
    if faults := [*wrong, *unknown]:
        raise RosterRefused(faults)
    beside = [
        *queries.entries(session, monday - _BEFORE, monday - timedelta(days=1)),
        *queries.entries(session, monday + _AFTER, monday + _AFTER),
        *(one for one in stored if one.day < today),
    ]
    by_person: dict[int, list[Work]] = {}
    for work in [*works, *as_works(beside)]:
        by_person.setdefault(work.user_id, []).append(work)
    rest = timedelta(hours=context.settings.rest_hours)
    found = [fault for works_of in by_person.values() for fault in faults_of_person(works_of, monday, rest)]
    if faults := [fault for fault in found if fault.day >= today]:
        raise RosterRefused(faults)
    return works


def as_works(stored: Iterable[RosterEntry]) -> list[Work]:
    """What is written, for the rules."""
    return [Work(one.user_id, one.day, one.shift_code, one.begins_at, one.ends_at) for one in stored]


def _works(session: Session, context: Context, cells: Cells) -> tuple[list[Work], list[Fault]]:
    """Each cell as a shift with its times, or why it cannot be one."""
    plan, calendar, zone = live_plan(session, context.settings).plan, ChineseCalendar(), context.settings.zone
    shifts, known = shifts_of_agents(plan), {one.id for one in queries.people(session)}
    works, faults = [], []
    for (user_id, day), code in sorted(cells.items()):
        shift = shifts.get(code)
        if user_id not in known:
            faults.append(Fault(user_id, day, Obstacle.UNKNOWN_PERSON))
        elif shift is None:
            faults.append(Fault(user_id, day, Obstacle.UNKNOWN_SHIFT))
        elif not falls_on(shift.days, read_day(plan, day, calendar).kind):
            faults.append(Fault(user_id, day, Obstacle.NOT_THAT_DAY))
        else:
            works.append(worked(user_id, shift, day, zone))
    return works, faults


def _entry(work: Work) -> RosterEntry:
    return RosterEntry(
        user_id=work.user_id,
        day=work.day,
        shift_code=work.code,
        begins_at=work.begins_at,
        ends_at=work.ends_at,
    )


def _today(context: Context) -> date:
    return context.now().astimezone(context.settings.zone).date()

"""Due times from limits (rulebook B3 and B5). Pure: times in and out are aware, the zone is the city's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hotline.deadlines.calendar import Day, DayKind, WorkingCalendar
from hotline.deadlines.profiles import SIGNED_BY_ITSELF_AFTER, Limit, Profile, Unit
from hotline.tickets.states import TicketTrack, TicketType, Urgency

INSTRUCTION_DAYS = 3
OFFICE_HOURS = ((time(9), time(12)), (time(14), time(18)))
"""When offices work on a working day; hours of work are counted within."""


@dataclass(frozen=True)
class DueTimes:
    """When a dispatched ticket is to be signed, its citizen contacted, and the result given (aware UTC).

    `auto_sign_at` is when it is signed by itself, if nobody has done so.
    `calendar_known` is False where the holidays of a year on the way are not known.
    """

    sign_at: datetime
    auto_sign_at: datetime
    contact_at: datetime
    result_at: datetime
    calendar_known: bool


def shortest(laid_over: Iterable[DueTimes]) -> DueTimes:
    """Of several profiles, each limit from where it is shortest (B3)."""
    found = list(laid_over)
    return DueTimes(
        sign_at=min(due.sign_at for due in found),
        auto_sign_at=min(due.auto_sign_at for due in found),
        contact_at=min(due.contact_at for due in found),
        result_at=min(due.result_at for due in found),
        calendar_known=all(due.calendar_known for due in found),
    )


@dataclass(frozen=True)
class CountedDay:
    """A day on the way to a due time, and whether it counts."""

    day: Day
    counts: bool

    @property
    def is_make_up(self) -> bool:
        """A Saturday or Sunday that is worked, and counts for that."""
        return self.counts and self.day.kind is DayKind.MAKE_UP


@dataclass(frozen=True)
class Reckoner:
    """Counts limits in one city: its calendar, its zone and its offices' hours."""

    calendar: WorkingCalendar
    zone: ZoneInfo
    office_hours: Sequence[tuple[time, time]] = OFFICE_HOURS

    def due_times(
        self,
        profile: Profile,
        dispatched_at: datetime,
        urgency: Urgency,
        type: TicketType | None = None,  # noqa: A002 (the field's name)
        track: TicketTrack | None = None,
    ) -> DueTimes:
        """The due times of a ticket that is dispatched now."""
        sign = profile.sign[urgency]
        limit = self.deciding_limit(profile, dispatched_at, urgency, type, track)
        result_at = self.due(dispatched_at, limit, urgency is Urgency.NORMAL)
        return DueTimes(
            sign_at=self.due(dispatched_at, sign),
            auto_sign_at=self.due(dispatched_at, Limit(SIGNED_BY_ITSELF_AFTER * sign.amount, sign.unit)),
            contact_at=self.due(dispatched_at, profile.first_contact[urgency]),
            result_at=result_at,
            calendar_known=self.calendar_known(dispatched_at, result_at),
        )

    def due(self, start: datetime, limit: Limit, moves_off_rest_days: bool = False) -> datetime:
        """`start` plus `limit`. Days expire at 24:00; a rest day moves to the next working day if asked."""
        match limit.unit:
            case Unit.MINUTE:
                return start + timedelta(minutes=limit.amount)
            case Unit.HOUR:
                return start + timedelta(hours=limit.amount)
            case Unit.WORKING_HOUR:
                return self._working_hours_on(start, timedelta(hours=limit.amount))
            case Unit.NATURAL_DAY:
                last = self._local_day(start) + timedelta(days=limit.amount)
            case Unit.WORKING_DAY:
                last = self._working_days_on(self._local_day(start), limit.amount)
        if moves_off_rest_days:
            while not self.calendar.is_working_day(last):
                last += timedelta(days=1)
        return self._end_of(last)

    def days_of(
        self, start: datetime, limit: Limit, moves_off_rest_days: bool = False
    ) -> tuple[CountedDay, ...]:
        """The days that `due` goes through, from the day after the start to the last. Hours have none.

        Working days count worked days; natural days count all, and none of the rest days at whose end the
        limit has moved on.
        """
        if limit.unit in (Unit.MINUTE, Unit.HOUR, Unit.WORKING_HOUR):
            return ()
        first = self._local_day(start)
        # The due time is the midnight after the last day.
        end = self._local_day(self.due(start, limit, moves_off_rest_days))
        days = [self.calendar.day(first + timedelta(days=n)) for n in range(1, (end - first).days)]
        if limit.unit is Unit.WORKING_DAY:
            return tuple(CountedDay(day, day.is_worked) for day in days)
        kept = limit.amount if len(days) == limit.amount else limit.amount - 1
        return tuple(CountedDay(day, n <= kept or n == len(days)) for n, day in enumerate(days, 1))

    def calendar_known(self, start: datetime, end: datetime) -> bool:
        """Whether holidays are known for all days from start to end."""
        day, last = self._local_day(start), self._local_day(end)
        return all(self.calendar.covers(date(year, 1, 1)) for year in range(day.year, last.year + 1))

    def after_instruction(self, due_at: datetime, instructed_at: datetime) -> datetime:
        """A leader's instruction makes a ticket urgent: the earlier of the old due and three days on."""
        limit = Limit(INSTRUCTION_DAYS, Unit.NATURAL_DAY)
        return min(due_at, self.due(instructed_at, limit))

    def return_window_ends(self, profile: Profile, dispatched_at: datetime, urgency: Urgency) -> datetime:
        """Until when a department may return a ticket (B5.4)."""
        return self.due(dispatched_at, profile.return_window[urgency])

    def return_decided_by(
        self, profile: Profile, asked_at: datetime, urgency: Urgency, disputed: bool
    ) -> datetime:
        """Until when the hotline decides on a return; a dispute is arbitrated longer (B5.4)."""
        return self.due(asked_at, profile.arbitration if disputed else profile.return_decision[urgency])

    def extended(self, due_at: datetime, by: Limit) -> datetime:
        """So much longer, counted from the last day of the old limit (B5.5)."""
        return self.due(due_at - timedelta(microseconds=1), by)

    def after_pause(
        self, due_at: datetime, paused_at: datetime, resumed_at: datetime, urgency: Urgency
    ) -> datetime:
        """The due time of a clock that stood still (B3): as much is left as before; nothing of what was over.

        A limit that ended at 24:00 does so again, for normal tickets not on a rest day.
        """
        if due_at <= paused_at:
            return due_at
        moved = due_at + (resumed_at - paused_at)
        if self._end_of(self._last_day(due_at)) != due_at:
            return moved
        last = self._last_day(moved)
        while urgency is Urgency.NORMAL and not self.calendar.is_working_day(last):
            last += timedelta(days=1)
        return self._end_of(last)

    def rework_due(self, dispatched_at: datetime, due_at: datetime, now: datetime) -> datetime:
        """Half of the original limit, at least one day, ending at 24:00 (B7)."""
        half = max((due_at - dispatched_at) / 2, timedelta(days=1))
        return self._end_of(self._local_day(now + half))

    def deciding_limit(
        self,
        profile: Profile,
        start: datetime,
        urgency: Urgency,
        type: TicketType | None = None,  # noqa: A002
        track: TicketTrack | None = None,
    ) -> Limit:
        """The limit of the result: the type's or the track's if the profile has one; of a flash or urgent
        ticket's and that, the one that ends earlier."""
        by_level = profile.result[urgency]
        over = (type and profile.by_type.get(type)) or (track and profile.by_track.get(track))
        if not over:
            return by_level
        if urgency is Urgency.NORMAL:
            return over
        return min(by_level, over, key=lambda limit: self.due(start, limit))

    def _last_day(self, due_at: datetime) -> date:
        """The day at whose end, or on which, something is due."""
        return self._local_day(due_at - timedelta(microseconds=1))

    def _local_day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def _end_of(self, day: date) -> datetime:
        return datetime.combine(day + timedelta(days=1), time(), self.zone).astimezone(UTC)

    def _working_hours_on(self, start: datetime, left: timedelta) -> datetime:
        day = self._local_day(start)
        while True:
            for begins, ends in self.office_hours if self.calendar.is_working_day(day) else ():
                opened = max(start, datetime.combine(day, begins, self.zone).astimezone(UTC))
                there = datetime.combine(day, ends, self.zone).astimezone(UTC) - opened
                if left <= there:
                    return opened + left
                left -= max(there, timedelta())
            day += timedelta(days=1)

    def _working_days_on(self, day: date, amount: int) -> date:
        while amount > 0:
            day += timedelta(days=1)
            amount -= self.calendar.is_working_day(day)
        return day


def may_ask_for_extension(urgency: Urgency, due_at: datetime, now: datetime) -> bool:
    """Before the due time, and never for a flash ticket (B5.5)."""
    return urgency is not Urgency.FLASH and now < due_at

"""The deadline calculator: when something would be due, and day by day why (rulebook B3)."""

from dataclasses import dataclass
from datetime import datetime

from hotline.deadlines.calendar import Day
from hotline.deadlines.profiles import Limit, Profile
from hotline.deadlines.rules import CountedDay, Reckoner
from hotline.tickets.states import TicketTrack, TicketType, Urgency


@dataclass(frozen=True)
class Matter:
    """What decides due times. `starts_at` is the dispatch, at which the unit's clock starts (C3)."""

    starts_at: datetime
    urgency: Urgency
    type: TicketType | None = None
    track: TicketTrack | None = None


@dataclass(frozen=True)
class Step:
    """One limit: what is counted, until when (aware UTC), and each day on the way."""

    limit: Limit
    due_at: datetime
    days: tuple[CountedDay, ...]

    @property
    def passed_over(self) -> tuple[Day, ...]:
        """The days that were not counted."""
        return tuple(counted.day for counted in self.days if not counted.counts)

    @property
    def make_up(self) -> tuple[Day, ...]:
        """Saturdays and Sundays that were counted because they are worked."""
        return tuple(c.day for c in self.days if c.is_make_up)


@dataclass(frozen=True)
class Calculation:
    """All limits of a matter under one profile."""

    profile: Profile
    sign: Step
    contact: Step
    result: Step
    return_window: Step
    calendar_known: bool


def calculate(counting: Reckoner, profile: Profile, matter: Matter) -> Calculation:
    """The due times that dispatching the matter would give, with the days that were counted."""
    urgency, start = matter.urgency, matter.starts_at
    due = counting.due_times(profile, start, urgency, matter.type, matter.track)
    limit = counting.deciding_limit(profile, start, urgency, matter.type, matter.track)

    def step(limit: Limit, due_at: datetime, moves: bool = False) -> Step:
        return Step(limit, due_at, counting.days_of(start, limit, moves))

    return Calculation(
        profile=profile,
        sign=step(profile.sign[urgency], due.sign_at),
        contact=step(profile.first_contact[urgency], due.contact_at),
        result=step(limit, due.result_at, urgency is Urgency.NORMAL),
        return_window=step(
            profile.return_window[urgency], counting.return_window_ends(profile, start, urgency)
        ),
        calendar_known=due.calendar_known,
    )


def laid_over(first: Calculation, second: Calculation) -> Calculation:
    """Two profiles for the same matter: of each limit the one that ends earlier, the first's if both do."""

    def earlier(one: Step, other: Step) -> Step:
        return min(one, other, key=lambda step: step.due_at)

    return Calculation(
        profile=first.profile,
        sign=earlier(first.sign, second.sign),
        contact=earlier(first.contact, second.contact),
        result=earlier(first.result, second.result),
        return_window=earlier(first.return_window, second.return_window),
        calendar_known=first.calendar_known and second.calendar_known,
    )

"""The call plan as one document: everything that decides where a call goes, and nothing that is code.

Times of day are the city's clock. An empty reference (`""`) always means "none" or "as everywhere".
"""

from datetime import date, time
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Number = Annotated[str, Field(pattern=r"^[0-9]{3,15}$")]
Phone = Annotated[str, Field(pattern=r"^([0-9]{2,15})?$")]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Reference = Annotated[str, Field(pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]{0,59})?$")]
Named = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]
Key = Annotated[str, Field(pattern=r"^[0-9*#]$")]
Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f]*$")]
Text = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
Seconds = Annotated[int, Field(ge=1, le=3600)]
RingSeconds = Annotated[int, Field(ge=5, le=120)]
Seats = Annotated[int, Field(ge=0, le=2000)]


class Days(StrEnum):
    """Kinds of days, by the working-day calendar and the plan's own exceptions."""

    EVERY = "every"
    WORKING = "working"
    OFF = "off"  # weekends and public holidays, make-up days not among them


class AnsweredBy(StrEnum):
    """Who answers during a shift."""

    AGENTS = "agents"
    DUTY = "duty"  # one telephone, for instance at night


class WhenClosed(StrEnum):
    """Where a line leads while none of its shifts is on."""

    MESSAGE = "message"
    DUTY = "duty"
    LINE = "line"


class OverflowTo(StrEnum):
    """Where a caller gets who has waited for so long."""

    SKILL = "skill"  # to the agents with another skill, until a later step
    WIDER = "wider"  # to all agents, with the skill or without
    DUTY = "duty"  # rings a telephone; unanswered, the caller is back in the queue, at the same place
    MESSAGE = "message"
    CHAIN = "chain"  # on with the steps of another chain


class Deed(StrEnum):
    """What a key does, during the greeting and while waiting."""

    PROGRESS = "progress"  # hear how far my ticket is
    MESSAGE = "message"
    CALLBACK = "callback"  # be called back and keep my place
    LANGUAGE = "language"
    SLOWER = "slower"
    LOUDER = "louder"
    AGENT = "agent"  # to an agent at once, past the greeting or a leader


class KeysAnnounced(StrEnum):
    """When callers are told the keys."""

    NEVER = "never"
    WAITING = "waiting"
    FIRST = "first"  # a menu in front of a person: GB/T 33358 forbids it, and so does the checker


class Part(BaseModel):
    """Frozen, strict about unknown names, forgiving about spaces around words."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Tongue(Part):
    """A language or dialect that callers may ask for. `prompts` is the language of what we play, `skill` (of
    the table of skills) what its agents have; the first tongue of a plan is what everybody speaks.

    Who asks for it on a line that has a skill of its own waits for the language first, and from
    `skill_seconds` on for the line's skill."""

    code: Code
    name_zh: Name
    name_en: Name
    skill: Reference = ""
    skill_seconds: Seconds = 30
    prompts: Annotated[str, Field(pattern=r"^(zh|en)$")] = "zh"
    greeting: Reference = ""


class Shift(Part):
    """When somebody is there. It begins on days of this kind; ending at or before its beginning, it ends on
    the next day. `skills` are those that have a seat in it, none named means all."""

    code: Code
    name_zh: Name
    name_en: Name
    days: Days = Days.EVERY
    begins: time
    ends: time
    answered_by: AnsweredBy = AnsweredBy.AGENTS
    seats: Seats = 0
    skills: tuple[Named, ...] = ()
    phone: Phone = ""
    greeting: Reference = ""


class ExceptionDay(Part):
    """A date that is another kind of day than the calendar says."""

    day: date
    treated_as: Days
    note: Text = ""


class Minimum(Part):
    """How many seats must be planned at least."""

    days: Days = Days.EVERY
    begins: time
    ends: time
    seats: Annotated[int, Field(ge=1, le=2000)]


class OverflowStep(Part):
    """`after_seconds` counts from the beginning of the chain; `phone` rings for `ring_seconds` at most."""

    after_seconds: Seconds
    to: OverflowTo
    phone: Phone = ""
    ring_seconds: RingSeconds = 30
    skill: Reference = ""
    chain: Reference = ""


class Overflow(Part):
    """What happens, step by step, to a caller who waits, up to the message box."""

    code: Code
    name_zh: Name
    name_en: Name
    steps: tuple[OverflowStep, ...]


class Line(Part):
    """A dialled number that was merged into the hotline, or the hotline's own."""

    number: Number
    name_zh: Name
    name_en: Name
    greeting: Reference = ""
    department: Reference = ""
    skill: Reference = ""
    tongue: Reference = ""
    shifts: tuple[Code, ...] = ()
    when_closed: WhenClosed = WhenClosed.MESSAGE
    closed_line: Reference = ""
    closed_phone: Phone = ""
    overflow: Reference = ""
    priority: Annotated[int, Field(ge=0, le=10)] = 0


class Shortcut(Part):
    """A key and what it does."""

    key: Key
    deed: Deed
    tongue: Reference = ""


class Greeting(Part):
    """What callers hear before the queue: two prompts, under six seconds together."""

    greeting: Reference
    notice: Reference
    keys_prompt: Reference = ""
    keys_announced: KeysAnnounced = KeysAnnounced.NEVER


class LeaderSlot(Part):
    """A leader on the line, as announced: calls to `number` in this time ring `phone` first. What is outside
    `scope` goes to the agents."""

    leader: Name
    department: Reference = ""
    number: Number
    day: date
    begins: time
    ends: time
    phone: Phone
    scope: Text = ""
    greeting: Reference = ""


class SurgeOrders(Part):
    """What surge mode changes while it is on. The words of the banner are written when it is switched on;
    `banner` is a prepared prompt for the case that nobody writes any."""

    banner: Reference = ""
    short_intake: bool = True
    extra_seats: Seats = 0


class Plan(Part):
    """The whole plan."""

    lines: tuple[Line, ...]
    greeting: Greeting
    shifts: tuple[Shift, ...]
    exceptions: tuple[ExceptionDay, ...] = ()
    minimums: tuple[Minimum, ...] = ()
    tongues: tuple[Tongue, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    overflows: tuple[Overflow, ...]
    leaders: tuple[LeaderSlot, ...] = ()
    surge: SurgeOrders = SurgeOrders()

    def line(self, number: str) -> Line | None:
        """The line of a dialled number, or None."""
        return next((line for line in self.lines if line.number == number), None)

    def tongue(self, code: str) -> Tongue | None:
        """The language or dialect, or None."""
        return next((tongue for tongue in self.tongues if tongue.code == code), None)

    def overflow(self, code: str) -> Overflow | None:
        """The chain of this code; the first one for the empty code; None if there is none."""
        if not code:
            return next(iter(self.overflows), None)
        return next((overflow for overflow in self.overflows if overflow.code == code), None)

    def shifts_of(self, line: Line) -> tuple[Shift, ...]:
        """The shifts in which this line is answered."""
        if not line.shifts:
            return self.shifts
        return tuple(shift for shift in self.shifts if shift.code in line.shifts)

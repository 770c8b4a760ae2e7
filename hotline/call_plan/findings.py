"""What the checker can find, each with its place. The console has the words, in both languages."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from hotline.call_plan.document import Plan
from hotline.calls.rules import Reason
from hotline.deadlines.calendar import WorkingCalendar


class Severity(StrEnum):
    """An error keeps a plan from going live."""

    ERROR = "error"
    WARNING = "warning"


class Code(StrEnum):
    """What is wrong."""

    MAIN_NUMBER_MISSING = "main_number_missing"
    NUMBER_TWICE = "number_twice"
    NUMBER_IS_EMERGENCY = "number_is_emergency"
    NUMBER_IS_EXTENSION = "number_is_extension"
    CODE_TWICE = "code_twice"
    DATE_TWICE = "date_twice"
    KEY_TWICE = "key_twice"
    UNKNOWN_SHIFT = "unknown_shift"
    UNKNOWN_TONGUE = "unknown_tongue"
    UNKNOWN_CHAIN = "unknown_chain"
    UNKNOWN_LINE = "unknown_line"
    UNKNOWN_SKILL = "unknown_skill"
    UNKNOWN_DEPARTMENT = "unknown_department"
    PROMPT_MISSING = "prompt_missing"
    PROMPT_UNSET = "prompt_unset"
    PHONE_MISSING = "phone_missing"
    PHONE_IS_OURS = "phone_is_ours"
    PHONE_REFUSED = "phone_refused"
    TONGUE_UNSET = "tongue_unset"
    SKILL_UNSET = "skill_unset"
    LINE_LOOP = "line_loop"
    CHAIN_LOOP = "chain_loop"
    STEP_UNREACHABLE = "step_unreachable"
    CHAIN_WITHOUT_END = "chain_without_end"
    CHAIN_UNUSED = "chain_unused"
    SKILL_NEVER_ASKED = "skill_never_asked"
    SHIFT_UNUSED = "shift_unused"
    TONGUE_UNREACHABLE = "tongue_unreachable"
    CLOSED_UNREACHABLE = "closed_unreachable"
    NOBODY = "nobody"
    MESSAGE_ONLY = "message_only"
    TOO_FEW_SEATS = "too_few_seats"
    NO_SEATS = "no_seats"
    SKILL_NOT_ON = "skill_not_on"
    NOBODY_HAS_SKILL = "nobody_has_skill"
    TONGUE_WITHOUT_SKILL = "tongue_without_skill"
    MENU_FIRST = "menu_first"
    GREETING_TOO_LONG = "greeting_too_long"
    SLOT_BACKWARDS = "slot_backwards"
    SLOTS_OVERLAP = "slots_overlap"
    LEADER_TWICE = "leader_twice"
    SLOT_PAST = "slot_past"
    SLOT_ON_MAIN = "slot_on_main"
    SCOPE_UNSAID = "scope_unsaid"
    YEAR_UNKNOWN = "year_unknown"


_WARNINGS = frozenset(
    {
        Code.NUMBER_IS_EMERGENCY,
        Code.NUMBER_IS_EXTENSION,
        Code.CHAIN_WITHOUT_END,
        Code.CHAIN_UNUSED,
        Code.SKILL_NEVER_ASKED,
        Code.SHIFT_UNUSED,
        Code.TONGUE_UNREACHABLE,
        Code.CLOSED_UNREACHABLE,
        Code.MESSAGE_ONLY,
        Code.NO_SEATS,
        Code.SKILL_NOT_ON,
        Code.NOBODY_HAS_SKILL,
        Code.TONGUE_WITHOUT_SKILL,
        Code.SLOT_PAST,
        Code.SLOT_ON_MAIN,
        Code.SCOPE_UNSAID,
        Code.YEAR_UNKNOWN,
    }
)


@dataclass(frozen=True)
class Place:
    """Where in the document: the section's field of `Plan`, the entry's index if it is a list, the field."""

    section: str
    index: int | None = None
    field: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or that somebody should know."""

    code: Code
    place: Place
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """By the code alone."""
        return Severity.WARNING if self.code in _WARNINGS else Severity.ERROR


@dataclass(frozen=True)
class Surroundings:
    """What a plan is judged against: prompts that can be played with their length in seconds (None where that
    is not known), skills with how many active agents have each, departments by code, extensions of seats, and
    why a telephone may not be called (a `Reason`; None where it may)."""

    main_number: str
    today: date
    calendar: WorkingCalendar
    prompts: Mapping[str, float | None]
    skills: Mapping[str, int]
    departments: frozenset[str]
    extensions: frozenset[str]
    refusal: Callable[[str], Reason | None]


Check = Callable[[Plan, Surroundings], Iterator[Finding]]

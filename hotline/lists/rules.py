"""What a list may be narrowed to, and what of that may be kept. No database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hotline.redaction.rules import masked
from hotline.text_index import LONGEST_QUERY
from hotline.tickets.aims import Aim
from hotline.tickets.states import Urgency

LONGEST_NAME = 20
MOST_SAVED = 10  # of one list: more would be no row of chips any more
SOON = timedelta(hours=24)


class Due(StrEnum):
    """Where a limit stands now."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"
    NONE = "none"


class Obstacle(StrEnum):
    """Why a filter is not saved."""

    NO_NAME = "no_name"
    NAME_TOO_LONG = "name_too_long"
    NAME_TAKEN = "name_taken"
    TOO_MANY = "too_many"
    NOTHING_ASKED = "nothing_asked"
    TOO_LONG = "too_long"
    PERSONAL = "personal"


class FilterRefused(Exception):
    """The filter was not saved."""

    field = "name"

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle)
        self.obstacle = obstacle


@dataclass(frozen=True)
class Narrowing:
    """What a ticket of the list must be. Empty fields ask for nothing."""

    words: str = ""
    department_id: int | None = None
    category: str = ""
    due: Due | None = None
    channel: str = ""
    urgency: Urgency | None = None
    district: str = ""
    level: str = ""
    """Of supervision, in lists that have one."""
    cause: str = ""
    """Why it arose, as the newest reply says."""
    aim: Aim | None = None

    @property
    def asks(self) -> bool:
        """Whether anything is asked for at all."""
        return self != Narrowing()


def standing(due_at: datetime | None, now: datetime) -> Due:
    """Where this limit stands."""
    if due_at is None:
        return Due.NONE
    if due_at <= now:
        return Due.OVERDUE
    return Due.SOON if due_at <= now + SOON else Due.LATER


def check(name: str, asked: Mapping[str, str], names: list[str]) -> None:
    """Raises `FilterRefused` unless a filter may be kept under this name beside those `names`.

    What tells of a citizen, such as a telephone number, is looked for but not kept.
    """
    obstacles = {
        Obstacle.NO_NAME: not name,
        Obstacle.NAME_TOO_LONG: len(name) > LONGEST_NAME,
        Obstacle.NAME_TAKEN: name in names,
        Obstacle.TOO_MANY: len(names) >= MOST_SAVED,
        Obstacle.NOTHING_ASKED: not any(asked.values()),
        Obstacle.TOO_LONG: any(len(value) > LONGEST_QUERY for value in asked.values()),
        Obstacle.PERSONAL: any(masked(text) != text for text in (name, *asked.values())),
    }
    for obstacle, stands in obstacles.items():
        if stands:
            raise FilterRefused(obstacle)

"""When many tell of the same, and what a caller's words have in common with an incident. No database."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hotline.language.likeness import pairs
from hotline.people.actors import Role
from hotline.suggestions.similar import ROAD, Why, is_near, second_level

EDITORS = (Role.SUPERVISOR, Role.DISPATCHER)
"""Who decides on signals, and opens, changes and closes incidents."""
READERS = (*EDITORS, Role.DIRECTOR, Role.LEADER)

SAID = 0.5
"""Share of an incident's title that must be among a caller's words."""
_NOT_WORDS = re.compile(r"[\W\d_]+")


class Obstacle(StrEnum):
    """Why something is not done with an incident or a signal."""

    NO_TITLE = "no_title"
    NO_CATEGORY = "no_category"
    NO_DEMAND = "no_demand"
    NO_REASON = "no_reason"
    EXPECTED_IN_THE_PAST = "expected_in_the_past"
    MASTER_HAS_ONE = "master_has_one"
    NO_SUCH_INCIDENT = "no_such_incident"
    IS_OVER = "is_over"
    STALE = "stale"
    NOTHING_CHANGED = "nothing_changed"
    NOTHING_TO_TELL = "nothing_to_tell"
    ANOTHER_BANNER = "another_banner"
    DECIDED = "decided"


class IncidentRefused(ValueError):
    """Nothing was done; `obstacle` says why, `field` which of the fields it is about, if one."""

    def __init__(self, obstacle: Obstacle, field: str = "") -> None:
        super().__init__(obstacle.value)
        self.obstacle, self.field = obstacle, field


@dataclass(frozen=True)
class Told:
    """One citizen's ticket, as far as a group is counted by it."""

    ticket_id: int
    phone: str
    street: str
    address: str
    received_at: datetime


@dataclass(frozen=True)
class Group:
    """How many different citizens told of one place, by which tickets, the oldest first."""

    place: str
    citizens: int
    ticket_ids: tuple[int, ...]


def community_of(told: Told, communities: Sequence[str]) -> str:
    """The community that the address names; else its road, else the street office; "" where none is known.

    `communities` are names of the district, the longest first: one may be part of another.
    """
    named = next((name for name in communities if name in told.address), "")
    road = ROAD.match(told.address)
    return named or (road[0] if road else "") or told.street


def grouped(
    everything: Iterable[Told], communities: Sequence[str], decided: Mapping[str, datetime]
) -> list[Group]:
    """By community. What was told before somebody decided on a community's last signal is not counted."""
    by_place: dict[str, list[Told]] = {}
    for told in everything:
        place = community_of(told, communities)
        if place and not (place in decided and told.received_at <= decided[place]):
            by_place.setdefault(place, []).append(told)
    return [
        Group(place, len({one.phone for one in tickets}), tuple(one.ticket_id for one in tickets))
        for place, tickets in by_place.items()
    ]


@dataclass(frozen=True)
class About:
    """What an incident, or a caller's matter, is about."""

    category_code: str
    district: str
    address: str
    text: str


def in_common(incident: About, matter: About) -> tuple[Why, ...]:
    """What a caller's matter shares with an incident; nothing where it lies in another district."""
    if incident.district and matter.district and incident.district != matter.district:
        return ()
    one, two = second_level(incident.category_code), second_level(matter.category_code)
    shared = {
        Why.PLACE: is_near((incident.district, incident.address), (matter.district, matter.address)),
        Why.CATEGORY: bool(two) and one == two,
        Why.WORDS: _said(incident.text, matter.text) >= SAID,
    }
    return tuple(why for why, holds in shared.items() if holds)


def _said(title: str, text: str) -> float:
    """Share of the pairs of characters of a title that are said, wherever and in whatever order."""
    wanted, said = (set(pairs(_NOT_WORDS.sub("", words))) for words in (title, text))
    return len(wanted & said) / len(wanted) if wanted else 0.0

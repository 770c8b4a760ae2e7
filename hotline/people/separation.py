"""Separation of duties (rulebook B13): which roles one person may not hold together, and where.

"The same person may not both handle and call back, nor request and approve"; the administrator sees no
content; whoever looks over the others' shoulders is none of them (decision 0059).
"""

from collections.abc import Set
from enum import StrEnum
from typing import NamedTuple

from hotline.people.actors import Role

UNIT_ROLES = frozenset({Role.HANDLER, Role.UNIT_REVIEWER, Role.ASSIST_UNIT})
"""Of those who handle: they belong to a department."""
DESK_ROLES = frozenset(
    {
        Role.AGENT,
        Role.SCREENER,
        Role.DISPATCHER,
        Role.REVIEWER,
        Role.CALLBACK_AGENT,
        Role.SUPERVISOR,
        Role.DIRECTOR,
    }
)
"""Of the hotline itself: they belong to it, so that no department reviews or calls back its own work."""
DECIDING_ROLES = frozenset(
    {Role.DISPATCHER, Role.SUPERVISOR, Role.DIRECTOR, Role.GOVERNMENT_OFFICE, Role.INSPECTION_OFFICE}
)
"""They decide on returns, extensions and suspensions that departments ask for, and supervise them."""
ALONE = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.ASSESSOR})
NOBODYS = frozenset({Role.CITIZEN, Role.SYSTEM})
GIVEN = tuple(role for role in Role if role not in NOBODYS)
"""Roles that an administrator may give, in their order."""


class Clash(StrEnum):
    """Why a set of roles cannot be one person's."""

    HANDLES_AND_CALLS_BACK = "handles_and_calls_back"
    HANDLES_AND_REVIEWS = "handles_and_reviews"
    ASKS_AND_DECIDES = "asks_and_decides"
    WRITES_AND_APPROVES = "writes_and_approves"
    NOT_ALONE = "not_alone"
    NOBODYS_ROLE = "nobodys_role"
    NOT_OF_THE_HOTLINE = "not_of_the_hotline"
    NOT_OF_A_UNIT = "not_of_a_unit"


class Found(NamedTuple):
    """A clash and the roles that make it, in the order of `Role`."""

    clash: Clash
    roles: tuple[Role, ...]


def clashes(roles: Set[Role], in_hotline: bool) -> list[Found]:
    """Everything that forbids these roles to one person, who is of the hotline or of a department."""
    held = frozenset(roles)
    unit = held & UNIT_ROLES
    pairs = (
        (Clash.HANDLES_AND_CALLS_BACK, unit, held & {Role.CALLBACK_AGENT}),
        (Clash.HANDLES_AND_REVIEWS, unit, held & {Role.REVIEWER}),
        (Clash.ASKS_AND_DECIDES, unit, held & DECIDING_ROLES),
        (Clash.WRITES_AND_APPROVES, held & {Role.UNIT_REVIEWER}, held & {Role.HANDLER, Role.ASSIST_UNIT}),
        (Clash.NOT_ALONE, held & ALONE, held if len(held) > 1 else frozenset()),
        (Clash.NOBODYS_ROLE, held & NOBODYS, held & NOBODYS),
        (Clash.NOT_OF_THE_HOTLINE, held & DESK_ROLES, frozenset() if in_hotline else held & DESK_ROLES),
        (Clash.NOT_OF_A_UNIT, unit, unit if in_hotline else frozenset()),
    )
    return [Found(clash, _ordered(one | other)) for clash, one, other in pairs if one and other]


def _ordered(roles: Set[Role]) -> tuple[Role, ...]:
    return tuple(role for role in Role if role in roles)

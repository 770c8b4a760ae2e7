"""Who names, records and briefs, and why something is not taken. Pure."""

from enum import StrEnum

from hotline.people.actors import Role
from hotline.tickets.states import State

NAMERS = (Role.DISPATCHER, Role.SUPERVISOR, Role.DIRECTOR)
COORDINATORS = (*NAMERS, Role.GOVERNMENT_OFFICE)
"""Who can be named: people who may call departments together."""
BRIEFERS = (Role.SUPERVISOR, Role.DIRECTOR)
RECORDERS = BRIEFERS
"""Beside the coordinator."""
SETTLED = (State.DRAFT, State.CLOSED, State.WITHDRAWN, State.ARCHIVED, State.MERGED, State.TRANSFERRED)
FEWEST_DEPARTMENTS = 2


class Obstacle(StrEnum):
    """Why a step is not taken."""

    OTHER_TRACK = "other_track"
    OVER = "over"
    NO_TEXT = "no_text"
    NO_CHAIR = "no_chair"
    NO_COORDINATOR = "no_coordinator"
    TOO_FEW = "too_few"
    IN_FUTURE = "in_future"
    NOTHING_TO_READ = "nothing_to_read"


class CoordinationRefused(Exception):
    """A step is not taken; `obstacle` says why, `field` of the form where."""

    def __init__(self, obstacle: Obstacle, field: str = "") -> None:
        super().__init__(obstacle)
        self.obstacle, self.field = obstacle, field

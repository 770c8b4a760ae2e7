"""What a campaign is, who runs and reads it, and why a step of one is not taken."""

from enum import StrEnum

from hotline.people.actors import Role
from hotline.tickets.privacy import OFFICE_ROLES
from hotline.tickets.states import State

RUNNERS = (Role.SUPERVISOR, Role.DIRECTOR)
READERS = (*RUNNERS, *OFFICE_ROLES, Role.AUDITOR)
MOST_TICKETS = 300
MOST_POINTS = 200
POINT_RECORDERS = (*RUNNERS, Role.HANDLER, Role.UNIT_REVIEWER)
"""Who runs it, and the department that is responsible."""
DONE_STATES = (State.CLOSED, State.ARCHIVED, State.WITHDRAWN, State.NOT_ACCEPTED)
"""When nobody works on a named ticket any more. One that is merged goes with its master."""


class Kind(StrEnum):
    """举一反三, or 集中清理."""

    LOOK_ALIKE = "look_alike"
    CLEARING = "clearing"


class Obstacle(StrEnum):
    """Why a step of a campaign is not taken."""

    NO_TEXT = "no_text"
    NO_DEPARTMENT = "no_department"
    DUE_IN_PAST = "due_in_past"
    NOTHING_CHOSEN = "nothing_chosen"
    NOTHING_FOUND = "nothing_found"
    TOO_MANY = "too_many"
    NO_PLACES = "no_places"
    TOO_MANY_PLACES = "too_many_places"
    IN_FUTURE = "in_future"
    NO_FIX_BY = "no_fix_by"
    FIX_BEFORE_SEEN = "fix_before_seen"
    NO_FAULT = "no_fault"
    DONE = "done"


class CampaignRefused(Exception):
    """A step of a campaign is not taken; `obstacle` says why."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle)
        self.obstacle = obstacle

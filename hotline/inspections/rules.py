"""How inspections are made, by whom, and why a step of one is not taken."""

from enum import StrEnum

from hotline.people.actors import Role

RECORDERS = (Role.INSPECTION_OFFICE, Role.SUPERVISOR, Role.DIRECTOR)
READERS = (*RECORDERS, Role.GOVERNMENT_OFFICE, Role.LEADER, Role.AUDITOR)
MOST_FINDINGS = 50


class Manner(StrEnum):
    """明查, or 暗访."""

    OPEN = "open"
    UNDERCOVER = "undercover"


class Obstacle(StrEnum):
    """Why a step of an inspection is not taken."""

    NO_TEXT = "no_text"
    NO_DEPARTMENT = "no_department"
    NO_TICKET = "no_ticket"
    IN_FUTURE = "in_future"
    DUE_IN_PAST = "due_in_past"
    TOO_MANY = "too_many"
    NOTHING_FOUND = "nothing_found"
    NOT_CORRECTED = "not_corrected"
    DONE = "done"


class InspectionRefused(Exception):
    """A step of an inspection is not taken; `obstacle` says why."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle)
        self.obstacle = obstacle

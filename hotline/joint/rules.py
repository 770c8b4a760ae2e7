"""Who takes part in a joint supervision, and why a step of one is not taken. Pure."""

from collections.abc import Collection
from enum import StrEnum

from hotline.people.actors import Actor, Role
from hotline.tickets.privacy import OFFICE_ROLES

OPENERS = (Role.SUPERVISOR, Role.DIRECTOR)
"""The hotline's own part: they open it, write in it and end it."""
PARTNER_ROLES = (Role.MEDIA_SCREENER, Role.INSPECTION_OFFICE)
READERS = (*OPENERS, Role.AUDITOR, *OFFICE_ROLES)
"""Who reads every one; media read those in which they take part."""


class Obstacle(StrEnum):
    """Why a step of a joint supervision is not taken."""

    NO_TEXT = "no_text"
    NO_MEDIA = "no_media"
    NOT_A_PARTNER = "not_a_partner"
    GOES_ON = "goes_on"
    NOBODY_HANDLES = "nobody_handles"
    OVER = "over"
    ANSWERED = "answered"
    OWN_QUESTION = "own_question"
    PERSONAL = "personal"
    CASE_OPEN = "case_open"


class JointRefused(Exception):
    """A step of a joint supervision is not taken; `obstacle` says why, `field` of the form says where."""

    def __init__(self, obstacle: Obstacle, field: str = "") -> None:
        super().__init__(obstacle)
        self.obstacle, self.field = obstacle, field


def is_partner(actor: Actor, partner_ids: Collection[int]) -> bool:
    """Whether the actor speaks for an office that takes part."""
    return actor.has(*PARTNER_ROLES) and actor.department_id in partner_ids


def may_read(actor: Actor, partner_ids: Collection[int]) -> bool:
    """Whether the actor reads this one."""
    return actor.has(*READERS) or is_partner(actor, partner_ids)


def may_write(actor: Actor, partner_ids: Collection[int]) -> bool:
    """Whether the actor says and asks something in it: the hotline, and every office that takes part."""
    return actor.has(*OPENERS) or is_partner(actor, partner_ids)


def may_draft(actor: Actor, partner_ids: Collection[int]) -> bool:
    """What the public is told is drafted by the media alone."""
    return actor.has(Role.MEDIA_SCREENER) and is_partner(actor, partner_ids)

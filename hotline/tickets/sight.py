"""What each role sees of a citizen's name, number and address: the `m` of rulebook B13, as data.

The columns are a ticket's confidentiality. Whether a role opens the ticket at all is `privacy.may_read`.
"""

from collections.abc import Collection, Mapping
from enum import IntEnum
from typing import NamedTuple

from hotline.people.actors import Role
from hotline.tickets.states import Confidentiality


class Sight(IntEnum):
    """How much of it; the more, the greater."""

    NOTHING = 0  # no business of theirs
    MASKED = 1
    FOR_A_REASON = 2  # masked, until they say why they must know; that is logged
    FULL = 3


class Sees(NamedTuple):
    """What a role sees in a normal ticket, in one hidden from departments, and in a sealed one."""

    normal: Sight
    hidden: Sight
    sealed: Sight = Sight.NOTHING


_NOTHING = Sees(Sight.NOTHING, Sight.NOTHING)
_MASKED = Sees(Sight.MASKED, Sight.MASKED)
_FOR_A_REASON = Sees(Sight.FOR_A_REASON, Sight.FOR_A_REASON)
_FULL = Sees(Sight.FULL, Sight.FULL)
_UNIT = Sees(Sight.FULL, Sight.MASKED)

SEES: Mapping[Role, Sees] = {
    Role.CITIZEN: _NOTHING,  # their own page asks for number and code
    Role.AGENT: _FULL,
    Role.SCREENER: _FULL,
    Role.MEDIA_SCREENER: _MASKED,  # of joint supervision; what they type in themselves is theirs
    Role.DISPATCHER: _FULL,
    Role.HANDLER: _UNIT,
    Role.UNIT_REVIEWER: _UNIT,
    Role.ASSIST_UNIT: _UNIT,
    Role.REVIEWER: _FULL,
    Role.CALLBACK_AGENT: _FOR_A_REASON,
    Role.SUPERVISOR: _FOR_A_REASON,
    Role.DIRECTOR: _FOR_A_REASON,
    Role.GOVERNMENT_OFFICE: _MASKED,
    Role.INSPECTION_OFFICE: Sees(Sight.FOR_A_REASON, Sight.MASKED),  # it inspects on the spot
    Role.LEADER: _MASKED,
    Role.PETITION_OFFICE: _UNIT,  # it handles what is referred to it
    Role.DISCIPLINE: Sees(Sight.NOTHING, Sight.NOTHING, Sight.FULL),
    Role.ANALYST: _MASKED,
    Role.ASSESSOR: _MASKED,
    Role.PUBLISHER: _MASKED,
    Role.KNOWLEDGE_EDITOR: _NOTHING,
    Role.AUDITOR: _MASKED,  # whoever checks the others' unmasking does none
    Role.ADMINISTRATOR: _NOTHING,
    Role.SYSTEM: _NOTHING,
}


UNMASKERS = tuple(role for role, sees in SEES.items() if Sight.FOR_A_REASON in sees)
"""Who may have a citizen shown in full, for a reason."""


def sight(roles: Collection[Role], confidentiality: Confidentiality) -> Sight:
    """The most that any of the roles sees."""
    return max((getattr(SEES[role], confidentiality.value) for role in roles), default=Sight.NOTHING)


def with_full_sight() -> tuple[Role, ...]:
    """Roles that see everything which is not sealed."""
    return tuple(role for role, sees in SEES.items() if sees.normal is sees.hidden is Sight.FULL)

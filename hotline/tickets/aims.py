"""What a citizen wants of the government, by the type of the matter: 问政, 问计, 问需 (001-12). Pure."""

from collections.abc import Mapping
from enum import StrEnum

from hotline.tickets.states import TicketType


class Aim(StrEnum):
    """Somebody's conduct is to be looked at, something is proposed, or something is needed."""

    OVERSIGHT = "oversight"
    ADVICE = "advice"
    NEED = "need"


AIM_OF: Mapping[TicketType, Aim] = {
    TicketType.COMPLAINT: Aim.OVERSIGHT,
    TicketType.REPORT: Aim.OVERSIGHT,
    TicketType.SUGGESTION: Aim.ADVICE,
    TicketType.HELP: Aim.NEED,
    TicketType.CONSULTATION: Aim.NEED,
}
"""Praise, and what is nothing of all this, wants nothing."""


def types_of(aim: Aim) -> list[TicketType]:
    """The types in which it is told."""
    return [one for one, wanted in AIM_OF.items() if wanted is aim]

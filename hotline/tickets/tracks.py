"""The four tracks as data (rulebook B3, C18; requirements 003-14 to 003-17).

Track and urgency are separate fields: a track proposes an urgency. Only 特别办 is bound to one, because it is
defined by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hotline.tickets.states import TicketTrack, Urgency


@dataclass(frozen=True)
class Track:
    """What a track asks for.

    `urgencies` are those that fit, the proposed one first; `binding` where no other may be set. `profile` is
    the deadline profile that the rulebook names for it, laid over the city's own where the settings say so.
    `departments` is how many take part at least, unless their remit is disputed. `leaders_first`: a brief
    goes to leaders before anything else.
    """

    urgencies: tuple[Urgency, ...]
    binding: bool = False
    profile: str = ""
    departments: int = 1
    has_coordinator: bool = False
    leaders_first: bool = False
    supervised: bool = False

    @property
    def proposes(self) -> Urgency:
        """The urgency of a ticket for which nobody chose one."""
        return self.urgencies[0]


ANY = (Urgency.NORMAL, Urgency.URGENT, Urgency.FLASH)

TRACKS: Mapping[TicketTrack, Track] = {
    TicketTrack.SPECIAL: Track((Urgency.URGENT, Urgency.FLASH), binding=True),
    TicketTrack.TIMELY: Track(ANY, profile="137"),
    TicketTrack.COORDINATED: Track(ANY, departments=2, has_coordinator=True),
    TicketTrack.HIGH_LEVEL: Track(
        (Urgency.URGENT, Urgency.FLASH, Urgency.NORMAL), leaders_first=True, supervised=True
    ),
}


PREPARED = tuple(track for track, rule in TRACKS.items() if rule.has_coordinator or rule.leaders_first)
"""Tracks whose tickets are not dispatched before somebody is named, or told."""


def fits(track: TicketTrack, urgency: Urgency) -> bool:
    """Whether a ticket of this track may have this urgency."""
    rule = TRACKS[track]
    return not rule.binding or urgency in rule.urgencies

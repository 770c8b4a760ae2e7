"""Which numbers the hotline may call, who may have them called, and when: the rules against toll fraud.

Whoever gets hold of a telephone system calls premium and foreign numbers at somebody else's cost. So only
what is allowed by name can be dialled, and what costs most can be dialled by nobody.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from hotline.calls.ports import NotDialable
from hotline.numbering import EMERGENCY, NATIONAL, PREMIUM
from hotline.people.actors import Role

_PREMIUM = re.compile(PREMIUM)
_SHAPE = re.compile(r"[0-9]{3,20}")
_ORNAMENT = re.compile(r"[ ()-]")
_WITHOUT_AREA = re.compile(r"1[3-9]\d{9}|400\d{7}|0.*")
_HOME = re.compile(r"^(\+86|0086)")


class Purpose(StrEnum):
    """Why a number is called."""

    FOLLOW_UP = "follow_up"  # the hotline asks a citizen after the reply
    CALLBACK = "callback"  # a citizen who did not reach anybody
    DIRECTORY = "directory"  # a duty telephone that stands in the directory
    EMERGENCY = "emergency"  # 110, 119, 120, 122
    OUTSIDE = "outside"  # a number that an agent types
    PLAN = "plan"  # a telephone that the call plan names: on duty, or a leader's


class Reason(StrEnum):
    """Why a number is not called; the console has a sentence for each."""

    NOT_A_NUMBER = "not_a_number"
    INTERNATIONAL = "international"
    PREMIUM = "premium"
    NOT_LISTED = "not_listed"  # no allowed pattern fits
    NOT_BY_THIS_ROLE = "not_by_this_role"
    NOT_AT_THIS_HOUR = "not_at_this_hour"
    TOO_MANY = "too_many"  # calls by this person in this minute


class OutgoingRefused(NotDialable):
    """The number is not called. The text holds the reason, never the number."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


WHO: dict[Purpose, frozenset[Role]] = {
    Purpose.FOLLOW_UP: frozenset({Role.SYSTEM, Role.CALLBACK_AGENT, Role.SUPERVISOR}),
    Purpose.CALLBACK: frozenset({Role.SYSTEM, Role.AGENT, Role.CALLBACK_AGENT, Role.SUPERVISOR}),
    Purpose.DIRECTORY: frozenset({Role.AGENT, Role.CALLBACK_AGENT, Role.SUPERVISOR, Role.HANDLER}),
    Purpose.EMERGENCY: frozenset({Role.AGENT, Role.CALLBACK_AGENT, Role.SUPERVISOR}),
    Purpose.OUTSIDE: frozenset({Role.AGENT, Role.SUPERVISOR}),
    Purpose.PLAN: frozenset({Role.SYSTEM, Role.SUPERVISOR}),
}


_LISTED = (Purpose.DIRECTORY, Purpose.PLAN)
"""For these a number of the directory is allowed without a pattern."""


@dataclass(frozen=True)
class OutgoingRules:
    """What this hotline allows."""

    patterns: Sequence[str] = NATIONAL
    """Regular expressions of whole numbers, as they are dialled inside the country."""
    hours: tuple[time, time] = (time(7), time(22))
    """Local hours in which a number that an agent types may be called; equal times: the whole day."""

    def check(
        self, number: str, purpose: Purpose, roles: Collection[Role], at: time, listed: bool = False
    ) -> str:
        """The digits to dial. Raises `OutgoingRefused`.

        `at` is the time of the city's clock; `listed` says that the number stands in the directory.
        """
        digits = plain(number)
        if WHO[purpose].isdisjoint(roles):
            raise OutgoingRefused(Reason.NOT_BY_THIS_ROLE)
        if not self._allows(digits, purpose, listed):
            raise OutgoingRefused(Reason.NOT_LISTED)
        if purpose is Purpose.OUTSIDE and not self._open(at):
            raise OutgoingRefused(Reason.NOT_AT_THIS_HOUR)
        return digits

    def fits(self, digits: str) -> bool:
        """Whether an allowed pattern describes the whole number."""
        return any(re.fullmatch(pattern, digits) for pattern in self.patterns)

    def _allows(self, digits: str, purpose: Purpose, listed: bool) -> bool:
        if purpose is Purpose.EMERGENCY:
            return digits in EMERGENCY
        return self.fits(digits) or (listed and purpose in _LISTED)

    def _open(self, at: time) -> bool:
        opens, closes = self.hours
        if opens == closes:
            return True
        return opens <= at < closes if opens < closes else at >= opens or at < closes


def plain(number: str) -> str:
    """The digits to dial inside the country: blanks, hyphens, brackets, `+86` and `0086` go.

    Raises `OutgoingRefused` for what nobody may call, whatever the settings say.
    """
    unadorned = _ORNAMENT.sub("", number)
    bare = _HOME.sub("", unadorned)
    if bare != unadorned and not _WITHOUT_AREA.fullmatch(bare):
        bare = f"0{bare}"  # an area code loses its 0 behind the country's
    if bare.startswith(("+", "00")):
        raise OutgoingRefused(Reason.INTERNATIONAL)
    if not _SHAPE.fullmatch(bare):
        raise OutgoingRefused(Reason.NOT_A_NUMBER)
    if _PREMIUM.fullmatch(bare):
        raise OutgoingRefused(Reason.PREMIUM)
    return bare

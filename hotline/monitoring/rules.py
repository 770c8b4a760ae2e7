"""When a supervisor may be with a call, and when a pause has lasted too long. Pure functions and tables."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from hotline.monitoring.models import Mode

LONGEST_REASON = 200

PAUSE_LIMITS: Mapping[str, timedelta] = {
    "break": timedelta(minutes=15),
    "meal": timedelta(minutes=45),
    "paperwork": timedelta(minutes=30),
    "training": timedelta(hours=4),
}
"""By the pause's reason. Any other pause (a line that broke, one ordered by a supervisor) is a short one."""
OTHER_PAUSE_LIMIT = timedelta(minutes=15)

_LEG = re.compile(r"(?:.+-)?monitor-\d+\.\d+")


class MonitoringRefused(Exception):
    """The core refuses what a supervisor asks; nothing has changed."""


class NoSuchCall(MonitoringRefused):
    """There is no call of this id."""


class CallIsOver(MonitoringRefused):
    """Everybody has hung up already."""


class NothingToListenTo(MonitoringRefused):
    """Nobody talks yet: the caller hears prompts or music."""


class NobodyToWhisperTo(MonitoringRefused):
    """No agent is in the talk any more."""


class SomebodySpeaks(MonitoringRefused):
    """Another supervisor whispers or takes part; one at a time. `name` is theirs."""

    def __init__(self, name: str) -> None:
        super().__init__("another supervisor speaks on this call")
        self.name = name


class OnAnotherCall(MonitoringRefused):
    """The supervisor is with another call; that one is ended first."""


class NoOwnTelephone(MonitoringRefused):
    """The supervisor has no seat, or no telephone of it is registered."""


class TelephoneElsewhere(MonitoringRefused):
    """No telephone of the supervisor is registered at the exchange that has the call."""


class OwnTelephoneBusy(MonitoringRefused):
    """The supervisor's telephone talks, or still rings for this call."""


class HoldsTheCaller(MonitoringRefused):
    """The supervisor has the caller alone: whoever only listened would leave them with nobody."""


class ListeningToOneself(MonitoringRefused):
    """The supervisor is the agent of this call."""


class NoSession(MonitoringRefused):
    """The supervisor is with no call."""


class NotWaiting(MonitoringRefused):
    """The caller is not waiting any more."""


class SeatNotFree(MonitoringRefused):
    """The agent to whom a caller should go is not free."""


class NoSuchLine(MonitoringRefused):
    """There is no line of this skill."""


class ReasonNeeded(MonitoringRefused):
    """This act is done for a reason, which the audit log keeps."""


@dataclass(frozen=True)
class Situation:
    """What must be known before a supervisor goes into a call."""

    over: bool = False
    talking: bool = True
    agent_is_there: bool = True
    is_own_call: bool = False
    has_telephone: bool = True
    telephone_busy: bool = False
    on_another_call: bool = False
    holds_the_caller: bool = False
    speaker: str = ""
    """Another supervisor who is heard on this call."""


def check(situation: Situation, mode: Mode) -> None:
    """Raise the refusal that comes first; return if the supervisor may go on."""
    if situation.over:
        raise CallIsOver
    if not situation.talking:
        raise NothingToListenTo
    if situation.is_own_call:
        raise ListeningToOneself
    if not situation.has_telephone:
        raise NoOwnTelephone
    if situation.on_another_call:
        raise OnAnotherCall
    if situation.telephone_busy:
        raise OwnTelephoneBusy
    if situation.holds_the_caller and not mode.joins:
        raise HoldsTheCaller
    if mode is Mode.WHISPER and not situation.agent_is_there:
        raise NobodyToWhisperTo
    if mode.is_heard and situation.speaker:
        raise SomebodySpeaks(situation.speaker)


def reasoned(text: str) -> str:
    """The reason as it is kept. Raises `ReasonNeeded` when there is none."""
    words = " ".join(text.split())[:LONGEST_REASON]
    if not words:
        raise ReasonNeeded
    return words


def pause_is_too_long(reason: str, lasting: timedelta) -> bool:
    """Whether a pause with this reason has lasted longer than it should."""
    return lasting > PAUSE_LIMITS.get(reason, OTHER_PAUSE_LIMIT)


def channel_of(session_id: int, epoch: int, pbx: str) -> str:
    """The uniqueid that a supervisor's leg is given: `[pbx-]monitor-<seconds>.<session>`.

    Asterisk, when it bridges channels, keeps the older one's call by the numbers behind the last hyphen.
    """
    return f"{pbx}{'-' if pbx else ''}monitor-{epoch}.{session_id}"


def is_supervisors(uniqueid: str) -> bool:
    """Whether a leg is a supervisor's: it counts as nobody's answer."""
    return _LEG.fullmatch(uniqueid) is not None

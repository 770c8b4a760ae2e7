"""What Asterisk tells of supervisors' legs. They are known by their uniqueid, which the core gave them."""

import re
from dataclasses import dataclass

from hotline.calls.ports import Supervising
from hotline.monitoring.rules import is_supervisors
from ivr.ami.client import Packet

ORDER = "monitor-"
"""How the AMI action that rings a supervisor begins; the session's id follows."""
TAKEN_OVER = "HotlineTakenOver"
"""The event of call control's own that says whose call it is now."""
BY_ITSELF = "rest"
"""The dialplan's word for a leg whose agent has gone, and which listens at the citizen's end."""

_SESSION = re.compile(rf"{ORDER}(?P<session_id>\d+)")


@dataclass(frozen=True)
class SupervisorHeard:
    """A supervisor's leg is with its call in this way from now on."""

    uniqueid: str
    how: Supervising
    by_itself: bool = False


@dataclass(frozen=True)
class SupervisorJoined:
    """A supervisor's leg is in a room with others of its call. Told anew whenever it changes the room."""

    linkedid: str
    uniqueid: str
    channel: str
    bridge: str


@dataclass(frozen=True)
class CallTakenOver(SupervisorJoined):
    """The call has become this supervisor's."""


@dataclass(frozen=True)
class SupervisorLeft:
    """A supervisor's leg is gone."""

    uniqueid: str


@dataclass(frozen=True)
class SupervisorNotReached:
    """The supervisor's telephone was not picked up, or could not be rung."""

    session_id: int


SupervisorEvent = SupervisorHeard | SupervisorJoined | CallTakenOver | SupervisorLeft | SupervisorNotReached


def supervisor_heard(packet: Packet) -> SupervisorEvent | None:
    """Of a `HotlineSupervising` of the dialplan."""
    mode = packet.get("Mode")
    if mode == BY_ITSELF:
        return SupervisorHeard(packet.get("Uniqueid"), Supervising.LISTEN, by_itself=True)
    if mode not in set(Supervising):
        return None
    return SupervisorHeard(packet.get("Uniqueid"), Supervising(mode))


def supervisor_joined(packet: Packet) -> SupervisorEvent | None:
    """Of a `BridgeEnter`; None for anybody else's leg."""
    uniqueid = packet.get("Uniqueid")
    if not is_supervisors(uniqueid):
        return None
    where = packet.get("Channel"), packet.get("BridgeUniqueid")
    return SupervisorJoined(packet.get("Linkedid"), uniqueid, *where)


def taken_over(packet: Packet) -> SupervisorEvent | None:
    """Of a `HotlineTakenOver` of call control; None for anybody else's leg."""
    leg = packet.get("Leg")
    if not is_supervisors(leg):
        return None
    return CallTakenOver(packet.get("Call"), leg, packet.get("Name"), packet.get("Bridge"))


def supervisor_left(packet: Packet) -> SupervisorEvent | None:
    """Of a `Hangup`; None for anybody else's leg."""
    uniqueid = packet.get("Uniqueid")
    return SupervisorLeft(uniqueid) if is_supervisors(uniqueid) else None


def supervisor_not_reached(packet: Packet) -> SupervisorEvent | None:
    """Of an `OriginateResponse`; None for any other order, and for one that succeeded."""
    found = _SESSION.fullmatch(packet.get("ActionID"))
    if found is None or packet.get("Response") != "Failure":
        return None
    return SupervisorNotReached(int(found["session_id"]))

"""Events about people who are talking: who is in which bridge, on hold, muted, recorded, not reached."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from hotline.conversations.service import THIRD
from ivr.ami.client import Packet

MUTED = "HotlineMuted"
RELAY_ORDER = "relay-call-"
"""How the AMI action that rings the department of a relay call begins; the relay's id follows."""

_THIRD = re.compile(rf"(?:[a-z0-9]+-)?{THIRD}[0-9a-f]+")
_RELAY = re.compile(rf"{RELAY_ORDER}(?P<relay_id>\d+)")
_HELPERS = ("music-", "quiet-")


@dataclass(frozen=True)
class BridgeEntered:
    """A channel is in a bridge, and hears whoever else is there."""

    linkedid: str
    uniqueid: str
    channel: str
    bridge: str


@dataclass(frozen=True)
class BridgeLeft:
    """A channel is no longer in this bridge."""

    uniqueid: str
    bridge: str


@dataclass(frozen=True)
class LegHolding:
    """Somebody pressed hold on the telephone itself (`on`), or released it."""

    uniqueid: str
    on: bool


@dataclass(frozen=True)
class LegMuted:
    """The hotline muted a channel, or no longer does."""

    uniqueid: str
    on: bool


@dataclass(frozen=True)
class BackToCaller:
    """Whom an agent consulted has hung up, and the dialplan has brought the agent back to the caller."""

    caller: str


@dataclass(frozen=True)
class LegNotRecorded:
    """The recordings of a channel hold silence from now on (`on`), or sound again."""

    linkedid: str
    uniqueid: str
    on: bool


@dataclass(frozen=True)
class ThirdNotReached:
    """Asterisk could not connect a third party. Why, says the end of its channel, if there was one."""

    uniqueid: str


@dataclass(frozen=True)
class RelayTold:
    """A relay call has come so far: `citizen` rings, they are `talking`, or it is `over`."""

    relay_id: int
    linkedid: str
    folder: str
    state: str


@dataclass(frozen=True)
class RelayNotReached:
    """The department's telephone was not picked up, or could not be rung."""

    relay_id: int


TalkEvent = (
    BridgeEntered
    | BridgeLeft
    | LegHolding
    | LegMuted
    | BackToCaller
    | LegNotRecorded
    | ThirdNotReached
    | RelayTold
    | RelayNotReached
)


def is_third(uniqueid: str) -> bool:
    """Whether this is the channel of somebody whom an agent rang."""
    return _THIRD.fullmatch(uniqueid) is not None


def bridge_entered(packet: Packet) -> TalkEvent | None:
    """None for the helpers that make music."""
    uniqueid = packet.get("Uniqueid")
    if uniqueid.startswith(_HELPERS):
        return None
    where = packet.get("Channel"), packet.get("BridgeUniqueid")
    return BridgeEntered(packet.get("Linkedid"), uniqueid, *where)


def not_reached(packet: Packet) -> TalkEvent | None:
    """Of an `OriginateResponse`; None for any other order, and for one that succeeded."""
    action = packet.get("ActionID")
    if packet.get("Response") != "Failure":
        return None
    if found := _RELAY.fullmatch(action):
        return RelayNotReached(int(found["relay_id"]))
    return ThirdNotReached(action) if is_third(action) else None


def _bridge_left(packet: Packet) -> TalkEvent:
    return BridgeLeft(packet.get("Uniqueid"), packet.get("BridgeUniqueid"))


def _holds(packet: Packet) -> TalkEvent:
    return LegHolding(packet.get("Uniqueid"), packet.name == "Hold")


def _not_recorded(packet: Packet) -> TalkEvent | None:
    """What the caller's channel is told is what the call is told: its recording is the mix."""
    return LegNotRecorded(packet.get("Linkedid"), packet.get("Uniqueid"), packet.get("State") == "1")


def _muted(packet: Packet) -> TalkEvent:
    return LegMuted(packet.get("Leg"), packet.get("Muted") == "1")


def _back_to_caller(packet: Packet) -> TalkEvent:
    return BackToCaller(packet.get("Caller"))


def _relay_told(packet: Packet) -> TalkEvent | None:
    relay_id = packet.get("Relay")
    if not relay_id.isdecimal():
        return None
    where = packet.get("Linkedid"), packet.get("Folder")
    return RelayTold(int(relay_id), *where, packet.get("State"))


TALK_USER_EVENTS: dict[str, Callable[[Packet], TalkEvent | None]] = {
    MUTED: _muted,
    "HotlineBackToCaller": _back_to_caller,
    "HotlineRelay": _relay_told,
}

TALK_READERS: dict[str, Callable[[Packet], TalkEvent | None]] = {
    "BridgeLeave": _bridge_left,
    "Hold": _holds,
    "Unhold": _holds,
    "MixMonitorMute": _not_recorded,
}

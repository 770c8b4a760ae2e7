"""AMI packets become frozen dataclasses here, at the edge; all that the hotline does not use is dropped.

Fields by Asterisk 22's documentation of each event. A caller's number is kept out of every repr.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ivr.ami.client import Packet

FOLLOW_UP = "follow-up-"
"""How the names of dialled follow-ups begin: of the channel (given by the core), and of the AMI action, where
the attempt's identity follows, which the outcome carries back."""
_UP = "6"

_ATTEMPT = re.compile(rf"{FOLLOW_UP}(?P<attempt_id>\d+)")
_SEAT = re.compile(r"(?:PJSIP/)?(?:agent|desk)-(?P<extension>\d{2,10})(?:-[0-9a-f]{8})?")


@dataclass(frozen=True)
class CallerJoined:
    """A caller entered the queue."""

    linkedid: str
    uniqueid: str
    channel: str
    queue: str
    number: str = field(repr=False)


@dataclass(frozen=True)
class AgentCalled:
    """The queue rings an agent."""

    linkedid: str
    extension: str


@dataclass(frozen=True)
class AgentConnected:
    """An agent answered; `uniqueid` and `channel` are the agent's leg."""

    linkedid: str
    extension: str
    uniqueid: str
    channel: str


@dataclass(frozen=True)
class RingNoAnswer:
    """An agent let it ring, refused, or lost the race."""

    linkedid: str
    extension: str


@dataclass(frozen=True)
class MemberChanged:
    """One of a seat's telephones in the queue: present and paused or not. Not its ringing or talking."""

    extension: str
    interface: str
    present: bool
    paused: bool
    reason: str


@dataclass(frozen=True)
class ContactChanged:
    """A telephone registered (`reachable`) or went; `endpoint` and `uri` tell it from the seat's others."""

    extension: str
    endpoint: str
    uri: str = field(repr=False)
    reachable: bool = True


@dataclass(frozen=True)
class ChannelHungUp:
    """A leg is gone. `cause` is Q.850's number; `answered` whether it was ever up."""

    linkedid: str
    uniqueid: str
    cause: int
    answered: bool

    @property
    def is_the_callers(self) -> bool:
        """The leg that began the call gave it its `linkedid`."""
        return self.uniqueid == self.linkedid


@dataclass(frozen=True)
class FollowUpHungUp(ChannelHungUp):
    """The citizen whom we dialled for a follow-up is gone; the core named the channel."""


@dataclass(frozen=True)
class CallFinished:
    """The dialplan says how a citizen's call ended, just before the caller's channel goes."""

    linkedid: str
    answered: bool
    callback_owed: bool


@dataclass(frozen=True)
class AgentBroken:
    """An agent's line broke in a talk; the caller hears music, the agent is fetched back."""

    linkedid: str
    extension: str


@dataclass(frozen=True)
class AgentLost:
    """An agent whose line broke did not come back in time; the caller waits in the queue again."""

    linkedid: str
    extension: str


@dataclass(frozen=True)
class CallParting:
    """The agent has hung up; the caller is still there, and hears the last words."""

    linkedid: str


@dataclass(frozen=True)
class FollowUpNotReached:
    """Asterisk could not connect a follow-up. Why, says the end of its channel, if there was one."""

    attempt_id: int


TelephoneEvent = (
    CallerJoined
    | AgentCalled
    | AgentConnected
    | RingNoAnswer
    | MemberChanged
    | ContactChanged
    | ChannelHungUp
    | FollowUpHungUp
    | CallFinished
    | AgentBroken
    | AgentLost
    | CallParting
    | FollowUpNotReached
)


def extension_of(name: str) -> str | None:
    """The seat of an endpoint, interface or channel name, or None: `PJSIP/agent-1001-0000002a` -> `1001`."""
    found = _SEAT.fullmatch(name)
    return found["extension"] if found else None


def read_event(packet: Packet) -> TelephoneEvent | None:
    """The event of a packet, or None for one that the hotline does not use."""
    reader = _READERS.get(packet.name)
    return reader(packet) if reader else None


def is_wanted(packet: Packet) -> bool:
    """Whether `read_event` knows packets of this name: cheap enough for the reader thread."""
    return packet.name in _READERS


def _caller_joined(packet: Packet) -> TelephoneEvent:
    return CallerJoined(
        packet.get("Linkedid"),
        packet.get("Uniqueid"),
        packet.get("Channel"),
        packet.get("Queue"),
        _known(packet.get("CallerIDNum")),
    )


def _agent_called(packet: Packet) -> TelephoneEvent | None:
    extension = extension_of(packet.get("Interface"))
    return AgentCalled(packet.get("Linkedid"), extension) if extension else None


def _agent_connected(packet: Packet) -> TelephoneEvent | None:
    extension = extension_of(packet.get("Interface"))
    if extension is None:
        return None
    leg = packet.get("DestUniqueid"), packet.get("DestChannel")
    return AgentConnected(packet.get("Linkedid"), extension, *leg)


def _ring_no_answer(packet: Packet) -> TelephoneEvent | None:
    extension = extension_of(packet.get("Interface"))
    return RingNoAnswer(packet.get("Linkedid"), extension) if extension else None


def _member_changed(packet: Packet) -> TelephoneEvent | None:
    # QueueMember, the entry of a list, says Location and Name where the events say Interface.
    interface = packet.get("Interface") or packet.get("Location")
    extension = extension_of(interface)
    if extension is None:
        return None
    present = packet.name != "QueueMemberRemoved"
    paused, reason = packet.get("Paused") == "1", packet.get("PausedReason")
    return MemberChanged(extension, interface, present, paused, reason)


def _contact_changed(packet: Packet) -> TelephoneEvent | None:
    endpoint = packet.get("EndpointName") or packet.get("AOR")
    extension = extension_of(endpoint)
    if extension is None:
        return None
    gone = packet.get("ContactStatus") in ("Removed", "Unreachable")
    return ContactChanged(extension, endpoint, packet.get("URI"), not gone)


def _contact_listed(packet: Packet) -> TelephoneEvent | None:
    """An entry of PJSIPShowContacts."""
    endpoint = packet.get("Endpoint") or packet.get("Aor") or packet.get("ObjectName").partition(";")[0]
    extension = extension_of(endpoint)
    if extension is None:
        return None
    return ContactChanged(extension, endpoint, packet.get("Uri"), packet.get("Status") != "Unreachable")


def _channel_hung_up(packet: Packet) -> TelephoneEvent:
    cause = packet.get("Cause")
    linkedid, uniqueid = packet.get("Linkedid"), packet.get("Uniqueid")
    dialled = uniqueid == linkedid and uniqueid.startswith(FOLLOW_UP)
    return (FollowUpHungUp if dialled else ChannelHungUp)(
        linkedid,
        uniqueid,
        int(cause) if cause.isdecimal() else 0,
        packet.get("ChannelState") == _UP,
    )


def _originate_response(packet: Packet) -> TelephoneEvent | None:
    found = _ATTEMPT.fullmatch(packet.get("ActionID"))
    if found is None or packet.get("Response") != "Failure":
        return None
    return FollowUpNotReached(int(found["attempt_id"]))


def _user_event(packet: Packet) -> TelephoneEvent | None:
    reader = _USER_EVENTS.get(packet.get("UserEvent"))
    return reader(packet) if reader else None


def _call_finished(packet: Packet) -> TelephoneEvent:
    answered, owed = packet.get("Answered") == "yes", packet.get("CallbackOwed") == "yes"
    return CallFinished(packet.get("Linkedid"), answered, owed)


def _agent_broken(packet: Packet) -> TelephoneEvent:
    return AgentBroken(packet.get("Linkedid"), packet.get("Extension"))


def _agent_lost(packet: Packet) -> TelephoneEvent:
    return AgentLost(packet.get("Linkedid"), packet.get("Extension"))


def _agent_back(packet: Packet) -> TelephoneEvent | None:
    """Told on the agent's new channel, which the queue knows nothing of."""
    extension = extension_of(packet.get("Channel"))
    if extension is None:
        return None
    leg = packet.get("Uniqueid"), packet.get("Channel")
    return AgentConnected(packet.get("Linkedid"), extension, *leg)


def _call_parting(packet: Packet) -> TelephoneEvent:
    return CallParting(packet.get("Linkedid"))


def _known(number: str) -> str:
    """Asterisk writes `<unknown>` where there is no number."""
    return "" if number == "<unknown>" else number


_USER_EVENTS: dict[str, Callable[[Packet], TelephoneEvent | None]] = {
    "HotlineCallFinished": _call_finished,
    "HotlineAgentBroken": _agent_broken,
    "HotlineAgentBack": _agent_back,
    "HotlineAgentLost": _agent_lost,
    "HotlineParting": _call_parting,
}

_READERS: dict[str, Callable[[Packet], TelephoneEvent | None]] = {
    "QueueCallerJoin": _caller_joined,
    "AgentCalled": _agent_called,
    "AgentConnect": _agent_connected,
    "AgentRingNoAnswer": _ring_no_answer,
    "QueueMemberAdded": _member_changed,
    "QueueMemberRemoved": _member_changed,
    "QueueMemberPause": _member_changed,
    "QueueMember": _member_changed,
    "ContactStatus": _contact_changed,
    "ContactList": _contact_listed,
    "Hangup": _channel_hung_up,
    "OriginateResponse": _originate_response,
    "UserEvent": _user_event,
}

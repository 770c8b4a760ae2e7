"""AMI packets become frozen dataclasses here, at the edge; all that the hotline does not use is dropped.

Fields by Asterisk 22's documentation of each event. A caller's number is kept out of every repr.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from hotline.queueing.rules import GENERAL
from ivr.ami.break_events import BREAK_USER_EVENTS, AgentRejoined, BreakEvent
from ivr.ami.client import Packet
from ivr.ami.line_events import LINE_EVENTS, LineEvent
from ivr.ami.security_events import SECURITY_READERS, Refused
from ivr.ami.supervisor_events import (
    TAKEN_OVER,
    SupervisorEvent,
    supervisor_heard,
    supervisor_joined,
    supervisor_left,
    supervisor_not_reached,
    taken_over,
)
from ivr.ami.talk_events import TALK_READERS, TALK_USER_EVENTS, TalkEvent, bridge_entered, not_reached

FOLLOW_UP = "follow-up-"
"""How the names of dialled follow-ups begin: of the channel (given by the core), and of the AMI action, where
the attempt's identity follows, which the outcome carries back."""
_UP = "6"
_LINE_STATES = ("NOT_INUSE", "RINGING", "INUSE")
"""Of a native headset that is switched on."""

_ATTEMPT = re.compile(rf"{FOLLOW_UP}(?P<attempt_id>\d+)")
_SEAT = re.compile(
    r"(?:PJSIP/)?(?:agent|desk)-(?P<sip>\d{2,10})(?:-[0-9a-f]{8})?"
    # A native headset: the interface, and of its two channels the one that meets the citizen.
    r"|Local/(?P<headset>\d{2,10})@headset(?:/n|-[0-9a-f]{8};1)"
)


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
class SeatRung:
    """The call plan, or a supervisor who moved a caller, rings a seat: the queue knows nothing of it."""

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
    cut_off: bool = False
    """Asterisk was stopped in the middle of it."""


@dataclass(frozen=True)
class CallParting:
    """The agent has hung up; the caller is still there, and hears the last words."""

    linkedid: str


@dataclass(frozen=True)
class PhoneRings:
    """A telephone of the call plan that is no seat rings in the queue's place."""

    linkedid: str
    phone: str


@dataclass(frozen=True)
class PhoneRangOut:
    """It rings no more, and nobody took the call."""

    linkedid: str


@dataclass(frozen=True)
class DutyAnswered:
    """A telephone that is no seat answered in the queue's place; `uniqueid` and `channel` are its leg."""

    linkedid: str
    uniqueid: str
    channel: str
    phone: str


@dataclass(frozen=True)
class PhoneNotAnswered:
    """A telephone of the call plan rang in the queue's place, and nobody took the call."""

    linkedid: str


@dataclass(frozen=True)
class FollowUpNotReached:
    """Asterisk could not connect a follow-up. Why, says the end of its channel, if there was one."""

    attempt_id: int


TelephoneEvent = (
    CallerJoined
    | Refused
    | AgentCalled
    | SeatRung
    | AgentConnected
    | RingNoAnswer
    | MemberChanged
    | ContactChanged
    | LineEvent
    | SupervisorEvent
    | TalkEvent
    | ChannelHungUp
    | FollowUpHungUp
    | CallFinished
    | BreakEvent
    | CallParting
    | PhoneRings
    | PhoneRangOut
    | DutyAnswered
    | PhoneNotAnswered
    | FollowUpNotReached
)


def extension_of(name: str) -> str | None:
    """The seat of an endpoint, interface or channel name, or None: `PJSIP/agent-1001-0000002a` -> `1001`."""
    found = _SEAT.fullmatch(name)
    return (found["sip"] or found["headset"]) if found else None


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
    # Everybody is in the general queue; what happens in those of the skills follows from that.
    if extension is None or packet.get("Queue") not in ("", GENERAL):
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


def _device_changed(packet: Packet) -> TelephoneEvent | None:
    """Of a native headset, whose line sets the state; other devices tell more by their contacts."""
    device = packet.get("Device").removeprefix("Custom:")
    extension = device.removeprefix("headset-")
    if not extension.isdecimal() or device == extension:
        return None
    return ContactChanged(extension, device, "", packet.get("State") in _LINE_STATES)


def _channel_hung_up(packet: Packet) -> TelephoneEvent:
    if supervisors := supervisor_left(packet):
        return supervisors
    cause = packet.get("Cause")
    linkedid, uniqueid = packet.get("Linkedid"), packet.get("Uniqueid")
    dialled = uniqueid == linkedid and uniqueid.startswith(FOLLOW_UP)
    return (FollowUpHungUp if dialled else ChannelHungUp)(
        linkedid,
        uniqueid,
        int(cause) if cause.isdecimal() else 0,
        packet.get("ChannelState") == _UP,
    )


def _bridge_entered(packet: Packet) -> TelephoneEvent | None:
    return supervisor_joined(packet) or bridge_entered(packet)


def _originate_response(packet: Packet) -> TelephoneEvent | None:
    if others := supervisor_not_reached(packet) or not_reached(packet):
        return others
    found = _ATTEMPT.fullmatch(packet.get("ActionID"))
    if found is None or packet.get("Response") != "Failure":
        return None
    return FollowUpNotReached(int(found["attempt_id"]))


def _user_event(packet: Packet) -> TelephoneEvent | None:
    reader = _USER_EVENTS.get(packet.get("UserEvent"))
    return reader(packet) if reader else None


def _call_finished(packet: Packet) -> TelephoneEvent:
    answered, owed, cut_off = (packet.get(name) == "yes" for name in ("Answered", "CallbackOwed", "CutOff"))
    return CallFinished(packet.get("Linkedid"), answered, owed, cut_off)


def _agent_back(packet: Packet) -> TelephoneEvent | None:
    """Told on the agent's new channel, of which the queue knows nothing."""
    extension = packet.get("Extension") or extension_of(packet.get("Channel"))
    if extension is None:
        return None
    leg = packet.get("Uniqueid"), packet.get("Channel")
    if packet.get("Others") == "yes":
        return AgentRejoined(packet.get("Call"), extension, *leg)
    return AgentConnected(packet.get("Linkedid"), extension, *leg)


def _seat_rings(packet: Packet) -> TelephoneEvent:
    return SeatRung(packet.get("Linkedid"), packet.get("Extension"))


def _seat_rang_out(packet: Packet) -> TelephoneEvent:
    return RingNoAnswer(packet.get("Linkedid"), packet.get("Extension"))


def _call_parting(packet: Packet) -> TelephoneEvent:
    return CallParting(packet.get("Linkedid"))


def _known(number: str) -> str:
    """Asterisk writes `<unknown>` where there is no number."""
    return "" if number == "<unknown>" else number


def _phone_rings(packet: Packet) -> TelephoneEvent:
    return PhoneRings(packet.get("Linkedid"), packet.get("Phone"))


def _phone_rang_out(packet: Packet) -> TelephoneEvent:
    return PhoneRangOut(packet.get("Linkedid"))


def _phone_not_answered(packet: Packet) -> TelephoneEvent:
    return PhoneNotAnswered(packet.get("Linkedid"))


def _duty_answered(packet: Packet) -> TelephoneEvent:
    leg = packet.get("Uniqueid"), packet.get("Channel")
    return DutyAnswered(packet.get("Linkedid"), *leg, packet.get("Phone"))


_USER_EVENTS: dict[str, Callable[[Packet], TelephoneEvent | None]] = {
    **LINE_EVENTS,
    **TALK_USER_EVENTS,
    **BREAK_USER_EVENTS,
    "HotlineCallFinished": _call_finished,
    "HotlineAgentBack": _agent_back,
    "HotlineParting": _call_parting,
    "HotlinePhoneRings": _phone_rings,
    "HotlinePhoneRangOut": _phone_rang_out,
    "HotlineDutyAnswered": _duty_answered,
    "HotlineNotTaken": _phone_not_answered,
    "HotlineSeatRings": _seat_rings,
    "HotlineSeatRangOut": _seat_rang_out,
    "HotlineSupervising": supervisor_heard,
    TAKEN_OVER: taken_over,
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
    "DeviceStateChange": _device_changed,
    **TALK_READERS,
    **SECURITY_READERS,
    "BridgeEnter": _bridge_entered,
    "Hangup": _channel_hung_up,
    "OriginateResponse": _originate_response,
    "UserEvent": _user_event,
}

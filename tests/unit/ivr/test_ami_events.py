"""Packets of a real Asterisk become events, and nothing else does."""

import pytest

from ivr.ami.client import Packet
from ivr.ami.events import (
    AgentCalled,
    AgentConnected,
    CallerJoined,
    CallFinished,
    ChannelHungUp,
    ContactChanged,
    FollowUpHungUp,
    FollowUpNotReached,
    MemberChanged,
    RingNoAnswer,
    extension_of,
    is_wanted,
    read_event,
)
from ivr.ami.talk_events import BridgeEntered, BridgeLeft
from tests.unit.ivr.recordings_of_asterisk import AGENTS_LEG, ANSWERED, recorded

DESK = "PJSIP/desk-1001"
CALLERS_CHANNEL = "PJSIP/trunk-00000000"
AGENTS_CHANNEL = "PJSIP/desk-1001-00000001"


def events_of(name: str) -> list[object]:
    return [event for packet in recorded(name) if (event := read_event(packet)) is not None]


def test_an_answered_call() -> None:
    phone = "sip:phone-1001@127.0.0.3"
    events = events_of("answered_call")
    registrations = [event for event in events if isinstance(event, ContactChanged)]
    assert {event.extension for event in registrations} == {"1001"}
    assert all(event.reachable and event.uri.startswith(phone) for event in registrations)
    bridging = [event for event in events if isinstance(event, BridgeEntered | BridgeLeft)]
    assert [type(event) for event in bridging] == [BridgeEntered, BridgeEntered, BridgeLeft, BridgeLeft]
    assert [event for event in events if event not in (*registrations, *bridging)] == [
        MemberChanged("1001", DESK, present=True, paused=False, reason=""),
        MemberChanged("1001", DESK, present=True, paused=False, reason=""),
        CallerJoined(ANSWERED, ANSWERED, CALLERS_CHANNEL, "hotline", "13800138000"),
        AgentCalled(ANSWERED, "1001"),
        AgentConnected(ANSWERED, "1001", AGENTS_LEG, AGENTS_CHANNEL),
        CallFinished(ANSWERED, answered=True, callback_owed=False),
        ChannelHungUp(ANSWERED, AGENTS_LEG, 16, answered=True),
        ChannelHungUp(ANSWERED, ANSWERED, 16, answered=True),
    ]


def test_a_busy_follow_up() -> None:
    not_reached, hung_up = events_of("busy_follow_up")
    assert not_reached == FollowUpNotReached(2)
    assert isinstance(hung_up, ChannelHungUp)
    assert (type(hung_up), hung_up.cause, hung_up.answered) == (FollowUpHungUp, 17, False)


def test_only_names_that_are_read_pass_the_reader() -> None:
    packets = recorded("answered_call")
    assert {packet.name for packet in packets if not is_wanted(packet)} >= {"Newstate", "BridgeCreate"}
    assert all(is_wanted(packet) for packet in packets if read_event(packet) is not None)


def test_the_callers_number_is_in_no_repr() -> None:
    reprs = [repr(event) for event in events_of("answered_call")] + list(map(repr, recorded("answered_call")))
    assert not any("13800138000" in text for text in reprs)


@pytest.mark.parametrize(
    ("name", "extension"),
    [
        ("PJSIP/agent-1001", "1001"),
        ("PJSIP/agent-1001-0000002a", "1001"),
        ("desk-1002", "1002"),
        ("PJSIP/trunk-0000002a", None),
        ("PJSIP/agent-1001@evil", None),
        ("Local/agent-1001@x", None),
        ("", None),
    ],
)
def test_extensions(name: str, extension: str | None) -> None:
    assert extension_of(name) == extension


@pytest.mark.parametrize(
    ("packet", "event"),
    [
        (
            Packet("AgentRingNoAnswer", {"Linkedid": "1.1", "Interface": "PJSIP/agent-1001"}),
            RingNoAnswer("1.1", "1001"),
        ),
        (
            Packet("QueueMemberPause", {"Interface": DESK, "Paused": "1", "PausedReason": "午餐"}),
            MemberChanged("1001", DESK, present=True, paused=True, reason="午餐"),
        ),
        (
            Packet("QueueMemberRemoved", {"Interface": DESK, "Paused": "0"}),
            MemberChanged("1001", DESK, present=False, paused=False, reason=""),
        ),
        (
            Packet("QueueMember", {"Location": DESK, "Paused": "0"}),
            MemberChanged("1001", DESK, present=True, paused=False, reason=""),
        ),
        (
            Packet(
                "ContactStatus", {"EndpointName": "desk-1001", "ContactStatus": "Removed", "URI": "sip:x"}
            ),
            ContactChanged("1001", "desk-1001", "sip:x", reachable=False),
        ),
        (
            Packet("ContactList", {"Endpoint": "desk-1001", "Status": "Reachable", "Uri": "sip:x"}),
            ContactChanged("1001", "desk-1001", "sip:x", reachable=True),
        ),
        (
            Packet(
                "UserEvent", {"UserEvent": "HotlineCallFinished", "Linkedid": "1.1", "CallbackOwed": "yes"}
            ),
            CallFinished("1.1", answered=False, callback_owed=True),
        ),
        (
            Packet("QueueCallerJoin", {"Linkedid": "1.1", "CallerIDNum": "<unknown>"}),
            CallerJoined("1.1", "", "", "", ""),
        ),
    ],
)
def test_single_packets(packet: Packet, event: object) -> None:
    assert read_event(packet) == event


@pytest.mark.parametrize(
    "packet",
    [
        Packet("Newexten", {"Linkedid": "1.1"}),
        Packet("AgentCalled", {"Linkedid": "1.1", "Interface": "Local/somebody@else"}),
        Packet("AgentConnect", {"Linkedid": "1.1"}),
        Packet("QueueMemberAdded", {"Interface": "PJSIP/trunk"}),
        Packet("ContactStatus", {"EndpointName": "trunk"}),
        Packet("UserEvent", {"UserEvent": "SomebodyElses"}),
        Packet("OriginateResponse", {"ActionID": "follow-up-x", "Response": "Failure"}),
        Packet("OriginateResponse", {"ActionID": "follow-up-7", "Response": "Success"}),
        Packet("OriginateResponse", {"ActionID": "other-7", "Response": "Failure"}),
    ],
)
def test_what_is_not_ours_is_dropped(packet: Packet) -> None:
    assert read_event(packet) is None


def test_an_odd_cause_is_no_fault() -> None:
    hung_up = read_event(Packet("Hangup", {"Linkedid": "1.1", "Uniqueid": "1.2", "Cause": "x"}))
    assert hung_up == ChannelHungUp("1.1", "1.2", 0, answered=False)

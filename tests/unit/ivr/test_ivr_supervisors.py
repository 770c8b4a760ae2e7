"""Supervisors' legs in what Asterisk tells, and in the legs of a call."""

import pytest

from hotline.calls.ports import Supervising
from ivr.ami.client import Packet
from ivr.ami.events import ChannelHungUp, FollowUpNotReached, TelephoneEvent, read_event
from ivr.ami.supervisor_events import (
    CallTakenOver,
    SupervisorHeard,
    SupervisorJoined,
    SupervisorLeft,
    SupervisorNotReached,
)
from ivr.cel import CallStory, parse_row

LEG, PHONE = "monitor-1763768000.12", "PJSIP/desk-2001-00000001"


@pytest.mark.parametrize(
    ("name", "headers", "event"),
    [
        ("Hangup", {"Uniqueid": LEG, "Linkedid": LEG}, SupervisorLeft(LEG)),
        ("Hangup", {"Uniqueid": LEG, "Linkedid": "1763768000.1"}, SupervisorLeft(LEG)),
        (
            "Hangup",
            {"Uniqueid": f"east-{LEG}", "Linkedid": "east-1763768000.1"},
            SupervisorLeft(f"east-{LEG}"),
        ),
        (
            "BridgeEnter",
            {"Uniqueid": LEG, "Linkedid": "1763768000.1", "Channel": PHONE, "BridgeUniqueid": "room"},
            SupervisorJoined("1763768000.1", LEG, PHONE, "room"),
        ),
        (
            "UserEvent",
            {
                "UserEvent": "HotlineTakenOver",
                "Leg": LEG,
                "Call": "1763768000.1",
                "Name": PHONE,
                "Bridge": "room",
            },
            CallTakenOver("1763768000.1", LEG, PHONE, "room"),
        ),
        ("UserEvent", {"UserEvent": "HotlineTakenOver", "Leg": "1763768000.2", "Call": "1763768000.1"}, None),
        ("OriginateResponse", {"ActionID": "monitor-12", "Response": "Failure"}, SupervisorNotReached(12)),
        ("OriginateResponse", {"ActionID": "monitor-12", "Response": "Success"}, None),
        (
            "OriginateResponse",
            {"ActionID": "follow-up-12", "Response": "Failure"},
            FollowUpNotReached(12),
        ),
        (
            "UserEvent",
            {"UserEvent": "HotlineSupervising", "Uniqueid": LEG, "Mode": "whisper"},
            SupervisorHeard(LEG, Supervising.WHISPER),
        ),
        (
            "UserEvent",
            {"UserEvent": "HotlineSupervising", "Uniqueid": LEG, "Mode": "rest"},
            SupervisorHeard(LEG, Supervising.LISTEN, by_itself=True),
        ),
        ("UserEvent", {"UserEvent": "HotlineSupervising", "Uniqueid": LEG, "Mode": "shout"}, None),
    ],
)
def test_a_supervisors_leg_is_told_apart(
    name: str, headers: dict[str, str], event: TelephoneEvent | None
) -> None:
    assert read_event(Packet(name, headers)) == event


def test_anybody_elses_hang_up_is_a_hang_up() -> None:
    packet = Packet("Hangup", {"Uniqueid": "1763768000.2", "Linkedid": "1763768000.1", "Cause": "16"})
    assert isinstance(read_event(packet), ChannelHungUp)


def test_a_supervisor_who_barged_in_is_no_agent_of_the_story() -> None:
    rows = [
        f'"1.1","{uniqueid}","{event}","2026-11-22T00:00:0{second}Z","","s","agents","{channel}","","",""'
        for second, (uniqueid, event, channel) in enumerate(
            [
                ("1.1", "CHAN_START", "PJSIP/trunk-00000000"),
                ("1.2", "ANSWER", "PJSIP/desk-1001-00000001"),
                (LEG, "BRIDGE_ENTER", "PJSIP/desk-2001-00000002"),
                (LEG, "ANSWER", "PJSIP/desk-2001-00000002"),
            ]
        )
    ]
    told = [row for row in map(parse_row, rows) if row is not None]
    assert len(told) == len(rows)
    story = CallStory("1.1", told[0].at, told[0].at)
    for row in told:
        story.tell(row)
    assert [leg.extension for leg in story.agents.values()] == ["1001"]

"""Orders to the PBX: what is sent, what is refused before it is sent, and a PBX that is away."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hotline.calls.ports import CallControl, NotDialable, NoTelephone, TelephoneAway
from hotline.config import Settings
from ivr.control import AmiCallControl, dialable
from ivr.control.seats import WAKING_KEY
from tests.unit.ami.manager_side import PATIENT, ManagerSide, Reply, packet, silence


def refusal(message: str) -> Reply:
    return lambda action: packet(Response="Error", ActionID=action["ActionID"], Message=message)


def listing(name: str, *entries: dict[str, str]) -> Reply:
    def reply(action: dict[str, str]) -> str:
        mine = action["ActionID"]
        listed = [packet(Event=name, ActionID=mine, **entry) for entry in entries]
        start = packet(Response="Success", ActionID=mine, EventList="start")
        return start + "".join(listed) + packet(Event=f"{name}End", ActionID=mine, EventList="Complete")

    return reply


def registered(*endpoints: str, status: str = "Reachable") -> Reply:
    return listing("ContactList", *({"Endpoint": endpoint, "Status": status} for endpoint in endpoints))


def waiting(*channels: str) -> Reply:
    """Callers in the queue, told from the last to the first."""
    places = [{"Channel": name, "Position": str(place)} for place, name in enumerate(channels, 1)]
    return listing("QueueEntry", *reversed(places))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(state_dir=tmp_path)


@pytest.fixture
def asterisk(settings: Settings) -> Iterator[ManagerSide]:
    with ManagerSide(secret=settings.secrets.ami) as side:
        side.on("PJSIPShowContacts", registered("agent-1001", "desk-1001"))
        side.on("QueueStatus", waiting())
        yield side


@pytest.fixture
def control(settings: Settings, asterisk: ManagerSide) -> CallControl:
    return AmiCallControl(settings.model_copy(update={"ami_port": asterisk.port}), PATIENT)


def asked(asterisk: ManagerSide) -> list[tuple[str, str]]:
    """Actions and the interfaces or channels that they are about, in their order."""
    questions = ("Login", "PJSIPShowContacts", "QueueStatus", "Getvar")
    orders = [headers for headers in asterisk.actions if headers["Action"] not in questions]
    return [(order["Action"], order.get("Interface") or order.get("Channel", "")) for order in orders]


def test_a_seat_becomes_ready_at_its_browser_phone(asterisk: ManagerSide, control: CallControl) -> None:
    control.make_ready("1001")
    assert asked(asterisk) == [
        ("QueueAdd", "PJSIP/agent-1001"),
        ("QueuePause", "PJSIP/agent-1001"),
        ("QueueRemove", "Local/1001@headset/n"),
        ("QueueRemove", "PJSIP/desk-1001"),
    ]
    assert asterisk.asked("QueuePause")[0]["Paused"] == "false"
    assert asterisk.asked("QueueAdd")[0]["MemberName"] == "1001"


def test_a_seat_becomes_ready_at_the_desk_phone_that_alone_is_registered(
    asterisk: ManagerSide, control: CallControl
) -> None:
    asterisk.on("PJSIPShowContacts", registered("desk-1001"))
    control.make_ready("1001")
    assert asked(asterisk)[0] == ("QueueAdd", "PJSIP/desk-1001")
    assert asked(asterisk)[-1] == ("QueueRemove", "PJSIP/agent-1001")


@pytest.mark.parametrize("contacts", [refusal("No Contacts found"), registered("desk-1002")])
def test_a_seat_without_a_telephone_does_not_become_ready(
    asterisk: ManagerSide, control: CallControl, contacts: Reply
) -> None:
    asterisk.on("PJSIPShowContacts", contacts)
    with pytest.raises(NoTelephone):
        control.make_ready("1001")
    assert asked(asterisk) == []


def test_a_telephone_that_does_not_answer_the_exchange_is_none(
    asterisk: ManagerSide, control: CallControl
) -> None:
    asterisk.on("PJSIPShowContacts", registered("desk-1001", status="Unreachable"))
    with pytest.raises(NoTelephone):
        control.make_ready("1001")


def test_who_waits_in_front_is_told_to_look(asterisk: ManagerSide, control: CallControl) -> None:
    asterisk.on("QueueStatus", waiting("PJSIP/trunk-00000007", "PJSIP/trunk-00000008"))
    control.make_ready("1001")
    [key] = asterisk.asked("PlayDTMF")
    assert (key["Channel"], key["Digit"], key["Receive"]) == ("PJSIP/trunk-00000007", WAKING_KEY, "true")


def test_who_hangs_up_in_front_is_no_fault(asterisk: ManagerSide, control: CallControl) -> None:
    asterisk.on("QueueStatus", waiting("PJSIP/trunk-00000007"))
    asterisk.on("PlayDTMF", refusal("Channel not found"))
    control.make_ready("1001")


def test_what_is_so_already_is_no_fault(asterisk: ManagerSide, control: CallControl) -> None:
    asterisk.on("QueueAdd", refusal("Unable to add interface: Already there"))
    asterisk.on("QueueRemove", refusal("Unable to remove interface: Not there"))
    control.make_ready("1001")
    asterisk.on("QueuePause", refusal("Interface not found"))
    control.pause("1001", "午餐")
    control.sign_off("1001")
    asterisk.on("Hangup", refusal("No such channel"))
    control.hang_up("PJSIP/trunk-00000001")


def test_any_other_refusal_is_told(asterisk: ManagerSide, control: CallControl) -> None:
    asterisk.on("QueueAdd", refusal("Unable to add interface to queue: No such queue"))
    with pytest.raises(TelephoneAway):
        control.make_ready("1001")


def test_a_pause_says_why_in_one_line(asterisk: ManagerSide, control: CallControl) -> None:
    control.pause("1001", "午餐\r\nAction: Command")
    assert [order["Reason"] for order in asterisk.asked("QueuePause")] == ["午餐 Action: Command"] * 3
    assert asterisk.asked("Command") == []


def test_a_citizen_is_dialled_into_the_follow_up(asterisk: ManagerSide, control: CallControl) -> None:
    control.call_citizen("+86 138-0013-8000", 7, "follow-up-3-abc")
    [order] = asterisk.asked("Originate")
    assert order["Channel"] == "PJSIP/13800138000@trunk"
    assert (order["Context"], order["Exten"], order["Async"]) == ("follow-up", "s", "true")
    assert (order["ActionID"], order["ChannelId"]) == ("follow-up-7", "follow-up-3-abc")
    assert (order["Variable"], order["CallerID"]) == ("ATTEMPT=7", "12345")


@pytest.mark.parametrize(
    ("number", "dialled"),
    [("13800138000", "13800138000"), ("008613800138000", "13800138000"), ("(010) 6000 1234", "01060001234")],
)
def test_numbers(number: str, dialled: str) -> None:
    assert dialable(number) == dialled


@pytest.mark.parametrize(
    "number",
    [
        "",
        "anonymous",
        "+1202555",
        "1" * 21,
        "13800138000@evil",
        "138&PJSIP/1",
        "138\r\nAction: Command",
        "１３８００",
    ],
)
def test_no_number_is_refused_before_anything_is_sent(
    asterisk: ManagerSide, control: CallControl, number: str
) -> None:
    with pytest.raises(NotDialable) as refused:
        control.call_citizen(number, 7, "follow-up-3-abc")
    assert asterisk.actions == []
    assert number not in str(refused.value) or not number


@pytest.mark.parametrize("channel", ["", "a b", "a\r\nb", "x" * 121])
def test_odd_channels_are_refused(asterisk: ManagerSide, control: CallControl, channel: str) -> None:
    with pytest.raises(ValueError, match="channel"):
        control.hang_up(channel)
    with pytest.raises(ValueError, match="channel"):
        control.call_citizen("13800138000", 7, channel)
    assert asterisk.actions == []


@pytest.mark.parametrize("extension", ["", "1001&x", "1\r\n2", "a"])
def test_odd_extensions_are_refused(asterisk: ManagerSide, control: CallControl, extension: str) -> None:
    with pytest.raises(ValueError, match="extension"):
        control.sign_off(extension)
    assert asked(asterisk) == []


def test_a_pbx_that_is_away(asterisk: ManagerSide, control: CallControl) -> None:
    asterisk.close()
    try:
        with pytest.raises(TelephoneAway, match="AmiLost"):
            control.sign_off("1001")
    finally:
        asterisk.open()
    control.sign_off("1001")


def test_a_pbx_that_does_not_answer(asterisk: ManagerSide, settings: Settings) -> None:
    here = settings.model_copy(update={"ami_port": asterisk.port})
    control = AmiCallControl(here, replace(PATIENT, answer=0.3))
    asterisk.on("QueueRemove", silence)
    with pytest.raises(TelephoneAway, match="AmiTimeout"):
        control.sign_off("1001")

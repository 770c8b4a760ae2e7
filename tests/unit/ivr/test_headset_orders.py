"""Orders about native headsets, and what Asterisk tells of them."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hotline.calls.ports import CallControl, NoHeadsetCall, TelephoneAway
from hotline.config import Settings
from hotline.line_settings import PbxAddress
from ivr.ami.client import Packet
from ivr.ami.events import ContactChanged, MemberChanged, extension_of, read_event
from ivr.ami.lists import headsets_among
from ivr.control import AmiCallControl
from tests.unit.ami.manager_side import PATIENT, ManagerSide, Reply, packet, silence
from tests.unit.ivr.test_ivr_control import refusal, registered, waiting

CALL = "Local/1001@headset-0000002a;2"
LINE = "WebSocket/INCOMING/0x7f2158001cb0"


def variables(values: dict[str, str]) -> Reply:
    """Answers of Getvar by the variable's name."""

    def reply(action: dict[str, str]) -> str:
        value = values.get(action["Variable"], "")
        return packet(Response="Success", ActionID=action["ActionID"], Value=value)

    return reply


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(state_dir=tmp_path)


@pytest.fixture
def asterisk(settings: Settings) -> Iterator[ManagerSide]:
    with ManagerSide(secret=settings.secrets.ami) as side:
        side.on("PJSIPShowContacts", registered("agent-1001"))
        side.on("QueueStatus", waiting())
        yield side


@pytest.fixture
def control(settings: Settings, asterisk: ManagerSide) -> CallControl:
    return AmiCallControl(settings.model_copy(update={"ami_port": asterisk.port}), PATIENT)


def test_a_line_is_opened_in_place_of_an_old_one(asterisk: ManagerSide, control: CallControl) -> None:
    asterisk.on("Getvar", variables({"HEADSET_1001": LINE, "MEDIA_WEBSOCKET_CONNECTION_ID": "abc"}))
    line = control.open_line("1001")
    assert (line.pbx.name, line.connection) == ("", "abc")
    assert [order["Channel"] for order in asterisk.asked("Hangup")] == [LINE]
    [order] = asterisk.asked("Originate")
    assert (order["Context"], order["Exten"]) == ("headset-line", "1001")
    assert order["ChannelId"].startswith("headset-1001-")


def test_a_line_that_does_not_come_is_told(asterisk: ManagerSide, control: CallControl) -> None:
    asterisk.on("Getvar", variables({}))
    with pytest.raises(TelephoneAway):
        control.open_line("1001")


@pytest.mark.parametrize("extension", ["", "1", "1001;2", "10 01", "../1001"])
def test_what_is_no_extension_is_sent_nowhere(
    asterisk: ManagerSide, control: CallControl, extension: str
) -> None:
    for order in (control.open_line, control.close_line, control.headset_rings, control.headset_hangs_up):
        with pytest.raises(ValueError, match="not an extension"):
            order(extension)
    assert asterisk.asked("Originate") == asterisk.asked("Hangup") == []


def test_the_call_is_led_where_the_headset_says(asterisk: ManagerSide, control: CallControl) -> None:
    asterisk.on("Getvar", variables({"HEADSET_CALL_1001": CALL}))
    control.headset_rings("1001")
    control.headset_answers("1001")
    control.headset_hangs_up("1001")
    led = [(order["Channel"], order["Context"], order["Exten"]) for order in asterisk.asked("Redirect")]
    assert led == [(CALL, "headset-rings", "1001"), (CALL, "headset-talks", "1001")]
    assert [order["Channel"] for order in asterisk.asked("Hangup")] == [CALL]


def test_an_answer_right_after_the_ring_waits_for_it(asterisk: ManagerSide, control: CallControl) -> None:
    asterisk.on("Getvar", variables({"HEADSET_CALL_1001": CALL}))
    tried: list[str] = []

    def not_up_at_first(action: dict[str, str]) -> str:
        tried.append(action["Context"])
        if len(tried) < 3:
            return refusal("Redirect failed, channel not up.")(action)
        return packet(Response="Success", ActionID=action["ActionID"])

    asterisk.on("Redirect", not_up_at_first)
    control.headset_answers("1001")
    assert tried == ["headset-talks"] * 3


@pytest.mark.parametrize("order", ["headset_rings", "headset_answers", "headset_hangs_up"])
def test_a_call_that_is_over_is_told(asterisk: ManagerSide, control: CallControl, order: str) -> None:
    asterisk.on("Getvar", variables({}))
    act: Callable[[str], None] = getattr(control, order)
    with pytest.raises(NoHeadsetCall):
        act("1001")
    asterisk.on("Getvar", variables({"HEADSET_CALL_1001": CALL}))
    asterisk.on("Redirect", refusal("Channel does not exist: " + CALL))
    with pytest.raises(NoHeadsetCall):
        control.headset_answers("1001")


def test_closing_a_line_that_is_closed_is_no_error(asterisk: ManagerSide, control: CallControl) -> None:
    asterisk.on("Getvar", variables({}))
    control.close_line("1001")
    asterisk.on("Getvar", variables({"HEADSET_1001": LINE}))
    asterisk.on("Hangup", refusal("No such channel"))
    control.close_line("1001")


def test_a_headset_that_is_on_comes_first_and_tells_the_queue_its_state(
    asterisk: ManagerSide, control: CallControl
) -> None:
    asterisk.on("Getvar", variables({"HEADSET_1001": LINE}))
    control.make_ready("1001")
    [order] = asterisk.asked("QueueAdd")
    assert (order["Interface"], order["StateInterface"]) == ("Local/1001@headset/n", "Custom:headset-1001")
    removed = {order["Interface"] for order in asterisk.asked("QueueRemove")}
    assert removed == {"PJSIP/agent-1001", "PJSIP/desk-1001"}


@pytest.mark.parametrize(
    ("name", "extension"),
    [
        ("Local/1001@headset/n", "1001"),
        ("Local/1001@headset-0000002a;1", "1001"),
        ("Local/1001@headset-0000002a;2", None),
        ("Local/1001@elsewhere/n", None),
        (LINE, None),
    ],
)
def test_the_agents_leg_of_a_headset(name: str, extension: str | None) -> None:
    assert extension_of(name) == extension


@pytest.mark.parametrize(
    ("device", "state", "event"),
    [
        ("Custom:headset-1001", "NOT_INUSE", ContactChanged("1001", "headset-1001", "", reachable=True)),
        ("Custom:headset-1001", "INUSE", ContactChanged("1001", "headset-1001", "", reachable=True)),
        ("Custom:headset-1001", "UNAVAILABLE", ContactChanged("1001", "headset-1001", "", reachable=False)),
        ("Custom:other-1001", "NOT_INUSE", None),
        ("PJSIP/agent-1001", "NOT_INUSE", None),
        ("Custom:headset-", "NOT_INUSE", None),
    ],
)
def test_a_headset_is_registered_by_its_line(device: str, state: str, event: object) -> None:
    assert read_event(Packet("DeviceStateChange", {"Device": device, "State": state})) == event


def test_a_headset_is_a_member_like_others() -> None:
    headers = {"Queue": "hotline", "Interface": "Local/1001@headset/n", "Paused": "0"}
    event = read_event(Packet("QueueMemberAdded", headers))
    assert event == MemberChanged("1001", "Local/1001@headset/n", present=True, paused=False, reason="")


def test_lines_are_found_among_all_channels() -> None:
    channels = [
        Packet("CoreShowChannel", {"Context": context, "Exten": extension, "ChannelState": state})
        for context, extension, state in (
            ("headset-line", "1001", "6"),
            ("headset-line", "1002", "0"),
            ("headset-talks", "1003", "6"),
        )
    ]
    assert headsets_among(channels) == {"1001"}


@pytest.fixture
def several(settings: Settings, asterisk: ManagerSide) -> Iterator[tuple[CallControl, ManagerSide]]:
    """Orders to two Asterisks, `east` and `west`, and the second of them."""
    with ManagerSide(secret=settings.secrets.ami) as west:
        pbxs = tuple(
            PbxAddress(name=name, host="127.0.0.1", ami_port=side.port)
            for name, side in (("east", asterisk), ("west", west))
        )
        yield AmiCallControl(settings.model_copy(update={"pbxs": pbxs}), PATIENT), west


def test_of_several_asterisks_each_has_its_share_of_the_headsets(
    asterisk: ManagerSide, several: tuple[CallControl, ManagerSide]
) -> None:
    control, west = several
    for side in (asterisk, west):
        side.on("Getvar", variables({"MEDIA_WEBSOCKET_CONNECTION_ID": "abc"}))
    found = [control.open_line(extension).pbx.name for extension in ("1001", "1002", "1003")]
    assert found == ["west", "east", "west"]


def test_where_one_asterisk_is_away_the_other_has_the_line(
    asterisk: ManagerSide, several: tuple[CallControl, ManagerSide]
) -> None:
    control, west = several
    asterisk.on("Getvar", variables({"MEDIA_WEBSOCKET_CONNECTION_ID": "abc", "HEADSET_1001": LINE}))
    west.close()
    assert control.open_line("1001").pbx.name == "east"
    assert [order["Channel"] for order in asterisk.asked("Hangup")] == [LINE]
    asterisk.close()
    with pytest.raises(TelephoneAway):
        control.open_line("1001")
    with pytest.raises(TelephoneAway):
        control.headset_answers("1001")
    for side in (asterisk, west):
        side.open()


@pytest.mark.parametrize("at_the_other", ["answers", "hangs"])
def test_a_call_is_led_at_the_asterisk_that_has_it_also_while_another_hangs(
    asterisk: ManagerSide, several: tuple[CallControl, ManagerSide], at_the_other: str
) -> None:
    control, west = several
    asterisk.on("Getvar", variables({}) if at_the_other == "answers" else silence)
    west.on("Getvar", variables({"HEADSET_CALL_1001": CALL}))
    begun = time.monotonic()
    control.headset_rings("1001")
    assert time.monotonic() - begun < PATIENT.answer
    assert [order["Context"] for order in west.asked("Redirect")] == ["headset-rings"]
    assert asterisk.asked("Redirect") == []

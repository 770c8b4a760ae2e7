"""Orders about the line: callbacks, announced waits, queues; and what of it is refused before it is sent."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from hotline.calls.ports import NotDialable, OwedCall, TelephoneAway, WaitToTell
from hotline.config import Settings
from hotline.prompts.texts import known_prompts
from ivr.ami.client import Packet
from ivr.ami.events import read_event
from ivr.ami.line_events import CallbackTried, QueuesChanged
from ivr.control import AmiCallControl
from ivr.prompts.render import sounds_folder
from ivr.prompts.wave_files import write_wave
from tests.unit.ami.manager_side import PATIENT, ManagerSide, packet

PLACE = datetime(2026, 11, 21, 8, 0, 0, 500_000, tzinfo=UTC)
ORDER = OwedCall("13900000001", "callback-1795248000.7", PLACE, "skill-yue")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(state_dir=tmp_path)


@pytest.fixture
def asterisk(settings: Settings) -> Iterator[ManagerSide]:
    with ManagerSide(secret=settings.secrets.ami) as side:
        yield side


@pytest.fixture
def control(settings: Settings, asterisk: ManagerSide) -> AmiCallControl:
    return AmiCallControl(settings.model_copy(update={"ami_port": asterisk.port}), PATIENT)


def test_a_callback_stands_in_its_queue_under_its_own_name(
    asterisk: ManagerSide, control: AmiCallControl
) -> None:
    control.call_back(ORDER)
    [order] = asterisk.asked("Originate")
    assert (order["Channel"], order["Exten"]) == ("Local/hold@callback/n", "line")
    assert order["ChannelId"] == ORDER.linkedid
    assert not order["OtherChannelId"].startswith(ORDER.linkedid)
    assert f"JOINED={int(PLACE.timestamp() * 10)}" in asterisk.raw
    assert "__FOLDER=2026/11/21/callback-1795248000.7" in asterisk.raw


def test_one_that_an_agent_makes_rings_that_seat_alone(
    asterisk: ManagerSide, control: AmiCallControl
) -> None:
    control.call_back(OwedCall("13900000001", ORDER.linkedid, PLACE, "hotline", "1001"))
    assert asterisk.asked("Originate")[0]["Exten"] == "seat"
    assert "SEAT=1001" in asterisk.raw


@pytest.mark.parametrize("number", ["", "110", "+447911123456", "16812345", "1390000000x"])
def test_numbers_that_are_not_called_back(
    asterisk: ManagerSide, control: AmiCallControl, number: str
) -> None:
    with pytest.raises(NotDialable):
        control.call_back(OwedCall(number, ORDER.linkedid, PLACE, "hotline"))
    assert asterisk.asked("Originate") == []


@pytest.mark.parametrize(
    ("linkedid", "queue", "extension"),
    [("callback", "hotline", ""), (ORDER.linkedid, "a,b", ""), (ORDER.linkedid, "hotline", "1001&PJSIP/x")],
)
def test_odd_names_are_refused(
    asterisk: ManagerSide, control: AmiCallControl, linkedid: str, queue: str, extension: str
) -> None:
    with pytest.raises(ValueError, match="not a callback"):
        control.call_back(OwedCall("13900000001", linkedid, PLACE, queue, extension))
    assert asterisk.asked("Originate") == []


def test_each_caller_is_given_a_language_of_their_own(
    asterisk: ManagerSide, control: AmiCallControl, settings: Settings
) -> None:
    folder = sounds_folder(settings) / "zh"
    folder.mkdir(parents=True)
    for prompt in known_prompts("zh"):
        write_wave(folder / f"{prompt}.wav", np.zeros(80))
    asterisk.on(
        "Getvar", lambda action: packet(Response="Success", ActionID=action["ActionID"], Value="zh_wait_9_9")
    )
    waits = [WaitToTell("1795294529.1", 1, 30.0), WaitToTell("1795294529.2", 2, 400.0)]
    control.announce_waits(waits)
    told = [(order["Channel"], order["Value"]) for order in asterisk.asked("Setvar")]
    assert told == [("1795294529.1", "zh_wait_1_0"), ("1795294529.2", "zh_wait_2_6")]
    assert asterisk.logins == 1


def test_who_has_gone_meanwhile_is_passed_over(asterisk: ManagerSide, control: AmiCallControl) -> None:
    gone = lambda action: packet(Response="Error", ActionID=action["ActionID"], Message="No such channel")  # noqa: E731
    asterisk.on("Getvar", gone)
    control.announce_waits([WaitToTell("1795294529.1", 1, 30.0)])
    assert asterisk.asked("Setvar") == []


@pytest.mark.parametrize("said", ["now", "4102444800"])
def test_an_exchange_that_is_about_to_be_stopped_calls_nobody(
    asterisk: ManagerSide, control: AmiCallControl, said: str
) -> None:
    asterisk.on("Getvar", lambda action: packet(Response="Success", ActionID=action["ActionID"], Value=said))
    for act in (
        lambda: control.call_back(ORDER),
        lambda: control.call_citizen("13900000001", 7, "follow-up-3-abc"),
        lambda: control.relay("84120004", "13900000001", 1, "relay-1"),
    ):
        with pytest.raises(TelephoneAway):
            act()
    assert asterisk.asked("Originate") == []


def test_an_exchange_that_is_away_says_so(settings: Settings) -> None:
    control = AmiCallControl(settings.model_copy(update={"ami_port": 1}), PATIENT)
    for act in (
        lambda: control.call_back(ORDER),
        lambda: control.announce_waits([WaitToTell("1795294529.1", 1, None)]),
        control.queues_changed,
    ):
        with pytest.raises(TelephoneAway):
            act()


def test_what_comes_back_of_changed_skills_is_not_taken_for_an_answer(
    asterisk: ManagerSide, control: AmiCallControl
) -> None:
    control.queues_changed()
    [order] = asterisk.asked("UserEvent")
    assert not order["ActionID"].startswith("minsheng-")
    assert read_event(Packet("UserEvent", {"UserEvent": order["UserEvent"]})) == QueuesChanged()


def test_the_end_of_a_callback_is_read() -> None:
    told = {"UserEvent": "HotlineCallbackTried", "Linkedid": "callback-1.2", "Status": "BUSY"}
    assert read_event(Packet("UserEvent", told)) == CallbackTried("callback-1.2", "BUSY")

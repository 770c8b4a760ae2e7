"""Callers whose numbers are odd, by real SIP: each is greeted, recorded and queued."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from hotline.config import Settings
from tests.ports import free_port
from tests.telephony.ami_tap import AmiTap
from tests.telephony.conftest import TRUNK_HOST
from tests.telephony.hearing import wait_until_closed
from tests.telephony.sipp import SippCaller
from tests.telephony.sounds import read_wave
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

# What stands in the From header -> the number that the hotline may keep of it.
ODD_SENDERS = {
    "no number": ("<sip:127.0.0.2>", ""),
    "anonymous": ('"Anonymous" <sip:anonymous@anonymous.invalid>', ""),
    "country code": ("<sip:+8613800138000@127.0.0.2>", "+8613800138000"),
    "200 digits": (f"<sip:{'1' * 200}@127.0.0.2>", "1" * 32),
    "200 letters": (f"<sip:{'a' * 200}@127.0.0.2>", ""),
    "quotes": ('"a\\"b\\\\" <sip:%22139%22%27%3b@127.0.0.2>', "139"),
    "line break": ("<sip:139%0d%0a%0d%0aEvent%3a%20Invented%0d%0aAction%3a%20Logoff%0a@127.0.0.2>", ""),
    "dialplan": ("<sip:%24%7bSHELL(id)%7d138@127.0.0.2>", ""),
    "an agent's name": ("<sip:agent-1001@127.0.0.2>", ""),
    "path": ("<sip:..%2f..%2f..%2f137@127.0.0.2>", "137"),
    "Chinese": ('"民声" <sip:%E6%B0%91136@127.0.0.2>', "136"),
}


@dataclass(frozen=True)
class OddCall:
    """What became of an odd caller."""

    linkedid: str
    status: int


@pytest.fixture(scope="module")
def odd_calls(
    switchboard: Switchboard, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, OddCall]]:
    """All odd callers at once: each stays until it is in the queue, then the hotline hangs up."""
    folder, settings = tmp_path_factory.mktemp("sipp"), switchboard.settings
    with ExitStack() as stack:
        tap = stack.enter_context(AmiTap(settings))
        callers, linkedids = {}, {}
        for name, (sender, _) in ODD_SENDERS.items():
            before = switchboard.calls()
            port = free_port(socket.SOCK_DGRAM, TRUNK_HOST)
            hotline = (settings.sip_host, settings.sip_port)
            caller = SippCaller(folder, sender, hotline, settings.hotline_number, port)
            callers[name] = stack.enter_context(caller)
            linkedids[name] = switchboard.new_call(before)
        for linkedid in linkedids.values():
            switchboard.wait_for(linkedid, "APP_START", "Queue", seconds=30)
        switchboard.pbx.control("channel request hangup all")
        statuses = {name: caller.finish() for name, caller in callers.items()}
        # `Action` is what the caller with the line break tries to slip into the events.
        slipped_in = [packet for packet in tap.packets if "Action" in packet]
        assert tap.packets
        assert not slipped_in
        yield {name: OddCall(linkedids[name], status) for name, status in statuses.items()}


@pytest.mark.parametrize("name", ODD_SENDERS)
def test_an_odd_caller_is_queued_and_recorded(
    switchboard: Switchboard, odd_calls: dict[str, OddCall], name: str
) -> None:
    call = odd_calls[name]
    assert call.status == 0
    mix = switchboard.folder(call.linkedid) / "mix.wav"
    wait_until_closed(mix)
    assert len(read_wave(mix)) > 3 * 8000


@pytest.mark.parametrize(("name", "kept"), [(name, kept) for name, (_, kept) in ODD_SENDERS.items()])
def test_only_digits_of_a_number_are_written(
    switchboard: Switchboard, odd_calls: dict[str, OddCall], name: str, kept: str
) -> None:
    queued = switchboard.wait_for(odd_calls[name].linkedid, "APP_START", "Queue")
    assert queued.number == kept
    assert switchboard.events(odd_calls[name].linkedid)[0].number == kept


def test_nothing_was_left_outside_the_spool(
    switchboard: Switchboard, odd_calls: dict[str, OddCall], telephony_settings: Settings
) -> None:
    folders = {path.parent.name for path in telephony_settings.spool_dir.rglob("*.wav")}
    assert {call.linkedid for call in odd_calls.values()} <= folders
    assert all(set(name) <= set("0123456789.") for name in folders if not name.startswith("follow-up"))
    until(lambda: switchboard.pbx.control("core show channels count").startswith("0 active channels"))


def test_a_dialled_number_cannot_invent_events(switchboard: Switchboard, ami: AmiTap, tmp_path: Path) -> None:
    settings, before = switchboard.settings, switchboard.calls()
    number = "9%0d%0a%0d%0aEvent%3a%20Invented%0d%0aAction%3a%20Logoff%0a"
    hotline = (settings.sip_host, settings.sip_port)
    port = free_port(socket.SOCK_DGRAM, TRUNK_HOST)
    with SippCaller(tmp_path, "<sip:138@127.0.0.2>", hotline, number, port) as caller:
        linkedid = switchboard.new_call(before)
        switchboard.wait_for(linkedid, "LINKEDID_END")
        assert caller.finish() == 0
    until(lambda: [p for p in ami.packets if p.get("Event") == "Hangup" and p["Linkedid"] == linkedid])
    assert not [packet for packet in ami.packets if "Action" in packet]
    assert all(row.extension.isalnum() for row in switchboard.events(linkedid))

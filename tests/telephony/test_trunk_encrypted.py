"""A provider's trunk over TLS and SRTP: citizens are heard, recorded and called back, all of it encrypted."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ivr.ami.client import AmiConnection
from ivr.control import ami_account
from ivr.control.orders import variable
from ivr.network import TelephoneNetwork, complain, listen, talk_as_agent
from ivr.pbx import Pbx, prepare, seats_of
from ivr.pbx.certificates import Certificates
from tests.ports import free_port
from tests.telephony.conftest import TRUNK_HOST, private_settings
from tests.telephony.hearing import wait_until_closed
from tests.telephony.sounds import AGENT_HZ, CITIZEN_HZ, shorten_greeting, tone_seconds
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

CITIZEN = "13800001234"


@pytest.fixture(scope="module")
def switchboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Switchboard]:
    folder = tmp_path_factory.mktemp("tls-trunk")
    shorten_greeting(folder)
    settings = private_settings(
        folder,
        sip_tls_port=free_port(socket.SOCK_STREAM, "127.0.0.1"),
        trunk_transport="tls",
        trunk_encryption=True,
        desk_encryption="required",
    )
    names = ["127.0.0.1", TRUNK_HOST, "127.0.0.3"]
    Certificates(settings.tls_folder).ensure(names, datetime.now(UTC), timedelta(days=90))
    seats = tuple(seats_of(["1001"], settings.secrets.sip))
    with Pbx(prepare(settings, seats)) as pbx, TelephoneNetwork(settings) as network:
        yield Switchboard(settings, pbx, network, seats)


def _encryption(switchboard: Switchboard) -> dict[str, tuple[str, str]]:
    """Of each channel's endpoint: whether its signalling and its audio are encrypted, 1 or 0."""
    lines = switchboard.pbx.control("core show channels concise").splitlines()
    names = [line.partition("!")[0] for line in lines if line.startswith("PJSIP/")]
    with AmiConnection(ami_account(switchboard.settings)) as asterisk:
        asked = ("CHANNEL(pjsip,secure)", "CHANNEL(rtp,secure)")
        found = {name: [variable(asterisk, each, name) for each in asked] for name in names}
    return {
        name.rpartition("-")[0].removeprefix("PJSIP/"): (sip, audio) for name, (sip, audio) in found.items()
    }


def test_a_citizen_calls_over_an_encrypted_trunk(
    switchboard: Switchboard, citizen_tone: Path, agent_tone: Path
) -> None:
    before, [seat] = switchboard.calls(), switchboard.seats
    phone = switchboard.network.agent_phone(seat.extension, seat.password, talk_as_agent([agent_tone] * 2))
    seen: list[dict[str, tuple[str, str]]] = []

    def look() -> bool:
        seen.append(_encryption(switchboard))
        return sum(step.name == "say" for step in phone.calls[-1].steps) == 2

    with switchboard.seat_in_queue(seat):
        script = complain([citizen_tone], until=lambda: phone.answered, before_hanging_up=look)
        call = switchboard.network.citizen_calls(CITIZEN, script)
        linkedid = switchboard.new_call(before)
        call.wait_ended(60)
        phone.calls[-1].wait_ended(60)
    assert seen[-1] == {"trunk": ("1", "1"), "desk-1001": ("1", "1")}
    folder = switchboard.folder(linkedid)
    wait_until_closed(folder / "caller.wav")
    assert tone_seconds(folder / "caller.wav", CITIZEN_HZ) > 1
    assert tone_seconds(call.heard, AGENT_HZ) > 1


def test_a_citizen_is_called_over_an_encrypted_trunk(switchboard: Switchboard) -> None:
    citizen = switchboard.network.expect_callback(CITIZEN, listen())
    switchboard.ring(f"PJSIP/{CITIZEN}@trunk")
    until(citizen.answered.is_set, what="the citizen's answer")
    until(lambda: _encryption(switchboard) == {"trunk": ("1", "1")}, what="encryption of both")
    switchboard.pbx.control("channel request hangup all")
    citizen.wait_ended(60)


def test_a_trunk_that_does_not_encrypt_its_audio_is_refused(switchboard: Switchboard) -> None:
    """By the same telephone network, whose endpoint now offers plain audio."""
    conf = switchboard.settings.state_dir / "asterisk" / "network" / "conf" / "pjsip.conf"
    encrypting = conf.read_text()
    control = switchboard.network.control
    try:
        conf.write_text(encrypting.replace("media_encryption = sdes", "media_encryption = no", 1))
        control("module reload res_pjsip.so")
        until(lambda: "sdes" not in control("pjsip show endpoint hotline"), what="the endpoint's new way")
        call = switchboard.network.citizen_calls(CITIZEN, listen(), ring_seconds=5)
        call.wait_ended(60)
        assert not call.answered.is_set()
    finally:
        conf.write_text(encrypting)
        control("module reload res_pjsip.so")

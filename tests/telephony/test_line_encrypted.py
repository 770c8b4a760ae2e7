"""A desk phone over TLS and SRTP, a browser's line over WSS: with certificates that our own command makes."""

import re
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import md5, sha256
from pathlib import Path

import pytest
from websockets.sync.client import ClientConnection, connect

from hotline.cli import check
from hotline.clock import SystemClock
from hotline.config import Settings
from hotline.context import Context
from hotline.database import Database
from hotline.telephones.service import browser_account
from ivr.control import AmiCallControl
from ivr.network import EndedBy, TelephoneNetwork, complain, listen, talk_as_agent
from ivr.pbx import Pbx, PbxError, prepare, seats_of
from ivr.pbx.certificates import Certificates
from tests.factories import City
from tests.ports import free_port
from tests.telephony.conftest import private_settings
from tests.telephony.hearing import wait_until_closed
from tests.telephony.ivr_process import running
from tests.telephony.sipp_phones import SippAgentPhone
from tests.telephony.sounds import AGENT_HZ, CITIZEN_HZ, shorten_greeting, tone_seconds
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

CITIZEN = "13800001234"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("encrypted-pbx")
    shorten_greeting(folder)
    settings = private_settings(
        folder,
        sip_tls_port=free_port(socket.SOCK_STREAM, "127.0.0.1"),
        websocket_tls_port=free_port(socket.SOCK_STREAM, "127.0.0.1"),
        desk_encryption="required",
        phone_networks=("127.0.0.3/32",),
    )
    with pytest.raises(PbxError, match="hotline certificates"):
        prepare(settings, [])
    Certificates(settings.tls_folder).ensure(
        ["127.0.0.1", "127.0.0.3"], datetime.now(UTC), timedelta(days=90)
    )
    return settings


@pytest.fixture(scope="module")
def switchboard(settings: Settings) -> Iterator[Switchboard]:
    seats = tuple(seats_of(["1001"], settings.secrets.sip))
    with Pbx(prepare(settings, seats)) as pbx, TelephoneNetwork(settings) as network:
        yield Switchboard(settings, pbx, network, seats)


def test_an_agent_at_an_encrypted_desk_phone_talks_with_a_citizen(
    switchboard: Switchboard, citizen_tone: Path, agent_tone: Path
) -> None:
    before, [seat] = switchboard.calls(), switchboard.seats
    phone = switchboard.network.agent_phone(seat.extension, seat.password, talk_as_agent([agent_tone] * 2))
    contact = switchboard.pbx.control("database show registrar/contact")
    assert re.search(rf"/{seat.desk};@.*transport=tls", contact, re.IGNORECASE)
    with switchboard.seat_in_queue(seat):
        script = complain(
            [citizen_tone] * 2, until=lambda: phone.answered, before_hanging_up=lambda: _has_said(phone.calls)
        )
        call = switchboard.network.citizen_calls(CITIZEN, script)
        linkedid = switchboard.new_call(before)
        call.wait_ended(60)
        phone.calls[-1].wait_ended(60)
    folder = switchboard.folder(linkedid)
    [agent_track] = folder.glob("agent-*.wav")
    wait_until_closed(agent_track, folder / "caller.wav")
    assert tone_seconds(agent_track, AGENT_HZ) > 1
    assert tone_seconds(phone.calls[-1].heard, CITIZEN_HZ) > 1


def _has_said(calls: list) -> bool:  # type: ignore[type-arg]
    return bool(calls) and any(step.name == "say" for step in calls[-1].steps)


def test_a_telephone_from_elsewhere_is_not_even_asked_for_its_password(
    switchboard: Switchboard, tmp_path: Path
) -> None:
    [seat] = switchboard.seats
    phone = SippAgentPhone(tmp_path, switchboard.settings, seat.desk, seat.password, None)
    assert phone.register() != 0
    assert "SIP/2.0 403" in phone.registration
    assert "SIP/2.0 401" not in phone.registration


def test_a_browser_registers_over_wss(
    switchboard: Switchboard, settings: Settings, sqlite_database: Database
) -> None:
    city = City.founded(Context(sqlite_database, SystemClock(), settings))
    account = browser_account(city.context.acting_as(city.agent), AmiCallControl(settings))
    trust = ssl.create_default_context(cafile=str(Certificates(settings.tls_folder).authority))
    address = f"wss://127.0.0.1:{settings.websocket_tls_port}/ws"
    with connect(address, ssl=trust, subprotocols=["sip"], proxy=None, close_timeout=0.2) as line:  # type: ignore[list-item]
        line.send(_register())
        challenge = _answer(line)
        assert challenge.startswith("SIP/2.0 401")
        line.send(_register(_authorization(challenge, account.password)))
        assert _answer(line).startswith("SIP/2.0 200")


def test_a_renewed_certificate_is_taken_while_people_talk(
    switchboard: Switchboard, settings: Settings, sqlite_database: Database
) -> None:
    context = Context(sqlite_database, SystemClock(), settings)
    City.founded(context)
    [seat], pbx = switchboard.seats, switchboard.pbx
    phone = switchboard.network.agent_phone(seat.extension, seat.password, listen())
    switchboard.ring(f"PJSIP/{seat.desk}")
    certificates, old = Certificates(settings.tls_folder), _shown(settings)
    assert old == {Certificates(settings.tls_folder).fingerprint()}
    certificates.ensure(["127.0.0.1", "127.0.0.3"], datetime.now(UTC), timedelta(days=90), renew=True)
    assert next(check.line(settings)).what == "the running PBX still shows an older one"
    with running(context, switchboard):  # which lets it be read within seconds
        until(lambda: _shown_now(settings) == {certificates.fingerprint()}, 20, "the new certificate")
    assert old != {certificates.fingerprint()}
    assert not phone.calls[-1].ended.is_set()
    pbx.control("channel request hangup all")
    phone.calls[-1].wait_ended(60)
    assert phone.calls[-1].ended_by is EndedBy.THEM
    switchboard.network.plug_in_again(phone)  # its authority is the same
    assert next(check.line(settings)).ok
    assert next(check.line(settings)).mend == ""


def _shown(settings: Settings) -> set[str]:
    """Fingerprints of the certificates on the ports of TLS and WSS."""
    ports = (settings.sip_tls_port, settings.websocket_tls_port)
    pems = [ssl.get_server_certificate(("127.0.0.1", port)) for port in ports]
    return {sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest() for pem in pems}


def _shown_now(settings: Settings) -> set[str]:
    """The same; nothing while Asterisk opens the ports anew."""
    try:
        return _shown(settings)
    except (ConnectionError, ssl.SSLError):
        return set()


def test_a_trunk_that_encrypts_is_set_up_as_the_settings_say(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("tls-trunk")
    shorten_greeting(folder)
    words = {"trunk_transport": "tls", "trunk_encryption": True, "desk_encryption": "offered"}
    own = private_settings(folder, tls_dir=str(settings.tls_folder), **words)
    port = free_port(socket.SOCK_STREAM, "127.0.0.1")
    with Pbx(prepare(own.model_copy(update={"sip_tls_port": port}), seats_of(["1001"], "x"))) as pbx:
        trunk = pbx.control("pjsip show endpoint trunk")
        assert re.search(r"^ transport +: tls$", trunk, re.MULTILINE)
        assert re.search(r"^ media_encryption +: sdes$", trunk, re.MULTILINE)
        assert f"sip:{own.trunk_host}:{own.trunk_port};transport=tls" in pbx.control("pjsip show aor trunk")
        desk = pbx.control("pjsip show endpoint desk-1001")
        assert re.search(r"^ media_encryption_optimistic +: true$", desk, re.MULTILINE)
        assert "ERROR" not in pbx.log.read_text()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_tls_is_refused(switchboard: Switchboard, version: ssl.TLSVersion) -> None:
    old = ssl.create_default_context(cafile=str(Certificates(switchboard.settings.tls_folder).authority))
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="deprecated"):
        old.minimum_version = old.maximum_version = version
    for port in (switchboard.settings.sip_tls_port, switchboard.settings.websocket_tls_port):
        with (
            socket.create_connection(("127.0.0.1", port), 5) as plain,
            pytest.raises((ssl.SSLError, OSError)),
        ):
            old.wrap_socket(plain, server_hostname="127.0.0.1")


def _answer(line: ClientConnection) -> str:
    """The next answer; Asterisk asks at once whether the telephone is there."""
    return next(text for text in map(str, iter(lambda: line.recv(30), None)) if text.startswith("SIP/2.0"))


def _register(authorization: str = "", user: str = "agent-1001", transport: str = "WSS") -> str:
    whose = f"<sip:{user}@127.0.0.1>"
    contact = {"WSS": "x.invalid;transport=ws", "TLS": "192.0.2.9;transport=tls"}[transport]
    lines = (
        "REGISTER sip:127.0.0.1 SIP/2.0",
        f"Via: SIP/2.0/{transport} x.invalid;branch=z9hG4bK{'2' if authorization else '1'}",
        f"From: {whose};tag=over",
        f"To: {whose}",
        f"Call-ID: over-{transport}",
        f"CSeq: {2 if authorization else 1} REGISTER",
        f"Contact: <sip:agent@{contact}>;expires=60",
        *([authorization] if authorization else []),
        "Max-Forwards: 70",
        "Content-Length: 0",
    )
    return "\r\n".join(lines) + "\r\n\r\n"


def _authorization(challenge: str, password: str, user: str = "agent-1001") -> str:
    """RFC 2617 with qop=auth."""
    nonce, opaque = (re.search(rf'{name}="([^"]*)"', challenge)[1] for name in ("nonce", "opaque"))  # type: ignore[index]
    uri = "sip:127.0.0.1"
    secret, deed = _md5(f"{user}:asterisk:{password}"), _md5(f"REGISTER:{uri}")
    response = _md5(f"{secret}:{nonce}:00000001:c:auth:{deed}")
    return (
        f'Authorization: Digest username="{user}", realm="asterisk", nonce="{nonce}", uri="{uri}", '
        f'response="{response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="c", opaque="{opaque}"'
    )


def _md5(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def test_a_softphone_is_called_on_the_line_that_it_opened(
    switchboard: Switchboard, settings: Settings
) -> None:
    """Nobody could call it where it says that it is. Last, because it takes the place of the desk phone."""
    [seat] = switchboard.seats
    trust = ssl.create_default_context(cafile=str(Certificates(settings.tls_folder).authority))
    pbx = ("127.0.0.1", settings.sip_tls_port)
    with (
        socket.create_connection(pbx, 10, ("127.0.0.3", 0)) as line,
        trust.wrap_socket(line, server_hostname="127.0.0.1") as softphone,
    ):
        softphone.sendall(_register(user=seat.desk, transport="TLS").encode())
        challenge = _heard(softphone, "SIP/2.0 401")
        proof = _authorization(challenge, seat.password, seat.desk)
        softphone.sendall(_register(proof, seat.desk, "TLS").encode())
        assert _heard(softphone, "OPTIONS sip:")


def _heard(softphone: ssl.SSLSocket, begin: str) -> str:
    """What comes up to a message that begins so, and its headers."""
    text = ""
    while begin not in text or "\r\n\r\n" not in text[text.index(begin) :]:
        text += softphone.recv(4096).decode()
    return text

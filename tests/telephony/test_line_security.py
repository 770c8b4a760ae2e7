"""Who may register, and that this changes while Asterisk runs, without it noticing a restart or a reload."""

import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import select

from hotline.calls.models import CallEnd, CallState, OwedCallback
from hotline.calls.service import call_ended, open_call
from hotline.cli import bans
from hotline.clock import SystemClock
from hotline.config import Settings
from hotline.context import Context
from hotline.database import Database
from hotline.harassment.models import BarReason
from hotline.harassment.service import approve, propose
from hotline.line_security.models import AlarmKind
from hotline.line_security.service import open_alarms
from hotline.people.actors import Role
from hotline.telephones.service import (
    add_seat,
    browser_account,
    desk_account,
    end_browser_account,
    renew_desk_account,
    revoke_desk_account,
)
from ivr.ami.client import AmiConnection, AmiRefused
from ivr.bans import Bans
from ivr.control import AmiCallControl, ami_account
from ivr.network import TelephoneNetwork
from ivr.pbx import Pbx, prepare, seats_of
from tests.factories import City, user
from tests.ports import free_port
from tests.telephony.ami_tap import AmiTap
from tests.telephony.conftest import TRUNK_HOST, private_settings
from tests.telephony.fail2ban import addresses_to_ban
from tests.telephony.ivr_process import call_row, killable, running
from tests.telephony.raw_sip import RawSip, stranger
from tests.telephony.sipp import SippCaller
from tests.telephony.sipp_phones import SippAgentPhone
from tests.telephony.sounds import shorten_greeting, write_tone
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

CITIZEN = "13800001234"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("secure-pbx")
    shorten_greeting(folder)
    for prompt in ("barred", "leave-message"):
        write_tone(folder / "prompts" / "zh" / f"{prompt}.wav", 440, 6)  # to be seen while it is said
    return private_settings(folder)


@pytest.fixture(scope="module")
def exchange(settings: Settings) -> Iterator[Switchboard]:
    """The hotline's PBX alone, with one seat."""
    seats = tuple(seats_of(["1001"], settings.secrets.sip))
    with Pbx(prepare(settings, seats)) as pbx:
        yield Switchboard(settings, pbx, cast(TelephoneNetwork, None), seats)


@pytest.fixture
def city(exchange: Switchboard, sqlite_database: Database) -> City:
    return City.founded(Context(sqlite_database, SystemClock(), exchange.settings))


@pytest.fixture
def control(exchange: Switchboard) -> AmiCallControl:
    return AmiCallControl(exchange.settings)


def _desk(exchange: Switchboard, folder: Path, extension: str, password: str) -> SippAgentPhone:
    return SippAgentPhone(folder, exchange.settings, f"desk-{extension}", password, None)


def _password_in_force(exchange: Switchboard, endpoint: str) -> str:
    lines = exchange.pbx.control(f"pjsip show auth {endpoint}-auth").splitlines()
    [line] = [line for line in lines if line.strip().startswith("password  ")]
    return line.rpartition(":")[2].strip()


def test_a_desk_phones_password_is_made_anew_and_revoked_while_asterisk_runs(
    exchange: Switchboard, city: City, control: AmiCallControl, tmp_path: Path
) -> None:
    born = desk_account(city.context, "1001").password
    phone = _desk(exchange, tmp_path, "1001", born)
    assert phone.register() == 0
    anew = renew_desk_account(city.context, control, "1001").password
    assert phone.register(born) != 0
    assert phone.register(anew) == 0
    revoke_desk_account(city.context, control, "1001")
    assert phone.register(anew) != 0
    renewed = renew_desk_account(city.context, control, "1001").password
    assert phone.register(renewed) == 0


@pytest.mark.parametrize("order", [revoke_desk_account, renew_desk_account])
def test_a_desk_phone_that_lost_its_account_is_not_rung_any_more_and_talks_to_its_end(
    exchange: Switchboard,
    city: City,
    control: AmiCallControl,
    tmp_path: Path,
    order: Callable[[Context, AmiCallControl, str], object],
) -> None:
    password = renew_desk_account(city.context, control, "1001").password
    speech = write_tone(tmp_path / "speech.wav", 440, 1)
    phone = SippAgentPhone(tmp_path, exchange.settings, "desk-1001", password, speech)
    with phone:
        assert phone.register() == 0
        exchange.ring("PJSIP/desk-1001")
        order(city.context, control, "1001")
        until(lambda: phone.address not in exchange.pbx.control("database show registrar"), what="the end")
        assert phone.address not in exchange.pbx.control("pjsip show contacts")
        assert "!Up!Wait!" in _channels(exchange)
        exchange.pbx.control("channel request hangup all")
    until(lambda: _state(exchange, "desk-1001") == "Unavailable", what="the queue to know it")
    with pytest.raises(AmiRefused):
        exchange.ring("PJSIP/desk-1001")


def test_a_browsers_account_comes_with_sign_in_and_goes_with_sign_out(
    exchange: Switchboard, city: City, control: AmiCallControl
) -> None:
    agent = city.context.acting_as(city.agent)
    nobodys = _password_in_force(exchange, "agent-1001")
    account = browser_account(agent, control)
    assert _password_in_force(exchange, "agent-1001") == account.password != nobodys
    end_browser_account(agent, control)
    assert _password_in_force(exchange, "agent-1001") not in (account.password, nobodys)


def test_a_seat_is_added_while_asterisk_runs_and_what_it_missed_is_told_it_later(
    exchange: Switchboard, city: City, control: AmiCallControl, tmp_path: Path
) -> None:
    user(city.context, city.hotline_id, Role.AGENT, username="lihua")
    away = AmiCallControl(exchange.settings.model_copy(update={"ami_port": exchange.settings.agi_port}))
    renewed = renew_desk_account(city.context, away, "1001").password
    old = _desk(exchange, tmp_path, "1001", renewed)
    assert old.register() != 0
    with killable(city.context, exchange) as ivr:
        add_seat(city.context, "lihua", "1002")
        until(lambda: "desk-1002" in exchange.pbx.control("pjsip show endpoints"), 15, "the new seat")
        password = desk_account(city.context, "1002").password
        phone = _desk(exchange, tmp_path, "1002", password)
        with phone:
            until(lambda: phone.register() == 0, 15, "the new seat's account")
            until(lambda: old.register() == 0, 15, "the renewed account")
            until(lambda: _state(exchange, "desk-1002") == "Not in use", what="the phone to be reachable")
            ivr.kill()
            assert phone.register() == 0
            exchange.pbx.stop()
            exchange.pbx.start()
            assert old.register() == 0
            assert phone.register() == 0


def _state(exchange: Switchboard, endpoint: str) -> str:
    lines = exchange.pbx.control(f"pjsip show endpoint {endpoint}").splitlines()
    line = next(line for line in lines if line.strip().startswith(f"Endpoint:  {endpoint}"))
    return line.partition(endpoint)[2].rpartition("  ")[0].strip().removeprefix(f"/{endpoint[-4:]}").strip()


EVIL = "139%0d%0a%0d%0aEvent%3a%20Invented%0d%0aAction%3a%20Logoff%0a"
FORGED = ",".join(
    [
        'x",LocalAddress="IPV4/UDP/127.0.0.1/5060"',
        'RemoteAddress="IPV4/UDP/198.51.100.1/5060"',
        'Challenge="',
    ]
)


def test_guessers_are_told_of_and_strangers_words_get_nowhere(
    exchange: Switchboard, city: City, settings: Settings
) -> None:
    log = exchange.pbx.log.with_name("security.log")
    log.write_text("")
    hotline = (settings.sip_host, settings.sip_port)
    with running(city.context, exchange), AmiTap(settings) as tap:
        with stranger("127.0.0.9", hotline) as guesser:
            for number in range(settings.bad_registrations - 1):
                assert "401" in guesser.guess("desk-1001", f"guess {number}")
            for user in (EVIL, CITIZEN):
                assert "401" in guesser.ask(guesser.message("INVITE", user, to=settings.hotline_number))
            assert _alarms(city.context) == []
            assert "401" in guesser.guess("desk-1001", "the last straw", call_id=FORGED)
            [alarm] = until(lambda: _alarms(city.context), what="the alarm")
            _until_answered(guesser, "403")
            _bans_are_of_one_address_and_end(settings, guesser)
        packets = list(tap.packets)
    assert alarm == (AlarmKind.BAD_REGISTRATIONS, "127.0.0.9", settings.bad_registrations)
    assert any(packet.get("Event") == "ChallengeResponseFailed" for packet in packets)
    assert not [packet for packet in packets if packet.get("Event") == "Invented" or "Action" in packet]
    failures = settings.bad_registrations
    until(lambda: len(addresses_to_ban(log)) >= failures, what="the log to be written")
    told = log.read_text()
    assert 'AccountID="anonymous"' in told
    assert CITIZEN not in told
    assert "Invented" not in told
    assert addresses_to_ban(log) == ["127.0.0.9"] * failures


def _bans_are_of_one_address_and_end(settings: Settings, guesser: RawSip) -> None:
    assert [line.split()[0] for line in bans.in_force(settings)] == ["127.0.0.9"]
    with stranger("127.0.0.10", guesser.hotline) as other:
        assert "401" in other.ask(other.message("REGISTER", "desk-1001"))
    bans.lift(settings, "127.0.0.9")
    _until_answered(guesser, "401")
    with AmiConnection(ami_account(settings)) as asterisk:
        ahead = [timedelta(0)]
        keeper = Bans(settings, asterisk, lambda: datetime.now(UTC) + ahead[0])
        assert keeper.ban("127.0.0.9")
        _until_answered(guesser, "403")
        ahead[0] = timedelta(minutes=settings.ban_minutes)
        keeper.end_what_is_over()
    _until_answered(guesser, "401")


def _until_answered(guesser: RawSip, status: str) -> None:
    """Asterisk takes a changed list a moment after it has reloaded it."""

    def answered() -> bool:
        answer = guesser.ask(guesser.message("REGISTER", "desk-1001"))
        return answer.startswith(f"SIP/2.0 {status}")

    until(answered, 20, f"the answer {status}")


def test_where_a_telephone_is_registered_nobody_is_banned_for_a_typing_error(
    exchange: Switchboard, city: City, control: AmiCallControl, settings: Settings, tmp_path: Path
) -> None:
    password = renew_desk_account(city.context, control, "1001").password
    phone = _desk(exchange, tmp_path, "1001", password)
    host = phone.address.partition(":")[0]
    assert phone.register() == 0
    with running(city.context, exchange), stranger(host, (settings.sip_host, settings.sip_port)) as neighbour:
        for number in range(settings.bad_registrations):
            assert "401" in neighbour.guess("desk-1001", f"a typing error, the {number}th")
        until(lambda: _alarms(city.context), what="the alarm")
    assert bans.in_force(settings) == []
    assert phone.register() == 0


def _alarms(context: Context) -> list[tuple[AlarmKind, str, int]]:
    with context.reading() as session:
        return [(alarm.kind, alarm.subject, alarm.count) for alarm in open_alarms(session)]


@pytest.mark.parametrize("dialled", ["13800001234", "0044207946000", "110", "12345", "agent-1001", "1002"])
def test_a_seats_telephone_reaches_nobody_by_dialling(
    exchange: Switchboard, city: City, control: AmiCallControl, settings: Settings, dialled: str
) -> None:
    """Only the hotline's own orders make calls out; what a stolen account dials is no number in service."""
    password = renew_desk_account(city.context, control, "1001").password
    before = exchange.calls()
    with stranger("127.0.0.9", (settings.sip_host, settings.sip_port)) as thief:
        assert "200" in thief.invite("desk-1001", password, dialled)
        linkedid = exchange.new_call(before)
        exchange.pbx.control("channel request hangup all")
        exchange.wait_for(linkedid, "LINKEDID_END")
    events = exchange.events(linkedid)
    assert {event.context for event in events} <= {"agents", "not-in-service"}
    assert {event.channel.partition("-0")[0] for event in events} == {"PJSIP/desk-1001"}


def test_the_manager_interface_is_for_our_own_machines(exchange: Switchboard, settings: Settings) -> None:
    """The right secret from a wrong address is a wrong login."""

    def log_in(address: str) -> str:
        with socket.create_connection(("127.0.0.1", settings.ami_port), 5, (address, 0)) as line:
            words = f"Action: Login\r\nUsername: hotline\r\nSecret: {settings.secrets.ami}\r\n\r\n"
            line.sendall(words.encode())
            answers = line.makefile(encoding="utf-8")
            return next(text for text in answers if text.startswith("Message")).strip()

    assert log_in("127.0.0.1") == "Message: Authentication accepted"
    assert log_in("127.0.0.9") == "Message: Authentication failed"


def test_a_barred_caller_is_asked_to_leave_a_message_and_owed_no_callback(
    exchange: Switchboard, city: City, settings: Settings, tmp_path: Path
) -> None:
    earlier = open_call(city.context, "1.1", CITIZEN, settings.hotline_number).call_id
    call_ended(city.context, "1.1", CallEnd.TALKED)
    words = (CITIZEN, BarReason.ABUSE, "insults", [earlier], 7)
    approve(city.context.acting_as(city.supervisor), propose(city.context.acting_as(city.agent), *words))
    before, port = exchange.calls(), free_port(socket.SOCK_DGRAM, TRUNK_HOST)
    hotline = (settings.sip_host, settings.sip_port)
    barred = SippCaller(tmp_path, f"<sip:+86{CITIZEN}@x>", hotline, settings.hotline_number, port, keys="10")
    with running(city.context, exchange), AmiTap(settings) as tap, barred:
        linkedid = exchange.new_call(before)
        until(lambda: "Playback!barred" in _channels(exchange), 20, "the prompt")
        until(lambda: "Record!" in _channels(exchange), 30, "the message box")
        exchange.pbx.control("channel request hangup all")
        assert barred.finish() == 0
        assert tap.wait_for("HotlineCallFinished", linkedid)["CallbackOwed"] == "no"
        until(lambda: (row := call_row(city.context, linkedid)) and row.state is CallState.ENDED)
    assert "Queue" not in {event.application for event in exchange.events(linkedid)}
    with city.context.reading() as session:
        assert session.scalars(select(OwedCallback)).all() == []


def _channels(exchange: Switchboard) -> str:
    return exchange.pbx.control("core show channels concise")

"""Who may register, and that this changes while Asterisk runs, without it noticing a restart or a reload."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from hotline.clock import SystemClock
from hotline.config import Settings
from hotline.context import Context
from hotline.database import Database
from hotline.people.actors import Role
from hotline.telephones.service import (
    add_seat,
    browser_account,
    desk_account,
    end_browser_account,
    renew_desk_account,
    revoke_desk_account,
)
from ivr.control import AmiCallControl
from ivr.network import TelephoneNetwork
from ivr.pbx import Pbx, prepare, seats_of
from tests.factories import City, user
from tests.telephony.conftest import private_settings
from tests.telephony.ivr_process import killable
from tests.telephony.sipp_phones import SippAgentPhone
from tests.telephony.sounds import shorten_greeting
from tests.telephony.switchboard import Switchboard
from tests.waiting import until


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("secure-pbx")
    shorten_greeting(folder)
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
    assert phone.address in exchange.pbx.control("pjsip show contacts")  # until its registration is over
    renewed = renew_desk_account(city.context, control, "1001").password
    assert phone.register(renewed) == 0


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
    return line.partition(endpoint)[2].rpartition("  ")[0].strip().removeprefix("/1002").strip()

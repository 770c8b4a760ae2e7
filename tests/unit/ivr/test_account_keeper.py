"""Asterisk is told what it should know of seats and accounts, once, and again where it may have forgotten."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hotline.context import Context
from hotline.database import Database
from hotline.people.actors import Role
from hotline.people.models import User
from hotline.telephones.service import browser_account, desk_account, renew_desk_account, revoke_desk_account
from ivr.accounts import AccountKeeper
from ivr.ami.client import AmiLost, Headers, Packet
from tests.factories import City, FakeTelephone, FixedClock, make_context, user


@dataclass
class Asterisk:
    """Takes orders down, or is away."""

    away: bool = False
    orders: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    registered: tuple[str, ...] = ()
    """Names of what telephones have registered."""

    def ask(
        self,
        action: str,
        headers: Mapping[str, str] | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> Packet:
        if self.away:
            raise AmiLost("away")
        if action != "Ping":
            self.orders.append((action, headers or {}))
        return Packet("Success", {})

    def ask_list(self, action: str, headers: Headers | None = None) -> list[Packet]:
        assert (action, headers) == ("DBGetTree", {"Family": "registrar/contact"})
        contact = '{"uri":"sip:x","expiration_time":"1795901019","user_agent":""}'
        names = [f"/registrar/contact/{name}" for name in self.registered]
        return [Packet("DBGetTreeResponse", {"Key": name, "Val": contact}) for name in names]

    def passwords(self) -> dict[str, str]:
        """What was put since the last question, by account."""
        put = {
            h["Key"]: json.loads(h["Val"])["password"]
            for action, h in self.orders
            if action == "DBPut" and h["Family"] == "seats/auth"
        }
        self.orders.clear()
        return put

    def ended(self) -> set[str]:
        """Registrations that were let expire."""
        put = [h for action, h in self.orders if action == "DBPut" and h["Family"] == "registrar/contact"]
        assert all(json.loads(h["Val"])["expiration_time"] == "1" for h in put)
        return {h["Key"] for h in put}


@pytest.fixture
def city(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> City:
    return City.founded(make_context(sqlite_database, clock, tmp_path))


@pytest.fixture
def asterisk() -> Asterisk:
    return Asterisk()


@pytest.fixture
def keeper(city: City, asterisk: Asterisk) -> AccountKeeper:
    return AccountKeeper(city.context, asterisk, lambda extensions: False)


def agent_of(city: City) -> Context:
    return city.context.acting_as(city.agent)


def test_an_account_is_told_once_and_taken_back_when_its_time_is_over(
    city: City, keeper: AccountKeeper, asterisk: Asterisk, clock: FixedClock
) -> None:
    account = browser_account(agent_of(city), FakeTelephone())
    keeper.keep()
    assert asterisk.passwords() == {"agent-1001-auth": account.password}
    keeper.keep()
    assert asterisk.passwords() == {}
    clock.advance(hours=10)
    keeper.keep()
    [nobodys] = asterisk.passwords().values()
    assert nobodys != account.password


def test_an_asterisk_that_was_away_is_told_everything_again(
    city: City, keeper: AccountKeeper, asterisk: Asterisk
) -> None:
    account = browser_account(agent_of(city), FakeTelephone())
    keeper.keep()
    asterisk.passwords()
    asterisk.away = True
    keeper.keep_patiently()
    asterisk.away = False
    keeper.keep_patiently()
    assert asterisk.passwords() == {"agent-1001-auth": account.password}


def test_a_barred_user_and_a_revoked_telephone_are_shut_out(
    city: City, keeper: AccountKeeper, asterisk: Asterisk
) -> None:
    renewed = renew_desk_account(city.context, FakeTelephone(), "1001").password
    keeper.keep()
    assert asterisk.passwords() == {"desk-1001-auth": renewed}
    revoke_desk_account(city.context, FakeTelephone(), "1001")
    keeper.keep()
    assert set(asterisk.passwords()) == {"desk-1001-auth"}
    with city.context.writing() as session:
        session.get_one(User, city.agent.user_id).is_active = False
    keeper.keep()
    assert set(asterisk.passwords()) == {"agent-1001-auth"}


def test_a_new_seat_is_written_and_asterisk_reloads_once(city: City, asterisk: Asterisk) -> None:
    written: list[Sequence[str]] = []

    def add_seats(extensions: Sequence[str]) -> bool:
        written.append(list(extensions))
        return len(written) > 1

    keeper = AccountKeeper(city.context, asterisk, add_seats)
    keeper.keep()
    keeper.keep()
    assert (written, asterisk.orders) == ([["1001"]], [])
    user(city.context, city.hotline_id, Role.AGENT, extension="1002")
    keeper.keep()
    keeper.keep()
    assert written == [["1001"], ["1001", "1002"]]
    assert asterisk.orders == [("Command", {"Command": "module reload res_pjsip.so"})]


def test_the_password_of_a_desk_phone_that_nobody_touched_is_left_alone(
    city: City, keeper: AccountKeeper, asterisk: Asterisk
) -> None:
    assert desk_account(city.context, "1001").password
    keeper.keep()
    assert asterisk.orders == []


def test_the_registration_of_a_telephone_ends_with_its_account_and_nobody_elses(
    city: City, keeper: AccountKeeper, asterisk: Asterisk, clock: FixedClock
) -> None:
    asterisk.registered = ("desk-1001;@aa", "agent-1001;@bb", "desk-10010;@cc")
    browser_account(agent_of(city), FakeTelephone(away=True))
    keeper.keep()
    assert asterisk.ended() == set()
    clock.advance(hours=city.context.settings.phone_account_hours)
    keeper.keep()
    assert asterisk.ended() == {"agent-1001;@bb"}
    revoke_desk_account(city.context, FakeTelephone(away=True), "1001")
    keeper.keep()
    assert asterisk.ended() == {"agent-1001;@bb", "desk-1001;@aa"}

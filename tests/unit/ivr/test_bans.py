"""Whom the bans hit, whom never, and that they are kept in Asterisk's own file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from hotline.config import Settings
from hotline.line_settings import PbxAddress
from ivr.ami.client import AmiLost, AmiRefused, Headers, Packet
from ivr.bans import Bans
from ivr.pbx.ban_list import written_bans
from tests.factories import FixedClock

GUESSER = "203.0.113.7"


@dataclass
class Asterisk:
    """Counts reloads; knows the contacts that it is given."""

    away: bool = False
    reloads: int = 0
    contacts: list[Mapping[str, str]] = field(default_factory=list)

    def ask(
        self,
        action: str,
        headers: Mapping[str, str] | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> Packet:
        if self.away:
            raise AmiLost("away")
        self.reloads += (headers or {}).get("Command") == "module reload acl"
        return Packet("Success", {})

    def ask_list(self, action: str, headers: Headers | None = None) -> list[Packet]:
        if not self.contacts:
            raise AmiRefused(action, "No Contacts found")
        return [Packet("ContactList", contact) for contact in self.contacts]


@pytest.fixture
def asterisk() -> Asterisk:
    return Asterisk()


@pytest.fixture
def conf(tmp_path: Path) -> Path:
    folder = tmp_path / "asterisk" / "hotline" / "conf"
    folder.mkdir(parents=True)
    return folder


def bans_of(tmp_path: Path, asterisk: Asterisk, clock: FixedClock, **settings: object) -> Bans:
    chosen = {"state_dir": tmp_path, "ban_minutes": 60, **settings}
    return Bans(Settings(**chosen), asterisk, clock.now)  # type: ignore[arg-type]


def test_a_ban_is_written_for_asterisk_and_ends_by_itself(
    tmp_path: Path, conf: Path, asterisk: Asterisk, clock: FixedClock
) -> None:
    bans = bans_of(tmp_path, asterisk, clock)
    assert bans.ban(GUESSER)
    assert bans.ban("2001:db8::7")
    assert f"\ndeny = {GUESSER}\n" in (conf / "acl.conf").read_text()
    clock.advance(minutes=59)
    assert bans.ban(GUESSER)
    clock.advance(minutes=1)
    assert set(bans.in_force()) == {GUESSER}
    bans.end_what_is_over()
    assert set(written_bans(conf)) == {GUESSER}
    assert asterisk.reloads == 4
    bans.end_what_is_over()
    assert asterisk.reloads == 4
    assert bans.lift(GUESSER)
    assert not bans.lift(GUESSER)
    assert written_bans(conf) == {}


@pytest.mark.usefixtures("conf")
@pytest.mark.parametrize("address", ["127.0.0.1", "10.9.0.1", "10.9.0.2", "10.9.0.3", "10.1.7.7", "10.2.7.7"])
def test_our_own_are_never_banned(
    tmp_path: Path, asterisk: Asterisk, clock: FixedClock, address: str
) -> None:
    east, west = (PbxAddress(name=n, host=h) for n, h in (("east", "10.9.0.2"), ("west", "10.9.0.3")))
    bans = bans_of(
        tmp_path,
        asterisk,
        clock,
        trunk_host="10.9.0.1",
        sip_host="10.9.0.2",
        pbx_name="east",
        pbxs=(east, west),
        phone_networks=(IPv4Network("10.1.0.0/16"),),
        never_banned=(IPv4Network("10.2.0.0/16"),),
    )
    assert not bans.ban(address)
    assert bans.in_force() == {}


@pytest.mark.usefixtures("conf")
def test_the_trunks_name_is_looked_up(tmp_path: Path, asterisk: Asterisk, clock: FixedClock) -> None:
    assert not bans_of(tmp_path, asterisk, clock, trunk_host="localhost").ban("127.0.0.1")


@pytest.mark.usefixtures("conf")
@pytest.mark.parametrize(
    "contact",
    [
        {"Uri": f"sip:desk-1001@{GUESSER}:5062"},
        {"Uri": f"sip:desk-1001@{GUESSER};transport=tls"},
        {"Uri": "sip:x@192.168.0.4:5062", "ViaAddress": f"{GUESSER}:5062"},
    ],
)
def test_where_a_telephone_is_registered_nobody_is_banned(
    tmp_path: Path, asterisk: Asterisk, clock: FixedClock, contact: dict[str, str]
) -> None:
    asterisk.contacts.append(contact)
    bans = bans_of(tmp_path, asterisk, clock)
    assert not bans.ban(GUESSER)
    assert bans.ban("203.0.113.8")


@pytest.mark.usefixtures("conf")
def test_bans_can_be_switched_off(tmp_path: Path, asterisk: Asterisk, clock: FixedClock) -> None:
    assert not bans_of(tmp_path, asterisk, clock, ban_minutes=0).ban(GUESSER)


def test_nothing_is_written_that_asterisk_does_not_know(
    tmp_path: Path, conf: Path, asterisk: Asterisk, clock: FixedClock
) -> None:
    asterisk.away = True
    with pytest.raises(AmiLost):
        bans_of(tmp_path, asterisk, clock).ban(GUESSER)
    assert written_bans(conf) == {}

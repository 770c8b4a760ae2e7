"""Addresses that try passwords: what counts, what raises an alarm, and a flood that fills no memory."""

from pathlib import Path

import pytest

from hotline.database import Database
from hotline.line_security.service import open_alarms
from ivr.ami.client import Packet
from ivr.ami.events import read_event
from ivr.ami.security_events import Refused
from ivr.handlers import intruders
from ivr.handlers.intruders import Intruders
from ivr.handlers.turn import Turn
from tests.factories import FixedClock, make_context

GUESSER = "203.0.113.7"


class House:
    """A handler that raises an alarm at the third refusal, and what it has raised."""

    def __init__(self, database: Database, clock: FixedClock, folder: Path) -> None:
        self.clock = clock
        self._context = make_context(database, clock, folder)
        self.banned: list[str] = []
        self._act = Intruders(3, self._ban).handles()[Refused]

    def _ban(self, address: str) -> bool:
        self.banned.append(address)
        return True

    def refuse(self, address: str, times: int = 1) -> None:
        for _ in range(times):
            self._act(Turn(self._context, lambda act: None), Refused(address))

    def alarms(self) -> list[tuple[str, int]]:
        with self._context.reading() as session:
            return [(alarm.subject, alarm.count) for alarm in open_alarms(session)]


@pytest.fixture
def house(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> House:
    return House(sqlite_database, clock, tmp_path)


def test_an_alarm_at_so_many_refusals_of_one_address_within_ten_minutes(house: House) -> None:
    house.refuse(GUESSER, 2)
    house.refuse("203.0.113.8", 2)
    assert house.alarms() == []
    house.clock.advance(minutes=9)
    assert house.banned == []
    house.refuse(GUESSER)
    assert house.alarms() == [(GUESSER, 3)]
    assert house.banned == [GUESSER]
    house.refuse(GUESSER, 2)
    assert house.alarms() == [(GUESSER, 3)]
    house.refuse(GUESSER)
    assert house.alarms() == [(GUESSER, 6)]


def test_a_telephone_with_an_old_password_that_tries_now_and_then_is_no_intruder(house: House) -> None:
    for _ in range(10):
        house.refuse(GUESSER)
        house.clock.advance(minutes=5, seconds=1)
    assert house.alarms() == []


def test_a_flood_from_forged_addresses_is_forgotten(house: House) -> None:
    house.refuse(GUESSER, 2)
    for number in range(intruders.MOST_ADDRESSES):
        house.refuse(f"2001:db8::{number:x}")
    house.refuse(GUESSER)
    assert house.alarms() == []


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("IPV4/UDP/203.0.113.7/5060", "203.0.113.7"),
        ("IPV4/TLS/203.0.113.7/40000", "203.0.113.7"),
        ("IPV4/WS/203.0.113.7/40000", "203.0.113.7"),
        ("IPV6/UDP/2001:db8::7/5060", "2001:db8::7"),
        ("", None),
        ("IPV4/UDP/example.org/5060", None),
        ("IPV4/UDP/203.0.113.7/5060\nEvent: x", None),
        ("IPV4/UDP/" + "1" * 60 + "/5060", None),
    ],
)
@pytest.mark.parametrize(
    "name", ["ChallengeResponseFailed", "InvalidPassword", "InvalidAccountID", "FailedACL"]
)
def test_of_a_security_event_nothing_but_an_address_is_read(
    name: str, remote: str, address: str | None
) -> None:
    packet = Packet(name, {"RemoteAddress": remote, "AccountID": "13800001234", "Challenge": "x"})
    assert read_event(packet) == (Refused(address) if address else None)

"""A private hotline PBX and a telephone network, started once, on free ports."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.config import Settings, load_settings
from ivr.network import PHONES_HOST, TelephoneNetwork
from ivr.pbx import Pbx, prepare, seats_of
from tests.own_database import sqlite_database
from tests.ports import free_port
from tests.telephony.ami_tap import AmiTap
from tests.telephony.sounds import AGENT_HZ, CITIZEN_HZ, write_tone
from tests.telephony.switchboard import QueueMembers, Switchboard

__all__ = ["sqlite_database"]  # a fixture, found by its name

TRUNK_HOST = "127.0.0.2"
TONE_SECONDS = 2.0

LONGEST_FIRST = (
    "test_demo.py",
    "test_spoken_answers.py",
    "test_live_text.py",
    "test_comments.py",
    "test_queue.py",
    "test_transfers_in_vain.py",
    "test_call_control.py",
    "test_intake.py",
)
"""Files, so that none is waited for alone in the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole files, the longest first, and those with a browser spread among the others: beside several
    browsers at once voices suffer."""
    places = {name: place for place, name in enumerate(LONGEST_FIRST)}
    files = sorted(dict.fromkeys(item.path for item in items), key=lambda path: places.get(path.name, 99))
    calls = [path for path in files if "telephony" in path.parts]
    others = [path for path in files if "telephony" not in path.parts]
    ranks = {
        path: (place + 0.5) / len(group) for group in (calls, others) for place, path in enumerate(group)
    }
    items.sort(key=lambda item: ranks[item.path])


def private_settings(folder: Path, host: str = "127.0.0.1", **settings: object) -> Settings:
    """Settings of a hotline that shares nothing but the installed Asterisk with any other."""
    tcp, udp = socket.SOCK_STREAM, socket.SOCK_DGRAM
    chosen = {
        "sip_port": free_port(udp, host),
        "trunk_port": free_port(udp, TRUNK_HOST, PHONES_HOST),
        "websocket_port": free_port(tcp, host),
        "ami_port": free_port(tcp, host),
        "agi_port": free_port(tcp, "127.0.0.1"),
        "web_port": free_port(tcp, "127.0.0.1"),
        "live_port": free_port(tcp, "127.0.0.1"),
        "live_audio_port": free_port(tcp, "127.0.0.1"),
    }
    places = {
        "state_dir": folder,
        "spool_dir": folder / "spool",
        "trunk_host": TRUNK_HOST,
        "sip_host": host,
        "ami_host": host,
    }
    # The question after the talk takes its time: tests that are about it switch it on.
    return load_settings(**({"satisfaction_by_key": False} | places | chosen | settings))


@pytest.fixture(scope="session")
def telephony_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of the switchboard: short waits, so that tests need not wait long."""
    return private_settings(tmp_path_factory.mktemp("pbx"), queue_timeout_seconds=10, wrap_up_seconds=0)


@pytest.fixture(scope="session")
def switchboard(telephony_settings: Settings) -> Iterator[Switchboard]:
    """Both PBXs. Nobody listens on the port of the scripts, unless a test does."""
    seats = tuple(seats_of(["1001", "1002"], telephony_settings.secrets.sip))
    pbx = Pbx(prepare(telephony_settings, seats))
    with pbx, TelephoneNetwork(telephony_settings) as network:
        yield Switchboard(telephony_settings, pbx, network, seats)


@pytest.fixture
def ami(switchboard: Switchboard) -> Iterator[AmiTap]:
    """What the manager interface says from here on."""
    with AmiTap(switchboard.settings) as tap:
        yield tap


@pytest.fixture
def queue(switchboard: Switchboard) -> Iterator[QueueMembers]:
    """Members of the queue for one test."""
    with QueueMembers(switchboard) as members:
        yield members


@pytest.fixture(scope="session")
def citizen_tone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What citizens say."""
    return write_tone(tmp_path_factory.mktemp("tones") / "citizen.wav", CITIZEN_HZ, TONE_SECONDS)


@pytest.fixture(scope="session")
def agent_tone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What agents say."""
    return write_tone(tmp_path_factory.mktemp("tones") / "agent.wav", AGENT_HZ, TONE_SECONDS)

"""The whole story by the command itself: real processes, real SIP, real Vosk, nothing faked."""

import fcntl
import json
import os
import re
import socket
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from hotline.cli.demo.city import load
from hotline.cli.main import main
from hotline.config import load_settings
from hotline.consistency.models import ConsistencyCheck, ReviewFinding
from hotline.consistency.rules import Kind
from hotline.context import Context
from hotline.people.rules import sip_password
from ivr.network import PHONES_HOST
from tests.ports import free_port

TRUNK_HOST = "127.0.0.2"
# Written for this test; no training sentence, no template.
UNPREPARED = "我想反映一下，我们单位已经两个月没有发工资了，老板的电话也打不通"
STORY_SECONDS = 420  # 90 on a machine that does nothing else


@dataclass(frozen=True)
class Command:
    """The command `hotline` on a machine of its own: free ports, a fresh state folder."""

    folder: Path
    environment: dict[str, str]

    def __call__(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "hotline", *words],
            env=os.environ | self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=STORY_SECONDS,
        )

    def asked(self, *words: str) -> Result:
        """What it answers in this process, where it starts nothing: to load another takes seconds."""
        return CliRunner().invoke(main, words, env=self.environment)

    def refuses(self, *words: str) -> str:
        """What it says to whoever asks for what cannot be."""
        refused = self.asked(*words)
        assert (refused.exit_code, type(refused.exception)) == (1, SystemExit)
        return refused.stderr


@pytest.fixture
def hotline(tmp_path: Path) -> Command:
    tcp, udp = socket.SOCK_STREAM, socket.SOCK_DGRAM
    settings: dict[str, object] = {
        "STATE_DIR": tmp_path,
        "SPOOL_DIR": tmp_path / "spool",
        "SIP_PORT": free_port(udp, "127.0.0.1"),
        "TRUNK_PORT": free_port(udp, TRUNK_HOST, PHONES_HOST),
        "WEBSOCKET_PORT": free_port(tcp, "127.0.0.1"),
        "AMI_PORT": free_port(tcp, "127.0.0.1"),
        "AGI_PORT": free_port(tcp, "127.0.0.1"),
        "WEB_PORT": free_port(tcp, "127.0.0.1"),
        "LIVE_PORT": free_port(tcp, "127.0.0.1"),
        "LIVE_AUDIO_PORT": free_port(tcp, "127.0.0.1"),
        "RTP_FIRST": 30000,
        "RTP_LAST": 30400,
    }
    return Command(tmp_path, {f"HOTLINE_{name}": str(value) for name, value in settings.items()})


def story(hotline: Command, *words: str) -> dict[str, Any]:
    """Play the story to its end and return what it measured."""
    path = hotline.folder / "story.json"
    played = hotline("demo", "--once", "--json", str(path), *words)
    assert played.returncode == 0, played.stdout + played.stderr
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return told


def test_the_story_is_true_for_a_sentence_that_nobody_prepared(hotline: Command) -> None:
    told = story(hotline, "--say", UNPREPARED)

    assert told["true"] is True
    call, ticket, callback = told["call"], told["ticket"], told["callback"]
    assert [leg["role"] for leg in call["legs"]] == ["caller", "agent"]
    assert {track["speaker"] for track in call["tracks"]} == {"caller", "agent", "mix"}
    assert all(track["seconds"] > 5 for track in call["tracks"])
    assert call["character_error_rate"] <= 0.10, call["heard"]
    assert told["live"]["first_words"]  # which ones: those that come first may be corrected in place
    assert told["live"]["first_words_s"] < 3.0, told["live"]
    assert ticket["state"] == "closed"
    assert ticket["profile"] == "seed-2011"
    assert ticket["satisfaction"] == 2
    moves = [(line["from"], line["to"]) for line in ticket["history"] if line["from"] != line["to"]]
    assert moves == [
        (None, "draft"),
        ("draft", "registered"),
        ("registered", "to_dispatch"),
        ("to_dispatch", "dispatched"),
        ("dispatched", "handling"),
        ("handling", "replied"),
        ("replied", "callback"),
        ("callback", "closed"),
    ]
    assert [(attempt["digits"], attempt["outcome"]) for attempt in callback["attempts"]] == [
        ("12", "answered")
    ]
    assert_looked_at(hotline)
    assert_no_number_in_logs(hotline.folder)
    assert "not running" in hotline.asked("status").stdout


def assert_looked_at(hotline: Command) -> None:
    """The call is held against its ticket, and by then the exchange has told that the notice was heard."""
    context = Context.of(load_settings(state_dir=hotline.folder))
    today = context.now().astimezone(context.settings.zone).date()
    looked = hotline("findings", "--from", f"{today - timedelta(days=1)}", "--until", f"{today}")
    # The follow-up call is counted once it is text, too.
    assert re.fullmatch(r"[12] calls looked at, 0 are left to hotline sweep\n", looked.stdout), looked.stderr
    with context.reading() as session:
        compared = session.scalars(select(ConsistencyCheck).where(ConsistencyCheck.basis != "")).all()
        kinds = set(session.scalars(select(ReviewFinding.kind)))
    context.database.dispose()
    assert len(compared) == 1
    assert kinds & {Kind.NOTICE_MISSING, Kind.LONG_SILENCE} == set()


def assert_no_number_in_logs(folder: Path) -> None:
    """Neither the citizen's number nor their words are in any log of ours or of Asterisk's."""
    logs = [path for path in folder.rglob("*.log") if path.is_file()]
    assert len(logs) >= 5
    for path in logs:
        text = path.read_text(errors="replace")
        assert "13812345678" not in text, path
        assert "工资" not in text, path


def test_a_port_in_use_is_named_with_its_setting(hotline: Command) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(hotline.environment["HOTLINE_WEB_PORT"])))
        taken.listen()
        assert "HOTLINE_WEB_PORT" in hotline.refuses("demo", "--once")


def test_the_account_of_a_desk_telephone_is_printed_for_seats_alone(
    hotline: Command, migrated_sqlite: Path
) -> None:
    copyfile(migrated_sqlite, hotline.folder / "hotline.sqlite")
    city = Context.of(load_settings(state_dir=hotline.folder))
    load(city)
    city.database.dispose()

    printed = hotline.asked("telephone", "1001").stdout

    assert "desk-1001" in printed
    assert city.settings.secrets.sip not in printed
    assert sip_password(city.settings.secrets.sip, "1001") in printed
    assert "1999" in hotline.refuses("telephone", "1999")


def test_a_second_demo_is_refused_while_one_runs(hotline: Command) -> None:
    lock = hotline.folder / "run" / "demo.lock"
    lock.parent.mkdir()
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert "another demo" in hotline.refuses("demo", "--once")


def test_a_model_path_without_a_model_is_named(hotline: Command) -> None:
    hotline.environment["HOTLINE_VOSK_MODEL"] = str(hotline.folder / "nothing-here")
    assert "nothing-here" in hotline.refuses("demo", "--once")


@pytest.mark.parametrize("sentence", ["", "   ", "字" * 501])
def test_a_sentence_that_cannot_be_said_is_refused(hotline: Command, sentence: str) -> None:
    assert "--say" in hotline.refuses("demo", "--once", "--say", sentence)

"""`hotline check`, mostly on installations with something wrong."""

import socket
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from shutil import copyfile

import pytest

from hotline.checking import Finding
from hotline.cli.check import (
    configuration,
    console,
    database,
    for_console,
    free_space,
    holidays,
    live_text,
    model,
    pbx,
    ports,
    programs,
    prompts,
    run_checks,
    told_mark,
    writable,
)
from hotline.config import Settings
from hotline.deadlines.calendar import ChineseCalendar
from hotline.live_text.wire import Health
from tests.ports import free_port
from tests.telling import Live
from tests.waiting import until


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        state_dir=tmp_path / "state",
        spool_dir=tmp_path / "spool",
        cache_dir=tmp_path / "cache",
        sip_port=free_port(socket.SOCK_DGRAM),
        websocket_port=free_port(),
        ami_port=free_port(),
        agi_port=free_port(),
        web_port=free_port(),
        live_port=free_port(),
        live_audio_port=free_port(),
    )


def test_a_fresh_machine_hears_what_is_missing_and_how_to_mend_it(settings: Settings) -> None:
    wrong = [finding for finding in run_checks(settings, least_free_bytes=0) if not finding.ok]
    assert {finding.name for finding in wrong} >= {"database", "PBX", "prompts"}
    assert all(finding.what and finding.mend for finding in wrong)
    assert not settings.state_dir.exists(), "looking must change nothing"


def test_the_console_is_told_the_same_but_for_holidays_and_ports(settings: Settings) -> None:
    told = {finding.name: finding for finding in for_console(settings)}
    everything = {finding.name: finding for finding in run_checks(settings)}
    assert set(everything) - set(told) == {"holidays", "ports"}
    assert told["speech model"] == everything["speech model"]


def test_what_is_in_order_needs_no_mending(settings: Settings) -> None:
    everything = run_checks(settings, least_free_bytes=0)
    right = [finding for finding in everything if finding.ok and finding.name != "holidays"]
    assert {"configuration", "state folder", "spool folder", "speech model"} <= {f.name for f in right}
    assert {finding.mend for finding in right} == {""}


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM], ids=["tcp", "udp"])
def test_a_port_in_use_is_named_with_its_setting(settings: Settings, kind: socket.SocketKind) -> None:
    variable, number = {
        socket.SOCK_STREAM: ("HOTLINE_AMI_PORT", settings.ami_port),
        socket.SOCK_DGRAM: ("HOTLINE_SIP_PORT", settings.sip_port),
    }[kind]
    assert [finding.ok for finding in ports(settings)] == [True]
    with socket.socket(socket.AF_INET, kind) as holder:
        holder.bind(("127.0.0.1", number))
        if kind is socket.SOCK_STREAM:
            holder.listen()
        (finding,) = ports(settings)
    assert not finding.ok
    assert str(number) in finding.what
    assert variable in finding.mend


def test_a_model_that_is_no_model(settings: Settings, tmp_path: Path) -> None:
    for wrong in (tmp_path / "nowhere", tmp_path):
        finding = model(settings.model_copy(update={"vosk_model": wrong}))
        assert not finding.ok
        assert str(wrong) in finding.what
        assert "HOTLINE_VOSK_MODEL" in finding.mend


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    finding = writable("state folder", tmp_path / "file" / "state")
    assert not finding.ok
    assert str(tmp_path / "file") in finding.what
    assert "HOTLINE_STATE_DIR" in finding.mend


def test_a_folder_of_somebody_else() -> None:
    assert not writable("state folder", Path("/proc/hotline")).ok


def test_a_full_disk(tmp_path: Path) -> None:
    assert free_space("disk", tmp_path, least_bytes=0).ok
    finding = free_space("disk", tmp_path / "not" / "yet", least_bytes=1 << 62)
    assert not finding.ok
    assert "GiB free" in finding.what


def test_an_empty_database_is_not_at_head(settings: Settings, migrated_sqlite: Path) -> None:
    file = settings.state_dir / "hotline.sqlite"
    assert "does not exist" in database(settings).what
    file.parent.mkdir()
    file.touch()
    finding = database(settings)
    assert (finding.ok, finding.mend) == (False, "run: hotline setup")
    assert "revision None" in finding.what
    copyfile(migrated_sqlite, file)
    assert database(settings).ok


def test_a_database_that_does_not_answer_shows_no_password(settings: Settings) -> None:
    url = f"postgresql+psycopg://hotline:geheim@127.0.0.1:{free_port()}/hotline"
    finding = database(settings.model_copy(update={"database_url": url}))
    assert not finding.ok
    assert "geheim" not in f"{finding}"
    assert "HOTLINE_DATABASE_URL" in finding.mend


class _Knows(ChineseCalendar):
    """Knows the holidays up to 2026."""

    def covers(self, day: date) -> bool:
        return day.year <= 2026


@pytest.mark.parametrize(
    ("today", "ok", "mark"),
    [("2026-06-01", True, "ok"), ("2026-11-20", True, "soon"), ("2027-01-01", False, "WRONG")],
)
def test_holidays_that_are_missing_are_told_before_they_are_wanted(today: str, ok: bool, mark: str) -> None:
    finding = holidays(date.fromisoformat(today), _Knows())
    assert finding.ok is ok
    assert mark in told_mark(finding)
    assert ("2027" in finding.what) is (mark != "ok")
    assert ("chinesecalendar" in finding.mend) is (mark != "ok")


def test_broken_secrets(settings: Settings) -> None:
    settings.state_dir.mkdir()
    (settings.state_dir / "secrets.toml").write_text("flask = ")
    finding = configuration(settings)
    assert not finding.ok
    assert "secrets.toml" in finding.what


def test_no_pbx_and_no_prompts(settings: Settings) -> None:
    assert pbx(settings).mend == "run: hotline setup"
    finding = prompts(settings)
    assert (finding.ok, finding.mend) == (False, "run: hotline setup")


def test_a_program_that_is_not_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = {finding.name: finding for finding in programs()}
    assert not any(finding.ok for finding in found.values())
    assert found["espeak-ng"].mend == "apt-get install espeak-ng"


class _Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quiet."""


@pytest.fixture(params=[200, 500])
def console_status(request: pytest.FixtureRequest, settings: Settings) -> Iterator[int]:
    with HTTPServer(("127.0.0.1", settings.web_port), _Answering) as server:
        server.status = request.param  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        yield request.param
        thread.join()


def test_the_console_is_asked(settings: Settings, console_status: int) -> None:
    finding = console(settings)
    assert finding.ok == (console_status == 200)
    assert finding.ok or "500" in finding.what


def test_a_console_that_does_not_answer(settings: Settings) -> None:
    assert not console(settings).ok


@pytest.mark.parametrize(("shed", "well"), [(0, True), (3, False)])
def test_live_text_says_how_it_keeps_up(settings: Settings, shed: int, well: bool) -> None:
    live = Live(settings)
    live.health = Health(12, shed, 24, 0.4, 0.65)
    live.start()
    found = until(lambda: _in_time(live_text(settings)))
    live.stop()
    assert found.ok is well
    assert "12 calls followed, 65% of the cores, 0.4 s behind" in found.what
    assert ("3 calls are not followed" in found.what) is not well


def _in_time(found: Finding) -> Finding | None:
    """None where the machine was too busy for an answer within the three seconds that it has."""
    return None if "TimeoutError" in found.what else found


def test_live_text_that_does_not_answer(settings: Settings) -> None:
    found = live_text(settings)
    assert not found.ok
    assert "ConnectionRefusedError" in found.what
    assert "live.log" in found.mend

"""What is prepared before Asterisk starts, and the process that a supervisor runs."""

import os
import re
import signal
import socket
import subprocess
import threading
from pathlib import Path

import pytest

from hotline.config import Settings, load_settings
from ivr.network import NetworkCall, TelephoneNetwork, listen
from ivr.network.calls import EndedBy
from ivr.pbx import PbxError, command, ensure, folder_of, ports_in_use, prepare, seats_of
from ivr.pbx.install import confined
from ivr.pbx.instance import Instance
from ivr.pbx.priority import NICENESS, preferred
from ivr.pbx.templates import render_all
from ivr.prompts import ensure_prompts, sounds_folder
from tests.telephony.conftest import private_settings
from tests.telephony.hearing import wait_until_closed
from tests.telephony.sounds import read_wave, write_tone
from tests.telephony.switchboard import Switchboard
from tests.waiting import until


@pytest.fixture
def own_settings(tmp_path: Path) -> Settings:
    """Settings of a second hotline with ports and folders of its own."""
    return private_settings(tmp_path)


@pytest.mark.parametrize(
    ("field", "setting", "kind"),
    [
        ("sip_port", "HOTLINE_SIP_PORT", socket.SOCK_DGRAM),
        ("ami_port", "HOTLINE_AMI_PORT", socket.SOCK_STREAM),
        ("websocket_port", "HOTLINE_WEBSOCKET_PORT", socket.SOCK_STREAM),
    ],
)
def test_a_taken_port_is_named_with_its_setting(
    own_settings: Settings, field: str, setting: str, kind: socket.SocketKind
) -> None:
    assert ports_in_use(own_settings) == []
    port = getattr(own_settings, field)
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind(("127.0.0.1", port))
        if kind is socket.SOCK_STREAM:
            other.listen()
        assert ports_in_use(own_settings) == [f"port {port} is in use: set {setting}"]


def test_what_holds_secrets_is_for_its_owner_alone(own_settings: Settings) -> None:
    prepare(own_settings, seats_of(["1001"], own_settings.secrets.sip))
    folder = folder_of(own_settings)
    assert folder.stat().st_mode & 0o077 == 0
    files = [path for path in (folder / "conf").iterdir() if path.suffix == ".conf"]
    assert files
    assert [path.name for path in files if path.stat().st_mode & 0o077] == []


def test_a_machine_without_asterisk_says_what_to_do(own_settings: Settings, tmp_path: Path) -> None:
    settings = own_settings.model_copy(update={"cache_dir": tmp_path / "empty"})
    with pytest.raises(PbxError, match="make bootstrap"):
        prepare(settings, [])


def test_asterisk_is_found_with_the_path_of_an_ordinary_user(own_settings: Settings) -> None:
    installation = ensure(own_settings.cache_dir)
    words = (
        [*confined(installation.root), "asterisk", "-V"]
        if installation.root
        else ["/usr/sbin/asterisk", "-V"]
    )

    said = subprocess.run(words, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=True)

    assert installation.version in said.stdout


def test_asterisk_is_not_shown_what_makes_its_start_slow(own_settings: Settings) -> None:
    folder = folder_of(own_settings) / "data" / "documentation"
    folder.parent.mkdir(parents=True)
    folder.symlink_to("/usr/share/asterisk/documentation")  # as an earlier hotline had it
    for _ in range(2):
        prepare(own_settings, [])
        [shown] = folder.glob("core-*.xml")
        kinds = set(re.findall(r"^\t?<(\w+) .*language=", shown.read_text(), re.MULTILINE))
        assert kinds == {"function", "application", "manager", "agi", "configInfo", "info"}


def test_asterisk_misses_no_description(switchboard: Switchboard) -> None:
    assert "Attempt to connect to another device" in switchboard.pbx.control("core show application Dial")
    for log in (switchboard.pbx.log, switchboard.network.log):
        assert "XML documentation" not in log.read_text()


def test_every_thread_of_asterisk_goes_before_the_machines_other_work(own_settings: Settings) -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)
    with preferred():
        expected = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    assert expected in (NICENESS, before)
    instance = prepare(own_settings, [])
    process = instance.start()
    try:
        instance.wait_until_booted(process)
        threads = threads_of_session(process.pid)
        assert len(threads) > 10
        assert {niceness for thread in threads if (niceness := niceness_of(thread)) is not None} == {expected}
        assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before
    finally:
        instance.stop(process)


def threads_of_session(leader: int) -> list[int]:
    """Of every process in the session, also of those in a namespace of their own."""
    processes = [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if session_of(entry) == leader]
    return [int(thread.name) for process in processes for thread in Path(f"/proc/{process}/task").iterdir()]


def niceness_of(thread: int) -> int | None:
    try:
        return os.getpriority(os.PRIO_PROCESS, thread)
    except ProcessLookupError:  # ended meanwhile
        return None


def session_of(process: Path) -> int | None:
    try:
        return os.getsid(int(process.name))
    except ProcessLookupError:  # ended meanwhile
        return None


@pytest.mark.parametrize("value", ["a\nb", "a;b", "a\rb"])
def test_a_value_cannot_leave_its_line(tmp_path: Path, value: str) -> None:
    variables = {"language": value, "folder": tmp_path, "modules_dir": tmp_path, "modules": []}
    with pytest.raises(ValueError, match="line break"):
        render_all(["shared"], tmp_path, variables)


def test_prompts_are_spoken_once_and_a_recording_wins(tmp_path: Path) -> None:
    settings = load_settings(state_dir=tmp_path)
    assert "zh/greeting" in ensure_prompts(settings)
    assert ensure_prompts(settings) == []
    (tmp_path / "prompts" / "zh").mkdir(parents=True)
    recording = write_tone(tmp_path / "prompts" / "zh" / "greeting.wav", 500, 1.0)
    assert ensure_prompts(settings) == ["zh/greeting"]
    prompt = sounds_folder(settings) / "zh" / "greeting.wav"
    assert prompt.read_bytes() == recording.read_bytes()
    recording.unlink()
    assert ensure_prompts(settings) == ["zh/greeting"]
    assert prompt.exists()


def test_the_supervised_process_ends_calls_and_closes_recordings_when_asked(own_settings: Settings) -> None:
    instance = prepare(own_settings, [])
    process = subprocess.Popen(command(own_settings))
    try:
        instance.wait_until_booted(process)
        with TelephoneNetwork(own_settings) as network:
            call = network.citizen_calls("13800001234", listen(60))
            call.wait_answered(20)
            track = until(lambda: next(own_settings.spool_dir.rglob("caller.wav"), None))
            until(lambda: track.stat().st_size > 16000, what="a second of recording")
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
            _ended_by_the_hotline(call)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    wait_until_closed(track)
    assert len(read_wave(track)) > 8000
    with pytest.raises(PbxError, match="does not answer"):
        Instance.load(folder_of(own_settings)).control("core show uptime")


def _ended_by_the_hotline(call: NetworkCall) -> None:
    assert call.wait_ended(60) is EndedBy.THEM

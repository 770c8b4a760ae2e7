"""`hotline headset` as a person meets it: what it says where sound or permission is missing."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.config import PROJECT_ROOT
from ivr.headset.words import words
from tests.unit.headset.exchange import Exchange

PROMPT = "/headset/prompts/zh/greeting"
NO_PORTAUDIO = 'raise OSError("PortAudio library not found")'
ONE_MICROPHONE = """
class PortAudioError(Exception): ...
class RawInputStream: ...
class default: device = [0, -1]
def query_devices(): return [DEVICE][:COUNT]
def query_hostapis(): return [{"name": "ALSA"}]
def _terminate(): ...
def _initialize(): ...
DEVICE = {"name": "USB", "hostapi": 0, "max_input_channels": 1, "max_output_channels": 1}
COUNT = 1
"""
NO_CARD = ONE_MICROPHONE.replace("COUNT = 1", "COUNT = 0")


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    with Exchange() as exchange:
        yield exchange


def headset(folder: Path, library: str, *given: str, language: str = "zh") -> tuple[int, str, str]:
    """The command beside such a library of sound: its exit status and what it wrote."""
    with begun(folder, library, *given, language=language) as running:
        out, told = running.communicate("", timeout=60)
    return running.returncode, out, told


def begun(folder: Path, library: str, *given: str, language: str = "zh") -> subprocess.Popen[str]:
    """The same, which goes on until the end of its standard input."""
    (folder / "sounddevice.py").write_text(library)
    environment = {
        "PYTHONPATH": os.pathsep.join((str(folder), str(PROJECT_ROOT))),
        "HOTLINE_STATE_DIR": str(folder / "state"),
        "HOTLINE_LANGUAGE": language,
        "MINSHENG_HEADSET_PASSWORD": "a password",
        "XDG_CONFIG_HOME": str(folder),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "hotline", "headset", *given],
        env=os.environ | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(("library", "word"), [(NO_PORTAUDIO, "no_portaudio"), (NO_CARD, "no_card")])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_missing_for_sound_is_said_in_one_language(
    tmp_path: Path, library: str, word: str, language: str
) -> None:
    said = words(language)
    answer = headset(tmp_path, library, "devices", language=language)
    assert answer == (1, "", f"Error: {said[word]}\n")


def test_devices_are_listed(tmp_path: Path) -> None:
    status, out, _ = headset(tmp_path, ONE_MICROPHONE, "devices")
    assert (status, out.count("USB  [ALSA]")) == (0, 2)


def test_who_may_not_replace_prompts_is_told_who_may(tmp_path: Path, exchange: Exchange) -> None:
    exchange.answers[PROMPT] = (403, {})
    given = ("--server", exchange.address, "--user", "wangli", "record-prompt", "greeting")
    status, _, told = headset(tmp_path, ONE_MICROPHONE, *given)
    assert status == 1
    assert words("en")["not_permitted"] in told
    assert words("en")["site_away"] not in told


def test_a_device_that_is_not_there_is_named_for_people(tmp_path: Path, exchange: Exchange) -> None:
    given = ("--server", exchange.address, "--user", "wangli", "--microphone", "NoSuch")
    with begun(tmp_path, ONE_MICROPHONE, *given) as running:
        assert running.stderr is not None
        told = running.stderr.readline()
        out, more = running.communicate("", timeout=60)
    assert running.returncode == 0
    assert told == words("en")["no_device"].format(device="NoSuch") + "\n"
    assert more == ""  # once
    assert "connecting no_device" in out.splitlines()  # for programs, as ever
    kept = json.loads((tmp_path / "minsheng" / "headset.json").read_text())
    assert (kept["username"], kept["microphone"]) == ("wangli", None)  # what never worked is not remembered

"""Many SIP callers at once: one SIPp, which speaks for all of them a tone without a gap."""

import subprocess
from pathlib import Path

import numpy as np

from hotline.config import Settings
from tests.telephony.conftest import TRUNK_HOST
from tests.telephony.sipp import call_of_seconds, speech_of
from tests.telephony.sounds import RATE, read_wave, write_tone

HERTZ = 440
FRAME = RATE // 100  # 10 ms
_AUDIBLE = 0.02
_SENDER = "<sip:139[call_number]@[local_ip]:[local_port]>"


def callers(
    folder: Path, settings: Settings, dialled: str, calls: int, rate: int, seconds: float
) -> "subprocess.Popen[bytes]":
    """Starts `calls` calls, `rate` a second, each `seconds` long. Ends with 0 if none failed."""
    speech = speech_of(write_tone(folder / "tone.wav", HERTZ, 10.0), folder)
    scenario = folder / f"load-{dialled}-{calls}.xml"
    scenario.write_text(call_of_seconds(_SENDER, speech, seconds))
    words = [
        *("sipp", f"{settings.sip_host}:{settings.sip_port}", "-s", dialled, "-sf", str(scenario)),
        *("-m", str(calls), "-l", str(calls), "-r", str(rate), "-i", TRUNK_HOST, "-mi", TRUNK_HOST),
        *("-p", str(settings.trunk_port), "-mp", "20000"),
        *("-nostdin", "-timeout", str(round(calls / rate + seconds + 60)), "-timeout_error"),
    ]
    log = (folder / f"{scenario.stem}.log").open("wb")
    return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd=folder)


def longest_gap(track: Path) -> float:
    """Seconds of the longest silence between the tone's first and last sound; infinite without any."""
    samples = read_wave(track)
    frames = np.abs(samples[: len(samples) // FRAME * FRAME]).reshape(-1, FRAME).max(axis=1) > _AUDIBLE
    heard = np.flatnonzero(frames)
    if len(heard) < 2:
        return float("inf")
    return float((np.diff(heard).max() - 1) * FRAME / RATE)

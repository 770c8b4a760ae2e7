"""What waiting callers are told, as one sound in a language of its own.

Asterisk plays the prompt `wait-estimate` to each caller from time to time, in the language of their channel.
A caller whose channel speaks `zh_wait_3_5` hears the one of that folder, all others the plain one of `zh`: so
every caller can be told something else without ever leaving the queue.
"""

import re
import wave
from datetime import timedelta
from pathlib import Path

import numpy as np

from hotline.config import Settings
from hotline.prompts import spoken
from ivr.prompts.render import sounds_folder
from ivr.prompts.wave_files import write_wave

PROMPT = "wait-estimate"
BEFORE, EXPECTED = "wait-busy", "wait-expected"
FURTHEST = 99
LONGEST = timedelta(hours=2)
_LANGUAGE = re.compile(r"(?P<base>[a-z]{2}(?:_[a-z]+)*?)(?:_wait_\d+_\d*)?")


def base_of(language: str) -> str:
    """The language that a channel had before it was told anything. Raises `ValueError` for what is none."""
    found = _LANGUAGE.fullmatch(language)
    if found is None:
        raise ValueError("not a language")
    return found["base"]


def ensure_wait(settings: Settings, language: str, position: int, seconds: float | None) -> str:
    """Make the sound if it is not there yet, and return the language in which it is found.

    Raises `OSError` where a piece of it is missing or the disk is full.
    """
    base = base_of(language)
    place = min(position, FURTHEST)
    span = None if seconds is None else min(timedelta(seconds=seconds), LONGEST)
    minutes = "" if span is None else str(int(span.total_seconds() // 60))
    name = f"{base}_wait_{place}_{minutes}"
    path = sounds_folder(settings) / name / f"{PROMPT}.wav"
    if not path.exists():
        path.parent.mkdir(exist_ok=True, mode=0o700)
        _join([_sound(settings, base, prompt) for prompt in _words(base[:2], place, span)], path)
    return name


def _words(tongue: str, position: int, span: timedelta | None) -> list[str]:
    words = [BEFORE, *spoken.position(position, tongue)]
    if span is not None:
        words += [EXPECTED, *spoken.duration(span, tongue)]
    return words


def _sound(settings: Settings, base: str, prompt: str) -> Path:
    """In the language itself, or in the wider one that it is a variant of."""
    language = base
    while not (path := sounds_folder(settings) / language / f"{prompt}.wav").exists() and "_" in language:
        language = language.rpartition("_")[0]
    return path


def _join(pieces: list[Path], path: Path) -> None:
    samples = []
    for piece in pieces:
        with wave.open(str(piece)) as file:
            samples.append(np.frombuffer(file.readframes(file.getnframes()), "<i2"))
    write_wave(path, np.concatenate(samples).astype(np.float64) / 32768)

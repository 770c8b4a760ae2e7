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
from hotline.queueing.estimates import told_minutes
from ivr.prompts.render import sounds_folder
from ivr.prompts.wave_files import write_wave

PROMPT = "wait-estimate"
BEFORE, EXPECTED = "wait-busy", "wait-expected"
FURTHEST = 60
"""Whoever stands further back is told the wait alone."""
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
    base, minutes = base_of(language), told_minutes(seconds)
    place = position if position <= FURTHEST else 0
    name = f"{base}_wait_{place}_{'' if minutes is None else minutes}"
    path = sounds_folder(settings) / name / f"{PROMPT}.wav"
    if not path.exists():
        path.parent.mkdir(exist_ok=True, mode=0o700)
        _join([_sound(settings, base, prompt) for prompt in _words(base[:2], place, minutes)], path)
    return name


def _words(tongue: str, place: int, minutes: int | None) -> list[str]:
    words = [BEFORE]
    if place:
        words += spoken.position(place, tongue)
    if minutes is not None:
        words += [EXPECTED, *spoken.duration(timedelta(minutes=minutes), tongue)]
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

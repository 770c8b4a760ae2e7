"""Prompts for callers who ask for a slower voice: the same sounds, stretched, whoever spoke them.

They lie in a language of their own, `zh_slow` beside `zh`. A prompt that is not there is played as it is in
`zh`, as Asterisk does with every variant of a language.
"""

import wave
from pathlib import Path

import numpy as np

from hotline.config import Settings
from hotline.prompts.texts import LANGUAGES, sentences
from ivr.prompts import sounds_folder
from ivr.prompts.wave_files import RATE, Samples, write_wave

RATIO = 1.3
"""How much longer the slow voice takes."""
_FRAME = RATE * 30 // 1000
_HOP = _FRAME // 2
_SEARCH = RATE * 8 // 1000


def ensure_slow(settings: Settings, language: str) -> int:
    """Stretch every sentence of a language that has no slow copy, or was changed since; returns how many.

    Raises `OSError` when the disk is full.
    """
    if language not in LANGUAGES:
        return 0
    made = 0
    target = sounds_folder(settings) / f"{language}_slow"
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in sentences(language):
        source, copy = sounds_folder(settings) / language / f"{name}.wav", target / f"{name}.wav"
        if source.exists() and not _is_newer(copy, source):
            write_wave(copy, stretched(_read(source), RATIO))
            made += 1
    return made


def stretched(samples: Samples, ratio: float) -> Samples:
    """The same sound over `ratio` times as long, at its own pitch.

    Overlap and add by likeness (WSOLA): of the frames near the place that is due, the one that goes on best
    from the last is taken.
    """
    padded = np.pad(samples, (_SEARCH, _FRAME + _HOP + _SEARCH))
    window = np.hanning(_FRAME + 1)[:-1]
    frames = int(len(samples) * ratio) // _HOP
    sound = np.zeros(frames * _HOP + _FRAME)
    taken = _SEARCH
    for number in range(frames):
        due = _SEARCH + int(number * _HOP / ratio)
        taken = _likest(padded, due, taken + _HOP) if number else due
        sound[number * _HOP : number * _HOP + _FRAME] += padded[taken : taken + _FRAME] * window
    return sound


def _likest(samples: Samples, due: int, natural: int) -> int:
    """The place within the search range of `due` that is most like what naturally followed."""
    wanted = samples[natural : natural + _FRAME]
    near = samples[due - _SEARCH : due + _SEARCH + _FRAME]
    if len(wanted) < _FRAME or len(near) < _FRAME:
        return due
    return due - _SEARCH + int(np.correlate(near, wanted, "valid").argmax())


def _is_newer(copy: Path, source: Path) -> bool:
    return copy.exists() and copy.stat().st_mtime >= source.stat().st_mtime


def _read(path: Path) -> Samples:
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float64) / 32768

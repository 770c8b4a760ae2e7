"""Music on hold and the tone before a message: made by arithmetic: no licence, no download."""

from typing import Final

import numpy as np

from hotline.config import Settings
from ivr.prompts.render import sounds_folder
from ivr.prompts.wave_files import RATE, Samples, write_wave

# A calm pentatonic turn; each chord as frequencies in Hz.
_CHORDS: Final = (
    (261.6, 392.0, 523.3),
    (220.0, 329.6, 523.3),
    (293.7, 440.0, 587.3),
    (196.0, 392.0, 493.9),
)
_CHORD_SECONDS = 4.0
_ATTACK_SECONDS = 0.4
_DECAY_SECONDS = 2.5
_LOUDNESS = 0.12  # peak; well below a voice
_FILE_NAME = "calm.wav"
_BEEP_HZ = 880.0
_BEEP_SECONDS = 0.35
_BEEP_LOUDNESS = 0.3


def ensure_music(settings: Settings) -> None:
    """Write the loop that callers hear while they wait, unless any music is there already."""
    folder = sounds_folder(settings) / "music"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not any(folder.glob("*.wav")):
        write_wave(folder / _FILE_NAME, np.concatenate([_chord(notes) for notes in _CHORDS]))


def ensure_beep(settings: Settings) -> None:
    """Write the tone after which a caller may speak; `Record` plays it under the name `beep`."""
    path = sounds_folder(settings) / "beep.wav"
    if not path.exists():
        at = np.arange(int(_BEEP_SECONDS * RATE)) / RATE
        write_wave(path, _BEEP_LOUDNESS * np.sin(2 * np.pi * _BEEP_HZ * at))


def _chord(notes: tuple[float, ...]) -> Samples:
    at = np.arange(int(_CHORD_SECONDS * RATE)) / RATE
    shape = np.minimum(at / _ATTACK_SECONDS, 1.0) * np.exp(-at / _DECAY_SECONDS)
    shape *= np.minimum((_CHORD_SECONDS - at) / _ATTACK_SECONDS, 1.0)
    tones: Samples = sum((np.sin(2 * np.pi * note * at) for note in notes), np.zeros_like(at))
    return _LOUDNESS * shape * tones / len(notes)

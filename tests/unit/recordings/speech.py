"""Speech for tests: a sentence by espeak-ng, as it comes out of a telephone line."""

import subprocess

import numpy as np
from numpy.typing import NDArray

from hotline.language.pinyin import VOICE, speakable
from recordings.tracks import parse_wav
from recordings.training.telephone import RATE, band_limited, through_g711, to_telephone_rate, with_peak


def spoken(text: str, variant: str = "") -> NDArray[np.int16]:
    """The sentence at 8 kHz through a narrow band and G.711 A-law, half a second of silence around it."""
    voice = f"{VOICE}+{variant}" if variant else VOICE
    finished = subprocess.run(
        ["espeak-ng", "-v", voice, "--stdin", "--stdout"],
        input=speakable(text).encode(),
        capture_output=True,
        check=True,
    )
    audio = parse_wav(finished.stdout)
    line = band_limited(to_telephone_rate(audio.samples, audio.rate), 300, 3400)
    quiet = np.zeros(RATE // 2)
    signal = np.concatenate([quiet, through_g711(with_peak(line, 16_000), "a"), quiet])
    return signal.astype(np.int16)

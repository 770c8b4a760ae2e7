"""Sound files: opened by libsndfile as what they are named."""

from io import BytesIO

import soundfile

from hotline.evidence.faults import Fault, Unfit
from hotline.evidence.kinds import Kind

_FORMATS = {Kind.WAV: ("WAV", "WAVEX"), Kind.MP3: ("MP3",), Kind.FLAC: ("FLAC",), Kind.OGG: ("OGG",)}
_FIRST_FRAMES = 8_192


def check_sound(content: bytes, kind: Kind) -> None:
    """Raises `Unfit`."""
    try:
        with soundfile.SoundFile(BytesIO(content)) as sound:
            if sound.format not in _FORMATS[kind]:
                raise Unfit(Fault.NOT_AS_NAMED)
            heard = len(sound.buffer_read(_FIRST_FRAMES, dtype="int16"))
    except (RuntimeError, ValueError):  # libsndfile's own error is a RuntimeError
        raise Unfit(Fault.DAMAGED) from None
    if not heard:
        raise Unfit(Fault.DAMAGED)

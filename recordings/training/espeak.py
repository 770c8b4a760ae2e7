"""espeak-ng through its library: speech together with the moment at which every phoneme begins.

The command line gives no phoneme times. The library is process-wide state: one voice speaks at a time.
"""

import ctypes
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

_LIBRARY = "libespeak-ng.so.1"
_SYNCHRONOUS = 2
_WITH_PHONEME_EVENTS = 1
_UTF8 = 1
_END_OF_EVENTS = 0
_PHONEME = 7


class _Parameter(IntEnum):
    RATE = 1
    VOLUME = 2
    PITCH = 3
    RANGE = 4


class _EventId(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    )


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


@dataclass(frozen=True)
class Phoneme:
    """name: espeak's; sample: where it begins; text_position: of its syllable, counted from 1."""

    name: str
    sample: int
    text_position: int


@dataclass(frozen=True)
class Delivery:
    """How a text is said. rate: words a minute; pitch and pitch_range: 0-99 (espeak's scales)."""

    voice: str
    rate: int = 175
    pitch: int = 50
    pitch_range: int = 50


@dataclass
class _Utterance:
    pieces: list[NDArray[np.int16]] = field(default_factory=list)
    phonemes: list[Phoneme] = field(default_factory=list)


class Espeak:
    """Speaks text. `rate` is the sample rate of everything it returns (22050 Hz for the usual voices)."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(_LIBRARY)
        self.rate: int = self._library.espeak_Initialize(_SYNCHRONOUS, 0, None, _WITH_PHONEME_EVENTS)
        self._utterance = _Utterance()
        # Kept as an attribute: the library holds no reference to it.
        self._callback = _Callback(self._receive)
        self._library.espeak_SetSynthCallback(self._callback)

    def say(self, text: str, delivery: Delivery) -> tuple[NDArray[np.int16], list[Phoneme]]:
        """Samples at `rate`, and the phonemes in order. Raises ValueError for an unknown voice."""
        if self._library.espeak_SetVoiceByName(delivery.voice.encode()) != 0:
            raise ValueError(f"espeak-ng has no voice {delivery.voice!r}")
        for parameter, value in (
            (_Parameter.RATE, delivery.rate),
            (_Parameter.VOLUME, 100),
            (_Parameter.PITCH, delivery.pitch),
            (_Parameter.RANGE, delivery.pitch_range),
        ):
            self._library.espeak_SetParameter(int(parameter), value, 0)
        self._utterance = _Utterance()
        encoded = text.encode()
        self._library.espeak_Synth(encoded, len(encoded) + 1, 0, 1, 0, _UTF8, None, None)
        self._library.espeak_Synchronize()
        pieces = self._utterance.pieces
        return np.concatenate(pieces) if pieces else np.zeros(0, np.int16), self._utterance.phonemes

    def _receive(
        self, samples: "ctypes._Pointer[ctypes.c_short]", count: int, events: "ctypes._Pointer[_Event]"
    ) -> int:
        if samples and count > 0:
            self._utterance.pieces.append(np.ctypeslib.as_array(samples, (count,)).copy())
        place = 0
        while events[place].type != _END_OF_EVENTS:
            event = events[place]
            if event.type == _PHONEME:
                name = bytes(event.id.string).decode(errors="replace")
                self._utterance.phonemes.append(Phoneme(name, event.sample, event.text_position))
            place += 1
        return 0

"""The sound card. The only module that imports sounddevice (PortAudio).

PortAudio's callbacks run on a thread of its own that must not wait: they hand frames on and fetch frames.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Any, Protocol, Self

import numpy as np
import soxr

from ivr.headset.audio import FRAMES_A_SECOND, RATE, Framer


class SoundError(Exception):
    """The sound card cannot be used; `word` says why, `device` the name of the one that was asked for."""

    word = "sound"

    def __init__(self, device: str = "") -> None:
        super().__init__(device)
        self.device = device


class NoPortAudio(SoundError):
    """The library of the system is missing, through which sound goes."""

    word = "no_portaudio"


class NoCard(SoundError):
    """The machine has nothing that hears, or nothing that sounds."""

    word = "no_card"


class NoDevice(SoundError):
    """There is no device of this name."""

    word = "no_device"


class DeviceBusy(SoundError):
    """The device is there and cannot be opened: another program has it, or it takes no telephone sound."""

    word = "device_busy"


@dataclass(frozen=True)
class Device:
    """A microphone or a loudspeaker."""

    name: str
    host: str
    """The system of drivers: ALSA, Core Audio, WASAPI."""
    is_default: bool


@cache
def load() -> Any:
    """sounddevice, which wraps PortAudio. Raises `NoPortAudio`."""
    try:
        import sounddevice
    except OSError:  # it is there, what it wraps is not
        raise NoPortAudio from None
    return sounddevice


def microphones() -> list[Device]:
    """Every device that hears. One that was plugged in a moment ago is among them."""
    return _devices("max_input_channels", 0)


def loudspeakers() -> list[Device]:
    """Every device that sounds."""
    return _devices("max_output_channels", 1)


class Sound(Protocol):
    """A microphone and a loudspeaker at work."""

    @property
    def is_alive(self) -> bool:
        """False once a device was unplugged."""


class SoundCard:
    """Implements `Sound`."""

    def __init__(
        self,
        microphone: str | None,
        loudspeaker: str | None,
        on_frame: Callable[[bytes], None],
        next_frame: Callable[[], bytes],
    ) -> None:
        """Devices by name, or by any part of it that no other has; None is the system's choice. `on_frame`
        gets every 20 ms heard, `next_frame` gives every 20 ms to be played."""
        self._names = microphone, loudspeaker
        self._on_frame, self._next_frame = on_frame, next_frame
        self._streams: list[Any] = []

    @property
    def is_alive(self) -> bool:
        return bool(self._streams) and all(stream.active for stream in self._streams)

    def __enter__(self) -> Self:
        """Open both devices. Raises `SoundError`."""
        microphone, loudspeaker = self._names
        sounddevice = load()
        try:
            self._open(sounddevice.RawInputStream, microphone, "input", self._listener)
            self._open(sounddevice.RawOutputStream, loudspeaker, "output", self._speaker)
        except SoundError:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _open(
        self,
        kind: Callable[..., Any],
        name: str | None,
        direction: str,
        callback_at: Callable[[int], Callable[..., None]],
    ) -> None:
        device = _index(name, direction)
        rate = _rate(device, direction)
        try:
            stream = kind(
                samplerate=rate,
                blocksize=rate // FRAMES_A_SECOND,
                channels=1,
                dtype="int16",
                device=device,
                callback=callback_at(rate),
            )
            self._streams.append(stream)
            stream.start()
        except load().PortAudioError as error:
            raise DeviceBusy(name or "") from error

    def _listener(self, rate: int) -> Callable[..., None]:
        framer, convert = Framer(), _converter(rate, RATE)

        def heard(block: Any, count: int, when: object, status: object) -> None:
            for frame in framer.frames(convert(bytes(block))):
                self._on_frame(frame)

        return heard

    def _speaker(self, rate: int) -> Callable[..., None]:
        convert, waiting = _converter(RATE, rate), bytearray()

        def play(block: Any, count: int, when: object, status: object) -> None:
            while len(waiting) < len(block):
                waiting.extend(convert(self._next_frame()))
            block[:] = bytes(waiting[: len(block)])
            del waiting[: len(block)]

        return play

    def _close(self) -> None:
        streams, self._streams = self._streams, []
        for stream in streams:
            stream.close(ignore_errors=True)


def _converter(given: int, wanted: int) -> Callable[[bytes], bytes]:
    if given == wanted:
        return lambda sound: sound
    stream = soxr.ResampleStream(given, wanted, 1, dtype="int16", quality="LQ")

    def convert(sound: bytes) -> bytes:
        converted: bytes = stream.resample_chunk(np.frombuffer(sound, np.int16)).tobytes()
        return converted

    return convert


def _devices(channels: str, default: int) -> list[Device]:
    _look_again()
    sounddevice = load()
    chosen = sounddevice.default.device[default]
    hosts = sounddevice.query_hostapis()
    return [
        Device(str(entry["name"]), str(hosts[entry["hostapi"]]["name"]), index == chosen)
        for index, entry in enumerate(sounddevice.query_devices())
        if entry[channels] > 0
    ]


def _look_again() -> None:
    """PortAudio looks for devices once, when it starts: start it anew. No stream may be open."""
    sounddevice = load()
    sounddevice._terminate()
    sounddevice._initialize()


def _index(name: str | None, direction: str) -> int:
    """Number of the device just now: numbers change with every device that is plugged in."""
    sounddevice, channels = load(), f"max_{direction}_channels"
    entries = [
        (index, str(entry["name"]))
        for index, entry in enumerate(sounddevice.query_devices())
        if entry[channels] > 0
    ]
    if not entries:
        raise NoCard
    if name is None:
        default = int(sounddevice.default.device[0 if direction == "input" else 1])
        known = [index for index, _ in entries]
        found = [default] if default in known else known[:1]
    else:
        same = [index for index, title in entries if title == name]
        found = same or [index for index, title in entries if name.lower() in title.lower()]
    if not found:
        raise NoDevice(name or "")
    return found[0]


def _rate(device: int, direction: str) -> int:
    """8 kHz where the device can; its own rate elsewhere."""
    sounddevice = load()
    check = sounddevice.check_input_settings if direction == "input" else sounddevice.check_output_settings
    try:
        check(device=device, channels=1, dtype="int16", samplerate=RATE)
    except sounddevice.PortAudioError:
        own = round(float(sounddevice.query_devices(device)["default_samplerate"]))
        return own - own % FRAMES_A_SECOND
    return RATE

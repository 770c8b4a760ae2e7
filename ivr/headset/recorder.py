"""Record a prompt on the headset, hear it, keep it."""

import io
import threading
import wave
from collections.abc import Callable, Iterator, Mapping

from ivr.headset.audio import FRAMES_A_SECOND, RATE, SILENCE
from ivr.headset.headset import OpenSound
from ivr.headset.site import Refused, Site

LONGEST_SECONDS = 60


def record_prompt(
    site: Site,
    open_sound: OpenSound,
    place: tuple[str, str],
    ask: Callable[[str], str],
    say: Callable[[str], None],
    words: Mapping[str, str],
) -> bool:
    """Read, hear, and keep or read again; `place` is language and name. True if callers hear it from now on.

    `ask` shows a sentence and returns what was typed. Raises `Refused`, `SiteAway`, `SoundError`.
    """
    path = "/prompts/{}/{}".format(*place)
    text = site.ask(path)["text"]
    while True:
        ask(words["record_start"].format(text=text))
        frames = _recorded(open_sound, lambda: ask(words["record_stop"]))
        _play(open_sound, frames)
        choice = _chosen(ask, words["record_keep"])
        if choice == "k":
            try:
                site.ask(f"{path}/recording", wave_of(frames))
            except Refused as refused:
                say(words.get(refused.word, refused.word))
                continue
            return True
        if choice == "q":
            return False


def _chosen(ask: Callable[[str], str], question: str) -> str:
    """`k`, `a` or `q`: a slip of the finger costs no recording. Whoever cannot answer any more gives up."""
    while True:
        typed = ask(question)
        if (choice := typed.strip().lower()) in ("k", "a", "q"):
            return choice
        if not typed:
            return "q"


def wave_of(frames: list[bytes]) -> bytes:
    """Frames as a WAV file."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", "not compressed"))
        file.writeframes(b"".join(frames))
    return content.getvalue()


def _recorded(open_sound: OpenSound, wait_for_the_end: Callable[[], object]) -> list[bytes]:
    frames: list[bytes] = []

    def keep(frame: bytes) -> None:
        if len(frames) < LONGEST_SECONDS * FRAMES_A_SECOND:
            frames.append(frame)

    with open_sound(keep, lambda: SILENCE):
        wait_for_the_end()
    return frames


def _play(open_sound: OpenSound, frames: list[bytes]) -> None:
    left: Iterator[bytes] = iter([*frames, *[SILENCE] * (FRAMES_A_SECOND // 5)])
    played = threading.Event()

    def following() -> bytes:
        frame = next(left, None)
        if frame is None:
            played.set()
        return frame or SILENCE

    with open_sound(lambda _: None, following):
        played.wait(LONGEST_SECONDS + 5)

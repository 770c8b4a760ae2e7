"""Speak the prompts that are missing or whose words changed, and put recordings in their places."""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hotline.config import Settings
from hotline.prompts.texts import LANGUAGES, pieces, sentences, texts_folder
from ivr.prompts.speech import DEFAULT_VOICES, EDGE_SECONDS, speak

_STAMPS = "stamps.json"
_RECIPE = "4"
"""Raised when prompts must be spoken anew although their words stayed."""
_PIECE_EDGE_SECONDS = 0.01


@dataclass(frozen=True)
class _Words:
    """What a prompt says by the machine's voice, and how long the silence around it is."""

    text: str
    edge_seconds: float


def sounds_folder(settings: Settings) -> Path:
    """Folder that Asterisk searches for sounds: `<language>/<prompt>.wav` and `music/`."""
    return settings.state_dir / "sounds"


def mirror_folder(settings: Settings) -> Path:
    """What the console chose, as files: `<language>/<prompt>.wav` and `<language>.json` (name: words)."""
    return settings.state_dir / "prompts" / "console"


def ensure_prompts(settings: Settings, given_up: Callable[[], bool] = lambda: False) -> list[str]:
    """Render what is missing or outdated, for every language. Returns what was rendered
    as `<language>/<name>`. Safe while Asterisk plays them: each file is replaced whole.
    Ends early, between two prompts, once it is `given_up`.

    Recordings are taken instead, the first that is there: the console's choice, then
    `<state_dir>/prompts/<language>/<name>.wav`, then the same below the folder of the texts. They
    must be 8 kHz, 16 bits, mono.
    """
    rendered: list[str] = []
    for language in LANGUAGES:
        folder = sounds_folder(settings) / language
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _stamps(folder) as stamps:
            for name, words in _wanted(settings, language).items():
                if given_up():
                    return rendered
                recording = _recording(settings, language, f"{name}.wav")
                if _ensure_prompt(settings, folder / f"{name}.wav", language, words, recording, stamps):
                    rendered.append(f"{language}/{name}")
    return rendered


def _wanted(settings: Settings, language: str) -> dict[str, _Words]:
    chosen = mirror_folder(settings) / f"{language}.json"
    texts = json.loads(chosen.read_text(encoding="utf-8")) if chosen.is_file() else {}
    edges = dict.fromkeys(pieces(language), _PIECE_EDGE_SECONDS)
    return {
        name: _Words(text, edges.get(name, EDGE_SECONDS))
        for name, text in {**sentences(language), **pieces(language), **texts}.items()
    }


def _recording(settings: Settings, language: str, name: str) -> bytes | None:
    for folder in (mirror_folder(settings), settings.state_dir / "prompts", texts_folder()):
        recording = folder / language / name
        if recording.is_file():
            return recording.read_bytes()
    return None


def _ensure_prompt(
    settings: Settings,
    path: Path,
    language: str,
    words: _Words,
    recording: bytes | None,
    stamps: dict[str, str],
) -> bool:
    source = recording or f"{DEFAULT_VOICES[language]}\0{words.edge_seconds}\0{words.text}".encode()
    stamp = hashlib.sha256(_RECIPE.encode() + source).hexdigest()
    if path.exists() and stamps.get(path.name) == stamp:
        return False
    if recording is None:
        _take_or_speak(settings.cache_dir / "prompts" / f"{stamp}.wav", words, path, language)
    else:
        _replace(path, recording)
    stamps[path.name] = stamp
    return True


def _take_or_speak(known: Path, words: _Words, path: Path, language: str) -> None:
    """The same words were spoken before, perhaps for another installation of this machine's user."""
    if known.is_file():
        _replace(path, known.read_bytes())
        return
    speak(words.text, path, language, edge_seconds=words.edge_seconds)
    try:
        known.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = known.with_name(f".{known.name}.{os.getpid()}")
        shutil.copyfile(path, draft)
        draft.replace(known)
    except OSError:  # a cache that cannot be written costs time alone
        return


def _replace(path: Path, sound: bytes) -> None:
    draft = path.with_name(f".{path.name}.draft")
    try:
        draft.write_bytes(sound)
        draft.replace(path)
    except OSError:  # on a full disk a piece of a prompt would take the room that others need
        draft.unlink(missing_ok=True)
        raise


@contextmanager
def _stamps(folder: Path) -> Iterator[dict[str, str]]:
    """What each prompt of the folder was made from; one process at a time, kept also after a failure."""
    with (folder / f"{_STAMPS}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        path = folder / _STAMPS
        stamps: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        before = dict(stamps)
        try:
            yield stamps
        finally:
            if stamps != before:
                _replace(path, json.dumps(stamps, indent=0, sort_keys=True).encode())

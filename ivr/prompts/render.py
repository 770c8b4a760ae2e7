"""Speak the prompts that are missing or whose words changed."""

import fcntl
import hashlib
import json
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from hotline.config import Settings
from ivr.prompts.speech import DEFAULT_VOICES, speak

LANGUAGES = ("zh", "en")
_STAMPS = "stamps.json"
_RECIPE = "3"
"""Raised when prompts must be spoken anew although their words stayed."""


def sounds_folder(settings: Settings) -> Path:
    """Folder that Asterisk searches for sounds: `<language>/<prompt>.wav` and `music/`."""
    return settings.state_dir / "sounds"


def prompt_texts(language: str) -> dict[str, str]:
    """Name of every prompt and its words."""
    source = _texts_folder() / f"{language}.toml"
    return {name: str(text) for name, text in tomllib.loads(source.read_text(encoding="utf-8")).items()}


def ensure_prompts(settings: Settings) -> list[str]:
    """Render what is missing or outdated, for every language. Returns what was rendered
    as `<language>/<name>`.

    A recording by a person is taken instead: `<state_dir>/prompts/<language>/<name>.wav`, or the same
    below the folder of the texts. It must be 8 kHz, 16 bits, mono.
    """
    rendered = []
    for language in LANGUAGES:
        folder = sounds_folder(settings) / language
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _stamps(folder) as stamps:
            for name, text in prompt_texts(language).items():
                recording = _recording(settings, language, f"{name}.wav")
                if _ensure_prompt(folder / f"{name}.wav", language, text, recording, stamps):
                    rendered.append(f"{language}/{name}")
    return rendered


def _texts_folder() -> Traversable:
    return resources.files("asterisk_conf") / "prompts"


def _recording(settings: Settings, language: str, name: str) -> bytes | None:
    for folder in (settings.state_dir / "prompts", _texts_folder()):
        recording = folder / language / name
        if recording.is_file():
            return recording.read_bytes()
    return None


def _ensure_prompt(
    path: Path, language: str, text: str, recording: bytes | None, stamps: dict[str, str]
) -> bool:
    source = recording or f"{DEFAULT_VOICES[language]}\0{text}".encode()
    stamp = hashlib.sha256(_RECIPE.encode() + source).hexdigest()
    if path.exists() and stamps.get(path.name) == stamp:
        return False
    if recording is None:
        speak(text, path, language)
    else:
        path.write_bytes(recording)
    stamps[path.name] = stamp
    return True


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
                path.write_text(json.dumps(stamps, indent=0, sort_keys=True))

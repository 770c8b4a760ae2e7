"""The banner of surge mode: words that a supervisor writes while it is needed, spoken within seconds."""

import hashlib
import os
from pathlib import Path

import structlog

from hotline.call_plan.models import Surge
from hotline.config import Settings

_log = structlog.get_logger(__name__)

LANGUAGES = ("zh", "en")


def ready_banner(settings: Settings, surge: Surge) -> tuple[str, ...]:
    """The banner's prompt if it has been spoken; in a language that has no words of its own, Asterisk plays
    those of the hotline's language. Empty: no words, or not spoken yet."""
    name = _name(surge)
    found = _path(settings, settings.language, name).exists()
    return (name,) if _words(surge, settings.language) and found else ()


def speak_banner(settings: Settings, surge: Surge) -> list[str]:
    """Speak the banner where it is not spoken yet; returns the languages. Words that give no sound are
    logged: calls go on without the banner."""
    # Slow to import (speech), and only the process that speaks needs it.
    from ivr.prompts import SpeechError, speak

    spoken = []
    for language in LANGUAGES:
        words, path = _words(surge, language), _path(settings, language, _name(surge))
        if not words or path.exists():
            continue
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            speak(words, draft, language)
        except SpeechError as error:
            _log.error("banner.not_spoken", language=language, error=type(error).__name__)
            continue
        draft.replace(path)
        spoken.append(language)
    return spoken


def _words(surge: Surge, language: str) -> str:
    return surge.banner_en if language == "en" else surge.banner_zh


def _name(surge: Surge) -> str:
    """Named by its words: the same words are spoken once, other words are another file."""
    words = f"{surge.banner_zh}\0{surge.banner_en}".encode()
    return f"surge-{hashlib.sha256(words).hexdigest()[:12]}"


def _path(settings: Settings, language: str, name: str) -> Path:
    return settings.state_dir / "sounds" / language / f"{name}.wav"

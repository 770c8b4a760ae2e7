"""Keeps the sounds beside this Asterisk as the console has chosen them, while both run.

The database says what is in use; the files follow it within seconds, on every machine that has an Asterisk.
"""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError

from hotline.context import Context
from hotline.prompts.models import PromptVersion
from hotline.prompts.queries import in_use, sound_of
from hotline.prompts.texts import LANGUAGES
from ivr.prompts.render import ensure_prompts, mirror_folder
from ivr.prompts.speech import SpeechError

_log = structlog.get_logger(__name__)
_LOOK_SECONDS = 1.0


class PromptKeeper:
    """One thread; looks once a second, and does something when another version is in use."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._done: set[int] | None = None

    def run(self, stop: threading.Event) -> None:
        """Until `stop`. A database or a disk that fails is tried again."""
        while not stop.is_set():
            try:
                self.follow(stop.is_set)
            except (SQLAlchemyError, OSError, SpeechError) as error:
                _log.warning("prompts.not_followed", error=type(error).__name__)
            stop.wait(_LOOK_SECONDS)

    def follow(self, given_up: Callable[[], bool] = lambda: False) -> list[str]:
        """Make the files as the database says, unless `given_up`. Returns what was rendered, as
        `<language>/<name>`."""
        with self._context.reading() as session:
            wanted = in_use(session, *LANGUAGES)
        ids = {version.id for version in wanted}
        if ids == self._done:
            return []
        for language in LANGUAGES:
            self._mirror(language, {each.name: each for each in wanted if each.language == language})
        rendered = ensure_prompts(self._context.settings, given_up)
        if not given_up():
            self._done = ids
        if rendered:
            _log.info("prompts.replaced", prompts=rendered)
        return rendered

    def _mirror(self, language: str, versions: dict[str, PromptVersion]) -> None:
        folder = mirror_folder(self._context.settings) / language
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, version in versions.items():
            with self._context.reading() as session:
                sound = sound_of(session, version.id)
            if sound is not None:
                _write(folder / f"{name}.wav", sound)
            else:
                (folder / f"{name}.wav").unlink(missing_ok=True)
        for path in folder.glob("*.wav"):
            if path.stem not in versions:
                path.unlink()
        texts = {name: version.text for name, version in versions.items()}
        _write(folder.with_suffix(".json"), json.dumps(texts, ensure_ascii=False).encode())


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.draft")
    draft.write_bytes(content)
    draft.replace(path)

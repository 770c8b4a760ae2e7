"""What supervisors do with prompts: replace one by a recording, change its words, go back."""

import re

from sqlalchemy import update
from sqlalchemy.orm import Session

from hotline import events
from hotline.context import Context
from hotline.people.actors import Role
from hotline.prompts.models import PromptVersion, Voice
from hotline.prompts.ports import PromptStudio
from hotline.prompts.queries import known_prompts, words_of
from hotline.prompts.texts import LANGUAGES

MANAGERS = (Role.SUPERVISOR, Role.ADMINISTRATOR)
LONGEST_TEXT = 1000
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


class NoSuchPrompt(LookupError):
    """There is no prompt, or no version of it, of this name in this language."""


class BadPrompt(ValueError):
    """A name or words that cannot be a prompt's."""


def keep_recording(
    context: Context, studio: PromptStudio, language: str, name: str, recording: bytes, voice: Voice
) -> int:
    """Callers hear this recording from now on. Returns the version's id.

    Raises `NoSuchPrompt`, `PromptRefused` or `StudioAway`, and then has changed nothing.
    """
    context.actor.must_have("replace prompts", *MANAGERS)
    with context.reading() as session:
        text = _words(session, language, name)
    prepared = studio.prepare(recording)
    version = PromptVersion(
        language=language,
        name=name,
        voice=voice,
        text=text,
        sound=prepared.sound,
        seconds=prepared.seconds,
    )
    with context.writing() as session:
        return _keep(session, context, version)


def reword(context: Context, language: str, name: str, text: str) -> int:
    """The machine speaks other words. Returns the version's id. Raises `NoSuchPrompt` or `BadPrompt`."""
    context.actor.must_have("replace prompts", *MANAGERS)
    with context.writing() as session:
        _words(session, language, name)
        return _keep(session, context, _spoken(language, name, text))


def add(context: Context, name: str, texts: dict[str, str]) -> None:
    """A prompt of the city's own, such as an announcement: words in every language. Raises `BadPrompt`."""
    context.actor.must_have("add prompts", *MANAGERS)
    if not _NAME.fullmatch(name):
        raise BadPrompt("name")
    with context.writing() as session:
        if any(name in known_prompts(session, language) for language in LANGUAGES):
            raise BadPrompt("taken")
        for language in LANGUAGES:
            _keep(session, context, _spoken(language, name, texts.get(language, "")))


def use_version(context: Context, version_id: int) -> None:
    """An earlier version again. Raises `NoSuchPrompt`."""
    context.actor.must_have("replace prompts", *MANAGERS)
    with context.writing() as session:
        version = session.get(PromptVersion, version_id)
        if version is None:
            raise NoSuchPrompt
        _choose(session, context, version)


def back_to_spoken(context: Context, language: str, name: str) -> None:
    """The machine speaks it again: the city's own words, where there are any. Raises `NoSuchPrompt`."""
    context.actor.must_have("replace prompts", *MANAGERS)
    with context.writing() as session:
        text = _words(session, language, name)
        if words_of(session, language, name, own=False) == text:
            _put_aside(session, language, name)
            _tell(session, context, language, name)
        else:
            _keep(session, context, _spoken(language, name, text))


def _words(session: Session, language: str, name: str) -> str:
    words = words_of(session, language, name) if language in LANGUAGES else None
    if words is None:
        raise NoSuchPrompt
    return words


def _spoken(language: str, name: str, text: str) -> PromptVersion:
    words = " ".join(text.split())
    if not words or len(words) > LONGEST_TEXT:
        raise BadPrompt("text")
    return PromptVersion(language=language, name=name, voice=Voice.MACHINE, text=words)


def _keep(session: Session, context: Context, version: PromptVersion) -> int:
    version.made_at = context.now()
    version.made_by_id, version.made_by = context.actor.user_id, context.actor.name
    session.add(version)
    _choose(session, context, version)
    return version.id


def _choose(session: Session, context: Context, version: PromptVersion) -> None:
    _put_aside(session, version.language, version.name)
    version.in_use = True
    session.flush()
    _tell(session, context, version.language, version.name)


def _put_aside(session: Session, language: str, name: str) -> None:
    where = PromptVersion.language == language, PromptVersion.name == name
    session.execute(update(PromptVersion).where(*where).values(in_use=False))


def _tell(session: Session, context: Context, language: str, name: str) -> None:
    by = context.actor.user_id
    events.record(session, context.now(), "prompt.changed", f"prompt:{language}/{name}", by=by)

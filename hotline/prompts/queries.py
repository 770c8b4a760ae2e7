"""Reads about prompts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from hotline.prompts.models import PromptVersion, Voice
from hotline.prompts.texts import prompt_texts


@dataclass(frozen=True)
class Prompt:
    """A prompt as callers hear it in one language."""

    name: str
    text: str
    voice: Voice
    version: PromptVersion | None
    is_own: bool
    """Added in the console; not among those that come with the hotline."""


def known_prompts(session: Session, language: str) -> frozenset[str]:
    """Names that can be played in this language, those added in the console included."""
    own = select(PromptVersion.name).where(PromptVersion.language == language).distinct()
    return frozenset(prompt_texts(language)) | frozenset(session.scalars(own))


def prompts(session: Session, language: str) -> list[Prompt]:
    """Every prompt of a language: the city's own first, then as they come with the hotline."""
    chosen = {version.name: version for version in in_use(session, language)}
    given = prompt_texts(language)
    own = sorted(set(chosen) - set(given))
    return [_prompt(name, given.get(name), chosen.get(name)) for name in (*own, *given)]


def prompt(session: Session, language: str, name: str) -> Prompt | None:
    """One of them, or None."""
    return next((each for each in prompts(session, language) if each.name == name), None)


def in_use(session: Session, *languages: str) -> Sequence[PromptVersion]:
    """Versions of these languages that replace what comes with the hotline, without their sound."""
    where = PromptVersion.language.in_(languages), PromptVersion.in_use
    return session.scalars(select(PromptVersion).where(*where)).all()


def versions_of(session: Session, language: str, name: str) -> Sequence[PromptVersion]:
    """All of a prompt, the newest first."""
    where = PromptVersion.language == language, PromptVersion.name == name
    return session.scalars(select(PromptVersion).where(*where).order_by(PromptVersion.id.desc())).all()


def sound_of(session: Session, version_id: int) -> bytes | None:
    """The recording of a version."""
    query = select(PromptVersion).options(undefer(PromptVersion.sound)).where(PromptVersion.id == version_id)
    version = session.scalar(query)
    return version.sound if version else None


def words_of(session: Session, language: str, name: str, own: bool = True) -> str | None:
    """What a prompt says: the words that were chosen last, or those that come with the hotline; None where
    there is no such prompt. Without `own` the latter alone."""
    if own and (versions := versions_of(session, language, name)):
        spoken = [version for version in versions if version.voice is Voice.MACHINE]
        current = next((version for version in versions if version.in_use), None)
        if current is not None:
            return current.text
        if spoken and name not in prompt_texts(language):
            return spoken[0].text
    return prompt_texts(language).get(name)


def _prompt(name: str, given: str | None, version: PromptVersion | None) -> Prompt:
    text = version.text if version else given or ""
    return Prompt(name, text, version.voice if version else Voice.MACHINE, version, given is None)

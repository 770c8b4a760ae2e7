"""The sentences that agents have to say, edited by supervisors and administrators."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.consistency.models import RequiredSentence
from hotline.consistency.sentences import Where
from hotline.context import Context
from hotline.people.actors import Role

EDITORS = (Role.SUPERVISOR, Role.ADMINISTRATOR)
LONGEST_NAME = 60
LONGEST_PHRASE = 60
MOST_PHRASES = 20
LANGUAGES = ("zh", "en")


class SentenceRefused(ValueError):
    """A sentence cannot be kept; `field` names what is wrong with it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class Wording:
    """What is said of a sentence; see `RequiredSentence`."""

    name: str
    phrases: Sequence[str]
    place: Where
    with_number: bool = False
    language: str = "zh"


def all_sentences(session: Session) -> Sequence[RequiredSentence]:
    """Those that are looked for first, in the order in which they were added."""
    retired_last = (RequiredSentence.retired_at.is_not(None), RequiredSentence.id)
    return session.scalars(select(RequiredSentence).order_by(*retired_last)).all()


def add_sentence(context: Context, wording: Wording) -> int:
    """A further sentence, looked for from the next check on. Returns its id. Raises `SentenceRefused`."""
    context.actor.must_have("edit required sentences", *EDITORS)
    checked = _checked(wording)
    with context.writing() as session:
        _refuse_twins(session, checked, but_not=0)
        row = RequiredSentence(**vars(checked), changed_at=context.now())
        session.add(row)
        session.flush()
        return row.id


def change_sentence(context: Context, sentence_id: int, wording: Wording) -> None:
    """What is looked for from the next check on. Raises `SentenceRefused`."""
    context.actor.must_have("edit required sentences", *EDITORS)
    checked = _checked(wording)
    with context.writing() as session:
        row = _get(session, sentence_id)
        _refuse_twins(session, checked, but_not=sentence_id)
        for name, value in vars(checked).items():
            setattr(row, name, value)
        row.changed_at = context.now()


def retire_sentence(context: Context, sentence_id: int, retired: bool = True) -> None:
    """No longer look for a sentence, or do so again. Raises `SentenceRefused`."""
    context.actor.must_have("edit required sentences", *EDITORS)
    with context.writing() as session:
        row = _get(session, sentence_id)
        row.retired_at = (row.retired_at or context.now()) if retired else None
        row.changed_at = context.now()


def _get(session: Session, sentence_id: int) -> RequiredSentence:
    row = session.get(RequiredSentence, sentence_id)
    if row is None:
        raise SentenceRefused("sentence")
    return row


def _refuse_twins(session: Session, wording: Wording, but_not: int) -> None:
    twins = select(RequiredSentence.id).where(
        RequiredSentence.name == wording.name, RequiredSentence.id != but_not
    )
    if session.scalar(twins.limit(1)) is not None:
        raise SentenceRefused("twice")


def _checked(wording: Wording) -> Wording:
    name = " ".join(wording.name.split())
    if not 2 <= len(name) <= LONGEST_NAME:
        raise SentenceRefused("name")
    phrases = list(dict.fromkeys(" ".join(phrase.split()) for phrase in wording.phrases if phrase.strip()))
    if not 1 <= len(phrases) <= MOST_PHRASES or not all(2 <= len(p) <= LONGEST_PHRASE for p in phrases):
        raise SentenceRefused("phrases")
    if wording.language not in LANGUAGES:
        raise SentenceRefused("language")
    return Wording(name, phrases, Where(wording.place), wording.with_number, wording.language)

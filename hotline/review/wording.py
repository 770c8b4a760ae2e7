"""The lists of words behind the signals, edited by supervisors and administrators."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from hotline.built_once import built_once
from hotline.context import Context
from hotline.people.actors import Role
from hotline.review.models import SignalWords
from hotline.review.rules import WordList, Words

EDITORS = (Role.SUPERVISOR, Role.ADMINISTRATOR)
SHORTEST_PHRASE = 2
LONGEST_PHRASE = 30
MOST_PHRASES = 200


class WordsRefused(ValueError):
    """A list cannot be kept so; `phrase` does not fit, or is empty: there are too many or none."""

    def __init__(self, phrase: str = "") -> None:
        super().__init__("a phrase does not fit" if phrase else "too many phrases, or none")
        self.phrase = phrase


def word_lists(session: Session) -> dict[WordList, SignalWords]:
    """Every list, in the order of `WordList`."""
    kept = {row.name: row for row in session.scalars(select(SignalWords))}
    return {name: kept[name] for name in WordList if name in kept}


def words(session: Session) -> Words:
    """The lists as the rules want them."""
    return Words({name: tuple(phrases) for name, phrases in session.execute(*_kept())})


@built_once
def _kept() -> Select[WordList, list[str]]:
    return select(SignalWords.name, SignalWords.phrases)


def change_words(context: Context, name: WordList, phrases: Sequence[str]) -> None:
    """The list is this from now on. Empty lines and repetitions are dropped. Raises `WordsRefused`."""
    context.actor.must_have("edit the words of signals", *EDITORS)
    kept = list(dict.fromkeys("".join(phrase.split()) for phrase in phrases if phrase.strip()))
    _check(kept)
    with context.writing() as session:
        query = select(SignalWords).where(SignalWords.name == name).with_for_update()
        row = session.scalar(query) or SignalWords(name=name)
        row.phrases, row.changed_at, row.changed_by = kept, context.now(), context.actor.name
        session.add(row)


def _check(phrases: Sequence[str]) -> None:
    if not 1 <= len(phrases) <= MOST_PHRASES:
        raise WordsRefused
    for phrase in phrases:
        if not SHORTEST_PHRASE <= len(phrase) <= LONGEST_PHRASE or not phrase.isprintable():
            raise WordsRefused(phrase)

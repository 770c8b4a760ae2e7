"""Full-text indexes: one row a text, on SQLite (FTS5) and on PostgreSQL alike.

Chinese is written without spaces, and neither database cuts it into words. So every two neighbouring
characters are one term, and a phrase is its terms in a row: whatever stands in a text is found exactly,
without a dictionary that would have to agree with itself at writing and at searching. Latin words and
numbers are one term each. Numerals are written as the words that are spoken for them, because that is how
recognisers write.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    TextClause,
    bindparam,
    column,
    select,
    table,
    text,
)
from sqlalchemy.orm import Session

from hotline.language.numerals import spell_numerals

# Runs of Chinese characters, and words of other scripts.
_CHINESE = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
_RUNS = re.compile(rf"({_CHINESE}+)|((?:(?!{_CHINESE})[^\W_])+)")
_SPOKEN_ALIKE = str.maketrans("幺两〇", "一二零")
_PLAN_FOR_VALUES = text("SET LOCAL plan_cache_mode = force_custom_plan")
LONGEST_QUERY = 100
MOST_PHRASES = 8


class TextIndex:
    """An index table `(rowid, terms)`, which a migration has made for both databases."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._table = table(name, column("rowid"), column("terms"))

    def add(self, session: Session, texts: Mapping[int, str]) -> None:
        """Make these texts findable by their row ids, in the place of what these were found by before."""
        rows = [{"rowid": rowid, "terms": _stored(session, terms(said))} for rowid, said in texts.items()]
        if rows:
            insert = _insert(self._name, _is_postgresql(session))
            session.connection().execute(insert, rows if len(rows) > 1 else rows[0])

    def remove(self, session: Session, rowids: Sequence[int]) -> int:
        """Forget these rows. Returns how many were known."""
        if not rowids:
            return 0
        gone = text(f"DELETE FROM {self._name} WHERE rowid IN :ids")  # noqa: S608
        expanded = gone.bindparams(bindparam("ids", expanding=True))
        return session.connection().execute(expanded, {"ids": list(rowids)}).rowcount

    def tidy(self, session: Session) -> None:
        """Write the index anew, so that nothing of what was removed is left in its files.

        SQLite's index keeps what was removed until it merges it away; PostgreSQL's autovacuum does it by
        itself.
        """
        if not _is_postgresql(session):
            optimize = text(f"INSERT INTO {self._name} ({self._name}) VALUES ('optimize')")  # noqa: S608
            session.connection().execute(optimize)

    def matching(self, session: Session, phrase: Sequence[str]) -> Select[tuple[int]]:
        """Ids of rows in which these terms stand in a row; the last may be the beginning of a longer one.

        Until the end of the transaction PostgreSQL plans every statement for the values that it is sent with:
        how rare terms are decides how to look for them, and a plan for any terms whatever, which it keeps of
        a statement that is sent often, takes seconds for some.
        """
        condition: ColumnElement[bool]
        if _is_postgresql(session):
            session.execute(_PLAN_FOR_VALUES)
            wanted = " <-> ".join(_quoted(term) for term in phrase) + ":*"
            condition = text("terms @@ CAST(:wanted AS tsquery)").bindparams(  # type: ignore[assignment]
                bindparam("wanted", wanted, unique=True)
            )
        else:
            wanted = " + ".join(f'"{term}"' for term in phrase) + " *"
            condition = text(f"{self._name} MATCH :wanted").bindparams(  # type: ignore[assignment]
                bindparam("wanted", wanted, unique=True)
            )
        return select(self._table.c.rowid).where(condition)

    def holds(
        self, session: Session, rowid: SQLColumnExpression[int], phrase: Sequence[str]
    ) -> ColumnElement[bool]:
        """Whether the row with this id is one of those that `matching` finds: a condition on few rows.

        PostgreSQL looks at each: it would gather all matches first, a second for usual terms. SQLite gathers
        these in no time, and would begin anew with every row.
        """
        found = self.matching(session, phrase)
        if not _is_postgresql(session):
            return rowid.in_(found)
        return found.where(self._table.c.rowid == rowid).exists()


@cache
def _insert(name: str, is_postgresql: bool) -> TextClause:
    if is_postgresql:
        return text(
            f"INSERT INTO {name} (rowid, terms) VALUES (:rowid, CAST(:terms AS tsvector))"  # noqa: S608
            " ON CONFLICT (rowid) DO UPDATE SET terms = EXCLUDED.terms"
        )
    return text(f"INSERT OR REPLACE INTO {name} (rowid, terms) VALUES (:rowid, :terms)")  # noqa: S608


def phrases(query: str) -> list[list[str]]:
    """What is looked for: the terms of each part of the query that stands between spaces."""
    parts = [terms(part, asked=True) for part in query[:LONGEST_QUERY].split()]
    return [part for part in parts if part][:MOST_PHRASES]


def contains(said: str, phrase: Sequence[str]) -> bool:
    """Whether an index would find this text by the phrase."""
    there, length = terms(said), len(phrase)
    return any(
        there[at : at + length - 1] == list(phrase[:-1]) and there[at + length - 1].startswith(phrase[-1])
        for at in range(len(there) - length + 1)
    )


def terms(said: str, asked: bool = False) -> list[str]:
    """The terms of a text in their order: a run of Chinese gives its pairs and, alone, its last character.

    So any one character is the beginning of some term. What is `asked` for does not end with that last one.
    """
    found: list[str] = []
    ends_in_pair = False
    for chinese, word in _RUNS.findall(_normal(said)):
        found += [word] if word else [chinese[at : at + 2] for at in range(len(chinese))]
        ends_in_pair = len(chinese) > 1
    return found[:-1] if asked and ends_in_pair else found


def _normal(said: str) -> str:
    return spell_numerals(unicodedata.normalize("NFKC", said)).lower().translate(_SPOKEN_ALIKE)


def _stored(session: Session, found: Sequence[str]) -> str:
    """For PostgreSQL with the positions written out: its own parser would cut the terms otherwise."""
    if not _is_postgresql(session):
        return " ".join(found)
    return " ".join(f"{_quoted(term)}:{min(place, 16_383)}" for place, term in enumerate(found, start=1))


def _quoted(term: str) -> str:
    """Terms are letters and digits alone; the quotes keep PostgreSQL from reading anything else into them."""
    return "'" + term.replace("'", "''").replace("\\", "\\\\") + "'"


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"

"""The full-text index of what was said: one row a segment, on SQLite (FTS5) and on PostgreSQL alike.

Chinese is written without spaces, and neither database cuts it into words. So every two neighbouring
characters are one term, and a phrase is its terms in a row: whatever stands in a text is found exactly,
without a dictionary that would have to agree with itself at writing and at searching. Latin words and
numbers are one term each. Numerals are written as the words that are spoken for them, because that is how
recognisers write.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Select, bindparam, column, select, table, text
from sqlalchemy.orm import Session

from hotline.language.numerals import spell_numerals
from hotline.transcripts.models import Segment

_INDEX = table("segment_index", column("rowid"), column("terms"))
# Runs of Chinese characters, and words of other scripts.
_CHINESE = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
_RUNS = re.compile(rf"({_CHINESE}+)|((?:(?!{_CHINESE})[^\W_])+)")
_SPOKEN_ALIKE = str.maketrans("幺两〇", "一二零")
LONGEST_QUERY = 100
MOST_PHRASES = 8


def add(session: Session, segments: Iterable[Segment]) -> None:
    """Make these segments findable."""
    insert = text("INSERT INTO segment_index (rowid, terms) VALUES (:rowid, :terms)")
    if _is_postgresql(session):
        insert = text("INSERT INTO segment_index (rowid, terms) VALUES (:rowid, CAST(:terms AS tsvector))")
    rows = [{"rowid": each.id, "terms": _stored(session, terms(each.text))} for each in segments]
    if rows:
        session.execute(insert, rows)


def remove(session: Session, segment_ids: Sequence[int]) -> int:
    """Forget these segments. Returns how many were known."""
    if not segment_ids:
        return 0
    gone = text("DELETE FROM segment_index WHERE rowid IN :ids").bindparams(bindparam("ids", expanding=True))
    return session.execute(gone, {"ids": list(segment_ids)}).rowcount  # type: ignore[attr-defined,no-any-return]


def tidy(session: Session) -> None:
    """Write the index anew, so that nothing of what was removed is left in its files.

    SQLite's index keeps what was removed until it merges it away; PostgreSQL's autovacuum does it by itself.
    """
    if not _is_postgresql(session):
        session.execute(text("INSERT INTO segment_index (segment_index) VALUES ('optimize')"))


def phrases(query: str) -> list[list[str]]:
    """What is looked for: the terms of each part of the query that stands between spaces."""
    parts = [terms(part, asked=True) for part in query[:LONGEST_QUERY].split()]
    return [part for part in parts if part][:MOST_PHRASES]


def matching(session: Session, phrase: Sequence[str]) -> Select[tuple[int]]:
    """Ids of segments in which these terms stand in a row; the last may be the beginning of a longer one."""
    condition: ColumnElement[bool]
    if _is_postgresql(session):
        wanted = " <-> ".join(_quoted(term) for term in phrase) + ":*"
        condition = text("terms @@ CAST(:wanted AS tsquery)").bindparams(  # type: ignore[assignment]
            bindparam("wanted", wanted, unique=True)
        )
    else:
        wanted = " + ".join(f'"{term}"' for term in phrase) + " *"
        condition = text("segment_index MATCH :wanted").bindparams(  # type: ignore[assignment]
            bindparam("wanted", wanted, unique=True)
        )
    return select(_INDEX.c.rowid).where(condition)


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

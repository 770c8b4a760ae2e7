"""A week of the roster as a sheet: a row a person, a column a day, shifts in words. Pure functions.

A sheet only fills in the page. What cannot be is told there, as for what is chosen by hand.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hotline.imports.rules import Cell

_DATE = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})")
_NO_SHIFT = ("", "-", "–", "休", "off")


class Unknown(StrEnum):
    """What the roster does not know in a sheet."""

    NO_EXTENSIONS = "no_extensions"  # no column of them
    NO_DAYS = "no_days"  # no column of a day of this week
    PERSON = "person"
    SHIFT = "shift"


@dataclass(frozen=True)
class Unread:
    """A place of the sheet that was passed over: its line, the day of its column, its text."""

    what: Unknown
    line: int = 0
    day: date | None = None
    text: str = ""


@dataclass(frozen=True)
class Words:
    """What a sheet may say: how the column of extensions is headed, people by extension, codes by words."""

    extension: Sequence[str]
    people: Mapping[str, int]
    shifts: Mapping[str, str]


Cells = dict[tuple[int, date], str]


def read_week(
    table: Sequence[Sequence[Cell]], days: Sequence[date], words: Words
) -> tuple[Cells, list[Unread]]:
    """Shifts by person and day, and what was passed over. Other columns, as of names, are for people."""
    head = [cell.text.strip() for cell in table[0]] if table else []
    at = next((place for place, text in enumerate(head) if text.casefold() in words.extension), None)
    dated = {place: _day(text) for place, text in enumerate(head)}
    columns = {place: day for place, day in dated.items() if day is not None and day in days}
    if at is None:
        return {}, [Unread(Unknown.NO_EXTENSIONS)]
    if not columns:
        return {}, [Unread(Unknown.NO_DAYS)]
    cells: Cells = {}
    unread: list[Unread] = []
    for line, row in enumerate(table[1:], 2):
        texts = [cell.text.strip() for cell in row]
        said = {day: texts[place] for place, day in columns.items() if place < len(texts)}
        person = words.people.get(texts[at]) if at < len(texts) else None
        if person is None:
            if any(texts):
                unread.append(Unread(Unknown.PERSON, line, text=texts[at] if at < len(texts) else ""))
            continue
        for day, text in said.items():
            code = words.shifts.get(text.casefold())
            if code is not None:
                cells[person, day] = code
            elif text.casefold() not in _NO_SHIFT:
                unread.append(Unread(Unknown.SHIFT, line, day, text))
    return cells, unread


def _day(text: str) -> date | None:
    found = _DATE.search(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None

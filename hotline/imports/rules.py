"""What a sheet may look like, and how its cells are read. Pure functions."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from hotline.imports.columns import columns, headings, plain
from hotline.intake.rules import Obstacle
from hotline.people.actors import Role

IMPORTERS = (Role.AGENT, Role.MEDIA_SCREENER)
"""An import is writing in, many times at once: for the same people."""
READERS = (*IMPORTERS, Role.SUPERVISOR)
SEES_ALL = (Role.SUPERVISOR,)

LARGEST_FILE = 4 * 1024 * 1024
MOST_ROWS = 500
MOST_COLUMNS = 40
LONGEST_NAME = 120


class Wrong(StrEnum):
    """What is wrong with a sheet as a whole."""

    NOT_TEXT = "not_text"  # neither UTF-8 nor GB18030
    QUOTES = "quotes"  # CSV whose quotes do not close
    NO_ROWS = "no_rows"
    UNKNOWN_HEADING = "unknown_heading"
    DOUBLE_HEADING = "double_heading"
    MISSING_HEADING = "missing_heading"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    SEVERAL_SHEETS = "several_sheets"
    CAME_BEFORE = "came_before"  # these very bytes


class SheetRefused(ValueError):
    """Nothing of the sheet is looked at. `what` are headings, `known` the import that had the same bytes."""

    def __init__(self, wrong: Wrong, what: Sequence[str] = (), known: int = 0) -> None:
        super().__init__(wrong.value)  # not the headings: errors are logged
        self.wrong, self.what, self.known = wrong, tuple(what), known


class Fault(StrEnum):
    """What is wrong with one cell; what the intake itself refuses is its `Obstacle`."""

    MISSING = "missing"
    UNKNOWN_WORD = "unknown_word"
    UNKNOWN_CATEGORY = "unknown_category"
    SEVERAL_CATEGORIES = "several_categories"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"  # demands
    NO_DATE = "no_date"
    FORMULA = "formula"
    BROKEN = "broken"  # a number that the program wrote as #REF!
    CUT_NUMBER = "cut_number"
    NO_PLACE = "no_place"
    NOT_YOURS = "not_yours"
    SEALED = "sealed"
    TWICE = "twice"
    EXTRA_CELL = "extra_cell"


@dataclass(frozen=True)
class RowFault:
    """A fault of a row; `column` is a name, empty for the row; `known` a ticket, or the other line."""

    column: str
    fault: Fault | Obstacle
    known: str = ""


@dataclass(frozen=True)
class Row:
    """One row: the line of the sheet, its texts by column, and what could not be read as text."""

    line: int
    cells: Mapping[str, str]
    marks: Mapping[str, str] = field(default_factory=dict)

    def text(self, column: str) -> str:
        """The cell's text, empty where there is none."""
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Cell:
    """A cell as the file has it; `mark` is a fault that its reader has seen."""

    text: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Shape:
    """The columns of a sheet: their names by each heading, as `plain` makes it, and which must be there."""

    headings: Mapping[str, str]
    must: Sequence[str]


def matters() -> Shape:
    """A sheet of matters."""
    return Shape(headings(), [column.name for column in columns().values() if column.must])


def rows_of(table: Sequence[Sequence[Cell]], shape: Shape | None = None) -> list[Row]:
    """The rows below the headings, empty ones left out; matters, if no shape is named.

    Raises `SheetRefused`.
    """
    filled = [(line, cells) for line, cells in enumerate(table, 1) if _is_filled(cells)]
    if not filled:
        raise SheetRefused(Wrong.NO_ROWS)
    names = _names([cell.text for cell in filled[0][1]], shape or matters())
    if len(filled) == 1:
        raise SheetRefused(Wrong.NO_ROWS)
    if len(filled) - 1 > MOST_ROWS:
        raise SheetRefused(Wrong.TOO_MANY_ROWS)
    return [_row(line, names, cells) for line, cells in filled[1:]]


def _is_filled(cells: Sequence[Cell]) -> bool:
    return any(cell.text.strip() or cell.mark for cell in cells)


def _names(said: Sequence[str], shape: Shape) -> list[str]:
    """The column's name of each heading; empty beyond the last. Nothing is left out unsaid."""
    if len(said) > MOST_COLUMNS:
        raise SheetRefused(Wrong.TOO_MANY_COLUMNS)
    known = shape.headings
    if unknown := [text.strip()[:LONGEST_NAME] for text in said if text.strip() and plain(text) not in known]:
        raise SheetRefused(Wrong.UNKNOWN_HEADING, unknown)
    names = [known.get(plain(text), "") for text in said]
    if double := {name for name in names if name and names.count(name) > 1}:
        raise SheetRefused(Wrong.DOUBLE_HEADING, sorted(double))
    if missing := [name for name in shape.must if name not in names]:
        raise SheetRefused(Wrong.MISSING_HEADING, missing)
    return names


def _row(line: int, names: Sequence[str], cells: Sequence[Cell]) -> Row:
    under = [(names[at] if at < len(names) else "", cell) for at, cell in enumerate(cells)]
    marks = {name: cell.mark for name, cell in under if cell.mark}
    if any(not name and cell.text.strip() for name, cell in under):
        marks[""] = Fault.EXTRA_CELL
    return Row(line, {name: cell.text.strip() for name, cell in under if name and cell.text.strip()}, marks)


_CLOCK = r"(\d{1,2})[:：时](\d{1,2})分?(?::(\d{1,2})(?:\.0+)?)?"
_DATE = re.compile(rf"(\d{{4}})[-/.年](\d{{1,2}})[-/.月](\d{{1,2}})日?(?:[T\s]*{_CLOCK})?", re.ASCII)


def moment(text: str, zone: ZoneInfo) -> datetime | None:
    """`2020-04-30 09:00`, `2020/4/30`, `2020年4月30日9时5分` on the city's clock; None for anything else."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None

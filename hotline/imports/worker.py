"""Reads one XLSX sheet in a process of its own: `python -m hotline.imports.worker`, the file on its input.

As `hotline.evidence.worker`: little memory and time, no settings, no file that could be written. Ends with 0
and the cells as JSON, each a text and a mark, or with `REFUSED` and the fault; else the file has broken its
reader. No formula is worked out, nor is what another program once worked out believed: a formula is a mark.
"""

import json
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from hotline.evidence.faults import Fault as FileFault
from hotline.evidence.faults import Unfit
from hotline.evidence.kinds import Kind
from hotline.imports.rules import MOST_COLUMNS, MOST_ROWS, Fault, Wrong

REFUSED = 3
MOST_MEMORY = 1024**3
MOST_SECONDS = 20
MOST_UNPACKED = 40 * 1024 * 1024
MOST_LINES = 4 * MOST_ROWS  # empty ones among them
_BROKEN = (
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    SyntaxError,  # XML's is one
    zipfile.BadZipFile,
    zlib.error,
)
_EXACT = 10**15  # of a larger number a sheet keeps the first digits only


def main() -> int:
    """Exit status."""
    content = sys.stdin.buffer.read()
    for limit, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    try:
        table = cells_of(content)
    except Unfit as unfit:
        sys.stdout.write(unfit.fault)
        return REFUSED
    except TooMuch as much:
        sys.stdout.write(much.wrong)
        return REFUSED
    sys.stdout.write(json.dumps(table))
    return 0


class TooMuch(Exception):
    """More than a sheet may have."""

    def __init__(self, wrong: Wrong) -> None:
        super().__init__(wrong)
        self.wrong = wrong


def cells_of(content: bytes) -> list[list[tuple[str, str]]]:
    """Text and mark of every cell of the only sheet that has any. Raises `Unfit` and `TooMuch`."""
    from openpyxl import load_workbook  # not where only the constants are wanted

    from hotline.evidence.office import check_office

    check_office(content, Kind.XLSX)
    with zipfile.ZipFile(BytesIO(content)) as package:
        if sum(part.file_size for part in package.infolist()) > MOST_UNPACKED:
            raise Unfit(FileFault.TOO_COMPLEX)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
        first, *others = book.worksheets
        for sheet in (first, *others):
            sheet.reset_dimensions()  # what the sheet says of its size may be untrue
        if any(_is_filled(line) for sheet in others for line in _lines(sheet)):
            raise TooMuch(Wrong.SEVERAL_SHEETS)
        return [[_cell(one) for one in line] for line in _lines(first)]
    except _BROKEN:
        raise Unfit(FileFault.DAMAGED) from None


def _lines(sheet: Any) -> Iterator[tuple[Any, ...]]:
    for number, line in enumerate(sheet.iter_rows(), 1):
        if number > MOST_LINES:
            raise TooMuch(Wrong.TOO_MANY_ROWS)
        if len(line) > MOST_COLUMNS and _is_filled(line[MOST_COLUMNS:]):
            raise TooMuch(Wrong.TOO_MANY_COLUMNS)
        yield line[:MOST_COLUMNS]


def _is_filled(cells: Iterable[Any]) -> bool:
    return any(cell.value is not None and str(cell.value).strip() for cell in cells)


def _cell(cell: Any) -> tuple[str, str]:
    value = cell.value
    if value is None:
        return "", ""
    if cell.data_type == "f":
        return "", Fault.FORMULA
    if cell.data_type == "e":
        return "", Fault.BROKEN
    return _text(value)


def _text(value: object) -> tuple[str, str]:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M"), ""
    if isinstance(value, date | time | timedelta):
        return str(value), ""
    if isinstance(value, bool):
        return str(value), ""
    if isinstance(value, int | float):
        if abs(value) >= _EXACT:
            return "", Fault.CUT_NUMBER
        return (str(int(value)) if value == int(value) else repr(value)), ""
    return str(value), ""


if __name__ == "__main__":
    sys.exit(main())

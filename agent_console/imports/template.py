"""The empty sheet to fill in, as XLSX and as CSV."""

import csv
from io import BytesIO, StringIO

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from agent_console.imports.words import choices_in, heading
from agent_console.words import _
from hotline.imports.columns import columns
from hotline.imports.rules import MOST_ROWS

_WIDE, _NARROW = 40, 16
_LONG = ("description", "demands", "address")
_AS_TEXT = "@"  # or a sheet writes telephone numbers as 1.38E+10


def headings() -> list[str]:
    """As they stand in the first row, a star at what no row may leave empty."""
    return [f"{heading(column)}{'*' if column.must else ''}" for column in columns().values()]


def as_csv() -> bytes:
    """With the mark by which spreadsheet programs know UTF-8."""
    made = StringIO(newline="")
    csv.writer(made).writerow(headings())
    return made.getvalue().encode("utf-8-sig")


def as_xlsx() -> bytes:
    """All cells as text, and a list to choose from where there is one."""
    book = Workbook()
    sheet = book.active
    sheet.title = _("来件")
    sheet.append(headings())
    sheet.freeze_panes = "A2"
    for at, column in enumerate(columns().values(), 1):
        letter = get_column_letter(at)
        sheet[f"{letter}1"].font = Font(bold=True)
        sheet.column_dimensions[letter].width = _WIDE if column.name in _LONG else _NARROW
        sheet.column_dimensions[letter].number_format = _AS_TEXT
        if words := choices_in(column):
            chosen = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
            chosen.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
            sheet.add_data_validation(chosen)
    made = BytesIO()
    book.save(made)
    return made.getvalue()

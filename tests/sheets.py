"""Sheets of matters to import, made for tests."""

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO

from openpyxl import Workbook

HEADINGS = (
    "来源渠道",
    "来源编号",
    "收到时间",
    "诉求类型",
    "诉求分类",
    "详细地址",
    "事情经过",
    "具体诉求",
    "联系电话",
)
GOOD = (
    "上级交办",
    "省办 1 号",
    "2020-04-30 09:00",
    "求助",
    "water.pressure",
    "城关区张掖路",
    "三楼以上没有水",
    "恢复供水",
    "13800001234",
)


def changed(**cells: str) -> tuple[str, ...]:
    """A good row with some cells of other content, by heading."""
    return tuple(cells.get(heading, cell) for heading, cell in zip(HEADINGS, GOOD, strict=True))


def numbered(*numbers: int) -> list[tuple[str, ...]]:
    """Good rows that differ in their numbers."""
    return [changed(来源编号=f"省办 {number} 号") for number in numbers]


def csv_sheet(
    rows: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS, encoding: str = "utf-8"
) -> bytes:
    """As spreadsheet programs write it."""
    made = StringIO(newline="")
    csv.writer(made).writerows([headings, *rows])
    return made.getvalue().encode(encoding)


def xlsx_sheet(
    rows: Sequence[Sequence[object]], headings: Sequence[str] = HEADINGS, second: str = ""
) -> bytes:
    """`second` is what stands in another sheet of the book."""
    book = Workbook()
    for row in (headings, *rows):
        book.active.append(row)
    if second:
        book.create_sheet().append([second])
    made = BytesIO()
    book.save(made)
    return made.getvalue()

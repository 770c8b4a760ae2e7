"""How sheets are read: encodings, headings, cells, limits. No database."""

import zipfile
from datetime import datetime
from io import BytesIO

import pytest

from hotline.evidence.faults import Fault as FileFault
from hotline.evidence.faults import FileRefused, Unfit
from hotline.imports.columns import columns, headings
from hotline.imports.rules import (
    LARGEST_FILE,
    MOST_ROWS,
    Cell,
    Fault,
    Row,
    SheetRefused,
    Wrong,
    moment,
    rows_of,
)
from hotline.imports.sheets import read
from hotline.imports.worker import MOST_UNPACKED, TooMuch, cells_of
from hotline.intake.service import Came
from hotline.tickets.service import Draft
from tests.factories import CITY, local
from tests.sheets import GOOD, HEADINGS, changed, csv_sheet, numbered, xlsx_sheet


def test_every_column_fills_a_field_and_no_heading_is_anothers() -> None:
    assert set(columns()) == {*Came.__dataclass_fields__, *Draft.__dataclass_fields__}
    assert len(headings()) == len({h for c in columns().values() for h in (c.zh, c.en, *c.also)})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_of_the_country(encoding: str) -> None:
    (row,) = read(
        "来件.CSV", csv_sheet([changed(事情经过="第一行\n“第二行”，①"), [""] * 9], encoding=encoding)
    )
    assert (row.line, row.text("description")) == (2, "第一行\n“第二行”，①")
    assert row.text("complainant_phone") == "13800001234"


@pytest.mark.parametrize(
    ("content", "wrong", "what"),
    [
        (csv_sheet([GOOD], encoding="utf-16"), Wrong.NOT_TEXT, ()),
        (b"\xff\xfe\x00", Wrong.NOT_TEXT, ()),
        ((",".join(HEADINGS) + '\n"a').encode(), Wrong.QUOTES, ()),
        (csv_sheet([]), Wrong.NO_ROWS, ()),
        (b"\r\n,,\r\n", Wrong.NO_ROWS, ()),
        (csv_sheet([GOOD], [*HEADINGS[:-1], "手机"]), Wrong.UNKNOWN_HEADING, ("手机",)),
        (csv_sheet([GOOD], [*HEADINGS[:-1], "详细地址"]), Wrong.DOUBLE_HEADING, ("address",)),
        (csv_sheet([GOOD], [*HEADINGS[:3], *HEADINGS[4:]]), Wrong.MISSING_HEADING, ("type",)),
        (csv_sheet([GOOD], [*HEADINGS, *[""] * 40]), Wrong.TOO_MANY_COLUMNS, ()),
        (csv_sheet(numbered(*range(MOST_ROWS + 1))), Wrong.TOO_MANY_ROWS, ()),
    ],
)
def test_a_wrong_sheet_is_refused_whole(content: bytes, wrong: Wrong, what: tuple[str, ...]) -> None:
    with pytest.raises(SheetRefused) as refused:
        read("a.csv", content)
    assert (refused.value.wrong, refused.value.what) == (wrong, what)


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("a.csv", b"", FileFault.EMPTY),
        ("a.csv", bytes(LARGEST_FILE + 1), FileFault.TOO_LARGE),
        ("a.xls", csv_sheet([GOOD]), FileFault.UNKNOWN_KIND),
    ],
)
def test_a_wrong_file_is_refused(name: str, content: bytes, fault: FileFault) -> None:
    with pytest.raises(FileRefused) as refused:
        read(name, content)
    assert refused.value.fault is fault


def test_headings_may_have_stars_blanks_and_wide_signs() -> None:
    said = ["Channel*", " 来源编号 ", "收到时间*", "类型", "分类", "区(县)", "内容", "诉求", "TELEPHONE"]
    (row,) = rows_of([[Cell(text) for text in said], [Cell(text) for text in GOOD]])
    assert (row.text("channel"), row.text("district")) == ("上级交办", "城关区张掖路")


def test_a_cell_under_no_heading_is_told() -> None:
    (row,) = read("a.csv", csv_sheet([[*GOOD, "多出来的"]]))
    assert row.marks == {"": Fault.EXTRA_CELL}


def test_cells_of_a_workbook_keep_their_meaning_and_no_formula_is_worked_out() -> None:
    at = datetime(2020, 4, 30, 9, 0)  # noqa: DTZ001 (a sheet knows no zone)
    cells = ["上级交办", 13800001234, at, 1.5, "=1+1", "#REF!", 10**16, None, True]
    _heads, row = cells_of(xlsx_sheet([cells]))
    assert row[:4] == [("上级交办", ""), ("13800001234", ""), ("2020-04-30 09:00", ""), ("1.5", "")]
    assert [mark for _text, mark in row[4:7]] == [Fault.FORMULA, Fault.BROKEN, Fault.CUT_NUMBER]


def test_a_workbook_is_read_in_a_process_of_its_own() -> None:
    assert read("a.xlsx", xlsx_sheet([GOOD])) == [Row(2, dict(zip(_names(), GOOD, strict=True)))]
    with pytest.raises(SheetRefused) as refused:
        read("a.xlsx", xlsx_sheet([GOOD], second="还有"))
    assert refused.value.wrong is Wrong.SEVERAL_SHEETS


def _names() -> list[str]:
    return [headings()[one] for one in HEADINGS]


def _with_part(name: str, content: bytes) -> bytes:
    """A good workbook with one part put in another's place, or beside the others."""
    made = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(xlsx_sheet([GOOD]))) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"PK\x03\x04 no package", FileFault.TWO_IN_ONE),
        (_with_part("xl/vbaProject.bin", b"x"), FileFault.ACTIVE),
        (_with_part("xl/media/big.bin", bytes(MOST_UNPACKED)), FileFault.TOO_COMPLEX),
        (
            _with_part("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row><c t='n'><v>x</v>"),
            FileFault.DAMAGED,
        ),
    ],
)
def test_a_hostile_workbook_is_refused(content: bytes, fault: FileFault) -> None:
    with pytest.raises(Unfit) as unfit:
        cells_of(content)
    assert unfit.value.fault is fault


def test_a_workbook_of_endless_rows_is_refused() -> None:
    rows = (
        b"<worksheet><sheetData><row r='1048576'><c r='A1048576'><v>1</v></c></row></sheetData></worksheet>"
    )
    spaced = rows.replace(
        b"<worksheet>", b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>"
    )
    with pytest.raises(TooMuch):
        cells_of(_with_part("xl/worksheets/sheet1.xml", spaced))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2020-04-30 09:05", "2020-04-30 09:05"),
        ("2020/4/3", "2020-04-03 00:00"),
        ("2020年4月30日9时5分", "2020-04-30 09:05"),
        ("2020-04-30T09:05:00", "2020-04-30 09:05"),
        ("2020.4.30 9：05", "2020-04-30 09:05"),
        ("2020-02-30", None),
        ("30.4.2020", None),
        ("43951", None),
        ("2020-04-30 25:00", None),
        ("下午", None),
    ],
)
def test_dates(text: str, at: str | None) -> None:
    assert moment(text, CITY) == (local(at) if at else None)

"""A sheet fills in a week: what it says, and what is passed over and told."""

from datetime import date

import pytest

from hotline.imports.rules import Cell
from hotline.roster.rules import days_of
from hotline.roster.sheets import Unknown, Unread, Words, read_week

MONDAY = date(2020, 4, 27)
FRIDAY = date(2020, 5, 1)
WORDS = Words(("分机", "extension"), {"1001": 7, "1002": 8}, {"day": "day", "白班": "day", "夜班": "night"})


def _table(*rows: str) -> list[list[Cell]]:
    return [[Cell(text) for text in row.split("|")] for row in rows]


def test_people_are_known_by_extension_and_shifts_by_any_name() -> None:
    table = _table(
        "姓名|Extension|2020-04-27|2020/5/1 0:00:00|备注|2020-05-04",
        "王丽| 1001 |白班|Day||夜班",
        "李华|1002|休|夜班",
    )
    cells, unread = read_week(table, days_of(MONDAY), WORDS)
    assert cells == {(7, MONDAY): "day", (7, FRIDAY): "day", (8, FRIDAY): "night"}
    assert unread == []


def test_what_the_roster_does_not_know_is_told_where_it_stands() -> None:
    table = _table("分机|2020-04-27|2020-05-01", "1001|中班|夜班", "|", "1099|白班|", "|白班|", "1002")
    cells, unread = read_week(table, days_of(MONDAY), WORDS)
    assert cells == {(7, FRIDAY): "night"}
    assert unread == [
        Unread(Unknown.SHIFT, 2, MONDAY, "中班"),
        Unread(Unknown.PERSON, 4, text="1099"),
        Unread(Unknown.PERSON, 5, text=""),
    ]


@pytest.mark.parametrize(
    ("head", "what"),
    [
        ("姓名|2020-04-27", Unknown.NO_EXTENSIONS),
        ("", Unknown.NO_EXTENSIONS),
        ("分机|2020-05-04|2020-13-45|周一", Unknown.NO_DAYS),
    ],
)
def test_a_sheet_of_another_shape(head: str, what: Unknown) -> None:
    assert read_week(_table(head, "1001|白班"), days_of(MONDAY), WORDS) == ({}, [Unread(what)])


def test_an_empty_file() -> None:
    assert read_week([], days_of(MONDAY), WORDS) == ({}, [Unread(Unknown.NO_EXTENSIONS)])

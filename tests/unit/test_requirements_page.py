"""`docs/requirements.md`: every row is there once, what it names exists, and its counts add up."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pytest

from agent_console.app import rooms
from hotline.config import PROJECT_ROOT

DOCS = PROJECT_ROOT / "docs"
ROWS_OF_EACH_DOCUMENT = {"000": 25, "001": 35, "002": 56, "003": 28, "004": 61}
STATES = ("done", "partly", "not yet", "nothing asked")


class Row(NamedTuple):
    """One line of the page, cell by cell."""

    id: str
    asked: str
    state: str
    where: str
    tests: str

    @property
    def word(self) -> str:
        """The state without what is missing."""
        return self.state.partition(": ")[0]


@cache
def areas() -> dict[str, list[Row]]:
    """The rows of each area, in their order."""
    _, *sections = (DOCS / "requirements.md").read_text(encoding="utf-8").split("\n## ")
    return {section.partition("\n")[0]: [Row(*cells) for cells in table(section)[1:]] for section in sections}


def table(text: str) -> list[list[str]]:
    """The cells of the only table, without the line below its head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return cells[:1] + cells[2:]


ROWS = [row for rows in areas().values() for row in rows]


@cache
def functions_of(path: str) -> frozenset[str]:
    """The functions of a test file, which is not imported. None where there is no such file."""
    file = PROJECT_ROOT / path
    found = ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if file.is_file() else ()
    return frozenset(node.name for node in found if isinstance(node, ast.FunctionDef))


@cache
def addresses() -> frozenset[str]:
    """Every address that can be opened, its variables by name alone: `/tickets/<number>`."""
    rules = [rule.rule for rule in rooms().url_map.iter_rules() if "GET" in (rule.methods or ())]
    return frozenset(re.sub(r"<(?:[^<>]*:)?(\w+)>", r"<\1>", rule) for rule in rules)


def test_every_row_is_there_once() -> None:
    wanted = [f"{paper}-{n:02}" for paper, last in ROWS_OF_EACH_DOCUMENT.items() for n in range(1, last + 1)]
    assert sorted(row.id for row in ROWS) == wanted


def faults_of(row: Row) -> Iterator[str]:
    """What is wrong with a row, in words."""
    if row.word not in STATES or not row.asked:
        yield "no such state, or nothing is asked"
    if (row.word == "partly") != bool(row.state.partition(": ")[2]):
        yield "partly, and only that, says what is missing"
    opened, read = re.findall("`(.+?)`", row.where), re.findall(r"\]\((.+?)\)", row.where)
    named = re.findall("`([^`]+?)::([^`]+?)`", row.tests)
    if row.word in ("done", "partly"):
        if not (opened or read) or not named or len(named) != len(row.tests.split(", ")):
            yield "without a place or a test"
    elif (row.where, row.tests) != ("-", "-"):
        yield "nothing is there, and something is named"
    yield from (f"no page {address}" for address in opened if address not in addresses())
    yield from (f"no document {page}" for page in read if not (DOCS / page).is_file())
    yield from (f"no test {path}::{test}" for path, test in named if test not in functions_of(path))


def test_rows_name_what_exists() -> None:
    assert [f"{row.id}: {fault}" for row in ROWS for fault in faults_of(row)] == []


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"state": "done: nearly"}, "partly, and only that, says what is missing"),
        ({"state": "partly"}, "partly, and only that, says what is missing"),
        ({"state": "ready"}, "no such state, or nothing is asked"),
        ({"state": "not yet"}, "nothing is there, and something is named"),
        ({"tests": "-"}, "without a place or a test"),
        ({"where": "-"}, "without a place or a test"),
        ({"where": "`/nowhere`"}, "no page /nowhere"),
        ({"where": "[x](nothing.md)"}, "no document nothing.md"),
        ({"tests": "`tests/unit/nowhere.py::test_x`"}, "no test tests/unit/nowhere.py::test_x"),
    ],
)
def test_what_is_wrong_is_noticed(changed: dict[str, str], fault: str) -> None:
    tests = "`tests/unit/test_requirements_page.py::test_rows_name_what_exists`"
    sound = Row("000-01", "something", "done", "`/progress/`, [intake.md](intake.md)", tests)
    assert list(faults_of(sound)) == []
    assert fault in list(faults_of(sound._replace(**changed)))


def test_the_counts_are_those_of_the_rows() -> None:
    head = (DOCS / "requirements.md").read_text(encoding="utf-8").partition("\n## ")[0]
    found = {area: Counter(row.word for row in rows) for area, rows in areas().items()}
    found["all"] = Counter(row.word for row in ROWS)
    counted = [
        [area, str(words.total()), *(str(words[state]) for state in STATES)] for area, words in found.items()
    ]
    assert table(head) == [["area", "rows", *STATES], *counted]

"""The columns of a sheet and the words that may stand in them, kept as data in `columns.toml`."""

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_LIST = Path(__file__).with_name("columns.toml")


@dataclass(frozen=True)
class Column:
    """One column: the field that it fills, its headings, and whether no row may leave it empty."""

    name: str
    zh: str
    en: str
    also: tuple[str, ...]
    must: bool


def plain(text: str) -> str:
    """As headings and chosen words are compared: full-width signs, capitals and the star of a must aside."""
    return unicodedata.normalize("NFKC", text).strip().strip("*").strip().casefold()


@cache
def columns() -> Mapping[str, Column]:
    """Every column by its name, in the order of the template."""
    rows = _listed()["column"]
    return {row["name"]: Column(**{**row, "also": tuple(row["also"])}) for row in rows}


@cache
def headings() -> Mapping[str, str]:
    """The column's name by each of its headings, as `plain` makes them."""
    return {
        plain(heading): column.name
        for column in columns().values()
        for heading in (column.zh, column.en, *column.also)
    }


@cache
def words_of(name: str) -> Mapping[str, tuple[str, ...]]:
    """Of a column that is chosen from: the words for each value, Chinese first, then English."""
    return {value: tuple(words) for value, words in _listed()["words"].get(name, {}).items()}


def value_of(name: str, text: str) -> str | None:
    """The value that a word stands for in this column; None where it stands for none."""
    said = plain(text)
    for value, words in words_of(name).items():
        if said == value or said in {plain(word) for word in words}:
            return value
    return None


@cache
def _listed() -> dict[str, Any]:
    return tomllib.loads(_LIST.read_text(encoding="utf-8"))

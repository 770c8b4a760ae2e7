"""What was done, counted: `修复路灯 12 盏`, `补发工资 3000 元` (requirement 002-48)."""

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

MOST_LINES = 8
LONGEST_WHAT = 60
_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,2})?", re.ASCII)
_LIST = Path(__file__).with_name("units.toml")


@dataclass(frozen=True)
class Unit:
    """A unit that a city counts in."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Quantity:
    """So much of something was done. `number` has two decimals at most; `unit` is a code of the list."""

    what: str
    number: Decimal
    unit: str


class QuantityRefused(ValueError):
    """A line is not complete, its number is none, or its unit is not on the list; `field` of the form."""

    field = "quantities"


@cache
def units() -> tuple[Unit, ...]:
    """The list, in its order."""
    entries = tomllib.loads(_LIST.read_text(encoding="utf-8"))["unit"]
    return tuple(Unit(**entry) for entry in entries)


def number(text: str) -> Decimal:
    """`3,000.50` or `３０００` as a number from 0 on with two decimals at most; else `QuantityRefused`."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    if not _NUMBER.fullmatch(plain):
        raise QuantityRefused("not a number")
    return Decimal(plain)


def checked(lines: Sequence[Quantity]) -> list[Quantity]:
    """The lines as they are kept. Raises `QuantityRefused`."""
    if len(lines) > MOST_LINES:
        raise QuantityRefused(f"more than {MOST_LINES} lines")
    known = {unit.code for unit in units()}
    for line in lines:
        if not 0 < len(line.what.strip()) <= LONGEST_WHAT:
            raise QuantityRefused("say what was done, in a few words")
        if line.unit not in known:
            raise QuantityRefused("the unit is not on the list")
        number(str(line.number))
    return [Quantity(line.what.strip(), line.number, line.unit) for line in lines]

"""The words of letters, as data (`letters.toml`). Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hotline.outbox.rules import Kind

_LETTERS = Path(__file__).with_name("letters.toml")


@dataclass(frozen=True)
class Facts:
    """What stands in a letter; empty what is not in this one. `page` is empty where there is none."""

    number: str
    line: str
    city: str
    page: str
    code: str = ""
    text: str = ""
    until: str = ""
    days: int = 0


def written(kind: Kind, tongue: str, facts: Facts, rates: bool = False) -> tuple[str, str]:
    """Subject and text, in Chinese or in English. `rates`: its citizen is asked to rate."""
    said = _letters()["en" if tongue == "en" else "zh"]
    own = said[kind.value]
    parts = [said["greeting"], own["text"], *([own["rate"]] if rates else []), "", said["ending"]]
    lines = "\n".join(part.lstrip("\n") if part else "" for part in parts).split("\n")
    kept = [line for line in lines if facts.page or "{page}" not in line]
    return own["subject"].format_map(vars(facts)), "\n".join(kept).format_map(vars(facts)) + "\n"


def endings(line: str, city: str) -> tuple[str, ...]:
    """The last lines of our letters, in both languages."""
    facts = Facts("", line, city, "")
    return tuple(said["ending"].rsplit("\n", 1)[-1].format_map(vars(facts)) for said in _letters().values())


@cache
def _letters() -> Mapping[str, Any]:
    with _LETTERS.open("rb") as listed:
        return tomllib.load(listed)

"""Addresses of the built front end: names with a hash of their content, so that they can be kept for ever."""

import json
from functools import cache
from pathlib import Path

from flask import url_for

BUILD = Path(__file__).resolve().parent / "static" / "build"


class NotBuilt(RuntimeError):
    """The front end has not been built; `python -m agent_console.build` does it."""


@cache
def manifest() -> dict[str, str]:
    """Entry name to file name in `static/build`. Raises `NotBuilt`."""
    try:
        names: dict[str, str] = json.loads((BUILD / "manifest.json").read_text())
    except FileNotFoundError:
        raise NotBuilt("the front end is not built: run `python -m agent_console.build`") from None
    return names


def asset(name: str) -> str:
    """The address of `console.js`, `desk.js` or `console.css`."""
    return url_for("static", filename=f"build/{manifest()[name]}")

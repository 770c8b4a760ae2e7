"""Addresses of the built front end: names with a hash of their content, so that they can be kept for ever."""

import json
from functools import lru_cache
from pathlib import Path

from flask import url_for

BUILD = Path(__file__).resolve().parent / "static" / "build"


FOR_EVER = "public, max-age=31536000, immutable"
"""Cache-Control of what never changes under its name: a browser asks for it once, not at every page."""


class NotBuilt(RuntimeError):
    """The front end has not been built; `python -m agent_console.build` does it."""


def manifest() -> dict[str, str]:
    """Entry name to file name in `static/build`, also after a build beside the running console.

    Raises `NotBuilt`.
    """
    path = BUILD / "manifest.json"
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        raise NotBuilt("the front end is not built: run `python -m agent_console.build`") from None


@lru_cache(maxsize=1)
def _read(path: Path, _written_at: int) -> dict[str, str]:
    names: dict[str, str] = json.loads(path.read_text())
    return names


def asset(name: str) -> str:
    """The address of `console.js`, `desk.js` or `console.css`."""
    return url_for("static", filename=f"build/{manifest()[name]}")


def stays_as_it_is(filename: str) -> bool:
    """Whether a file below `static` is one of the build, whose next version has another name."""
    folder, _, name = filename.rpartition("/")
    return folder == BUILD.name and name in manifest().values()

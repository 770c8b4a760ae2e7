"""QR codes to print: drawn here from the public address of a place."""

from io import BytesIO
from typing import Any

import segno
from flask import request, url_for
from markupsafe import Markup

from agent_console.house import house

PIXELS = 16
"""Of a module in the PNG: a code of 29 modules is 37 x 16 = 592 pixels wide, 5 cm at 300 dpi."""

MILLIMETRES = 2
"""Of a module in the SVG, which can be drawn at any size."""


def address_of(code: str) -> str:
    """Where the code of a place leads, as everybody outside opens it."""
    base = house().context.settings.public_url or request.host_url.rstrip("/")
    return base + url_for("policies.scan", code=code)


def is_public_address() -> bool:
    """Whether the administrator has said how people outside find us; else codes hold this browser's way."""
    return bool(house().context.settings.public_url)


def inline(code: str) -> Markup:
    """The code as part of a page: black on white, without inline style."""
    drawn = _drawn(code).svg_inline(light="#fff", svgclass="qr", lineclass=None, omitsize=True)
    return Markup(drawn)  # noqa: S704 - paths, nothing of a text


def as_file(code: str, ending: str) -> tuple[bytes, str]:
    """The code as a file, `svg` or `png`, and its media type."""
    kept = BytesIO()
    size: dict[str, Any] = {"scale": PIXELS} if ending == "png" else {"scale": MILLIMETRES, "unit": "mm"}
    _drawn(code).save(kept, kind=ending, light="#fff", **size)
    return kept.getvalue(), "image/png" if ending == "png" else "image/svg+xml"


def _drawn(code: str) -> segno.QRCode:
    return segno.make_qr(address_of(code), error="q")  # a poster is scratched, and stuck over

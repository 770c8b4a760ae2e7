"""A QR code drawn here, as SVG without inline style: nobody else learns a second factor's secret."""

import segno
from markupsafe import Markup

_SCALE = 5
"""Pixels a module."""


def qr_code(text: str) -> Markup:
    """The text as an SVG element, on white whatever the page's colours are, or no camera reads it."""
    drawn = segno.make_qr(text, error="m")
    svg = drawn.svg_inline(scale=_SCALE, light="#fff", svgclass="qr", lineclass=None)
    return Markup(svg)  # noqa: S704 - paths, nothing of the text

"""The mark over pages hinders nobody: text keeps its contrast below it."""

import re
from pathlib import Path

import pytest

import agent_console
from agent_console.marking import GREY, OPACITY

TOKENS = Path(agent_console.__file__).parent / "frontend" / "src" / "css" / "tokens.css"
INKS = ("ink", "ink-soft", "accent", "waiting", "talking", "late", "paused")
GROUNDS = ("page", "surface", "sunken")
LEAST = 4.5
"""WCAG 2.1, 1.4.3: of text against what is behind it."""

Colour = tuple[float, float, float]


def colours(scheme: str) -> dict[str, Colour]:
    """The tokens of the light or the dark scheme, 0..255."""
    light, dark, *_ = TOKENS.read_text(encoding="utf-8").split("@media")
    found = re.findall(r"--([\w-]+): #([0-9a-f]{6});", light if scheme == "light" else dark)
    return {name: (int(v[:2], 16), int(v[2:4], 16), int(v[4:], 16)) for name, v in found}


def marked(colour: Colour) -> Colour:
    red, green, blue = (part * (1 - OPACITY) + GREY * OPACITY for part in colour)
    return red, green, blue


def luminance(colour: Colour) -> float:
    """WCAG's relative luminance."""
    parts = [part / 255 for part in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Colour, other: Colour) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_keeps_its_contrast_below_the_mark(scheme: str) -> None:
    named = colours(scheme)
    pairs = [(named[ink], named[ground]) for ink in INKS for ground in GROUNDS]
    assert min(contrast(marked(ink), marked(ground)) for ink, ground in pairs) >= LEAST
    assert min(contrast(ink, marked(ground)) for ink, ground in pairs) >= LEAST


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_mark_can_be_seen(scheme: str) -> None:
    for ground in GROUNDS:
        colour = colours(scheme)[ground]
        assert contrast(colour, marked(colour)) > 1.1

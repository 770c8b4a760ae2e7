"""Larger type and more contrast on the citizens' pages: remembered, without a script, readable in numbers."""

import re
from pathlib import Path

import agent_console
from tests.factories import City
from tests.integration.console.test_citizens import Citizen, _is_sound, citizen  # noqa: F401 - a fixture
from tests.integration.console.test_writing import MATTER, asked, form

CSS = (Path(agent_console.__file__).parent / "static" / "citizens.css").read_text(encoding="utf-8")
PAIRS = (
    ("ink", "page"),
    ("ink", "box"),
    ("link", "page"),
    ("link", "box"),
    ("wrong", "page"),
    ("on-ink", "ink"),
)
ENHANCED = 7.0
"""WCAG 2.2, success criterion 1.4.6: contrast of text, level AAA."""


def test_the_look_is_remembered_on_every_page_and_after_the_session(citizen: Citizen, city: City) -> None:  # noqa: F811
    page = citizen.client.get("/progress/").text
    assert '<html lang="zh-CN">' in page
    assert 'value="large">大字' in page
    assert citizen.post("/progress/look", look="large.high", next="citizens.ask").status_code == 302
    assert 'class="large high"' in citizen.open(city.signed())
    citizen.client.delete_cookie("minsheng")
    page = citizen.client.get("/write/").text
    _is_sound(page)
    assert 'class="large high"' in page
    assert 'value="high" form="matter"' in page, "one press less large"
    citizen.post("/progress/look", look="")
    assert '<html lang="zh-CN">' in citizen.client.get("/write/").text


def test_what_was_typed_goes_along_and_can_still_be_sent(citizen: Citizen, city: City) -> None:  # noqa: F811
    typed = form(citizen)
    answer = citizen.post("/write/look", **typed, look="large")
    assert 'class="large"' in answer.text
    assert 'class="error"' not in answer.text
    for words in MATTER.values():
        assert words in answer.text
    assert citizen.post("/write/", **{**typed, **asked(answer.text)}).status_code == 200


def test_strange_looks_and_places_are_passed_over(citizen: Citizen) -> None:  # noqa: F811
    answer = citizen.post("/progress/look", look='"><script>.high', next="https://elsewhere.example/")
    assert answer.location == "/progress/"
    assert 'class="high"' in citizen.client.get("/progress/").text


def test_every_palette_has_contrast_enough() -> None:
    palettes = [
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block)) for block in re.findall(r"{([^{}]+)}", CSS)
    ]
    found = [palette for palette in palettes if "page" in palette]
    assert len(found) == 3, "by day, by night, and chosen"
    for palette in found:
        for one, other in PAIRS:
            assert contrast(palette[one], palette[other]) >= ENHANCED, (one, other, palette)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

"""The wall on its screens: all of it is there without scrolling, it renews itself, and f is full screen."""

import pytest
from playwright.sync_api import expect

from hotline.calls import service as calls
from hotline.calls.models import SeatState
from hotline.calls.seats import seat_changed
from tests.e2e.conftest import Enter
from tests.factories import CITIZEN, City

SCREENS = ((1920, 1080), (1366, 768))
OUT_OF_SIGHT = """
() => [...document.querySelectorAll(".wall :is(.value, .says, .name), .wall-group, .wall-titles, .wall-time")]
  .filter((part) => {
    const own = part.getBoundingClientRect();
    const frame = (part.closest(".wall-tile") ?? document.documentElement).getBoundingClientRect();
    const beside = own.left < frame.left - 1 || own.right > frame.right + 1;
    return beside || own.top < frame.top - 1 || own.bottom > Math.min(frame.bottom + 1, innerHeight);
  })
  .map((part) => part.outerHTML.slice(0, 120))
"""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_wall_fits_its_screen_and_renews_itself(
    city: City, console: str, enter: Enter, language: str
) -> None:
    seat_changed(city.context, "1001", SeatState.PAUSED, "meal")
    boss = enter(console, city.supervisor.name)
    if language == "en":
        boss.page.locator(".me summary").click()
        boss.press("English")
    boss.open("/board/wall")
    calls.open_call(city.context, "1763768100.9", CITIZEN, "12345")
    calls.leg_started(city.context, "1763768100.9", "1763768100.9", "PJSIP/trunk-00000009")
    calls.call_queued(city.context, "1763768100.9")
    expect(boss.page.locator("#wall-waiting .value")).to_have_text("1")
    for width, height in SCREENS:
        boss.page.set_viewport_size({"width": width, "height": height})
        assert boss.page.evaluate(OUT_OF_SIGHT) == []
    boss.page.keyboard.press("f")
    expect(boss.page.locator("[data-full-screen]")).to_have_attribute("aria-pressed", "true")
    boss.page.keyboard.press("f")
    expect(boss.page.locator("[data-full-screen]")).to_have_attribute("aria-pressed", "false")
    assert boss.complaints == []

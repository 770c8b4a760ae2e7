"""A day of another look on the pages: set, listed when it has come, recorded."""

from datetime import timedelta

from hotline.rechecks.service import tell_due
from tests.factories import City, FixedClock
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import _is_sound, number_of

WHAT = "围挡是否拆除"


def test_from_the_day_to_its_finding(browser: Browser, city: City, clock: FixedClock) -> None:
    ticket_id = city.signed()
    number = number_of(city, ticket_id)
    today = city.context.now().astimezone(city.context.settings.zone).date()
    day = today + timedelta(days=2)
    browser.sign_in(city.handler)
    address = f"/tickets/{number}/recheck"
    assert browser.post(address, day="", what=WHAT).status_code == 422
    refused = browser.post(address, day=today.isoformat(), what=WHAT)
    assert (refused.status_code, "复查日要在明天以后" in refused.text, WHAT in refused.text) == (
        409,
        True,
        True,
    )
    assert (
        browser.post(address, day=day.isoformat(), what=WHAT, back="replies.unit_queue").location == "/unit"
    )
    page = browser.get(f"/tickets/{number}")
    _is_sound(page, "zh")
    assert f"复查日 {day:%m-%d}" in page
    city.reply(ticket_id)
    assert number not in browser.get("/unit")
    clock.advance(days=2)
    tell_due(city.context)
    browser.sign_in(city.handler)
    listed = browser.get("/unit")
    assert number in listed
    assert "到了复查日，请复查并记录" in listed
    page = browser.get(f"/tickets/{number}")
    _is_sound(page, "zh")
    assert WHAT in page
    looked = f"{address}/looked"
    refused = browser.post(looked, mended="no", found="还在")
    assert (refused.status_code, 'id="next_day-error"' in refused.text) == (409, True)
    assert browser.post(looked, mended="yes", found="已拆除").status_code == 302
    assert number not in browser.get("/unit")
    page = browser.get(f"/tickets/{number}")
    for words in ("定下复查日", "到了复查日", "已拆除", "已整改到位"):
        assert words in page
    assert browser.post(looked, mended="yes", found="再看").status_code == 409

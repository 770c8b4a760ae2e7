"""What board and desk say of exchanges that are away, or about to be stopped."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.calls.machines import Closing, pbx_seen
from tests.factories import City, FixedClock
from tests.integration.console.conftest import Browser

LINKEDID = "1763768000.1"


def test_the_board_says_which_exchange_is_away(browser: Browser, city: City, clock: FixedClock) -> None:
    browser.sign_in(city.agent)
    pbx_seen(city.context, up=True)
    assert 'id="away-' not in browser.get("/board/")
    pbx_seen(city.context, up=False)
    page = browser.get("/board/live")
    assert "断开，正在自动恢复" in page
    assert 'id="away-pbx"' in page
    pbx_seen(city.context, up=True)
    clock.advance(seconds=16)
    assert "起没有消息" in browser.get("/board/live")


def test_where_there_are_several_exchanges_the_board_says_that_one_alone_takes_no_calls(
    browser: Browser, city: City
) -> None:
    browser.sign_in(city.agent)
    for name, up in (("east", True), ("west", False)):
        there = city.context.settings.model_copy(update={"pbx_name": name})
        pbx_seen(replace(city.context, settings=there), up)
    page = browser.get("/board/live")
    assert 'id="away-west"' in page
    assert "这一台没有电话进出" in page
    assert "电话打不进来" not in page


@pytest.mark.parametrize("page", ["/board/live", "/board/wall/live", "/desk/closing"])
def test_pages_say_that_the_hotline_is_about_to_be_stopped(
    browser: Browser, city: City, clock: FixedClock, page: str
) -> None:
    """Counted as it goes on; gone with Ctrl+C, or a moment after whoever said so is gone without a word."""
    browser.sign_in(city.agent)
    until = lambda: clock.now() + timedelta(seconds=10)  # noqa: E731
    pbx_seen(city.context, True, Closing(until(), 3))
    assert "热线正在停止：不再接新来电，还有 3 个通话" in browser.get(page)
    pbx_seen(city.context, True, Closing(until(), 2))
    assert "还有 2 个通话" in browser.get(page)
    pbx_seen(city.context, True)
    assert "热线正在停止" not in browser.get(page)
    pbx_seen(city.context, True, Closing(until(), 2))
    clock.advance(seconds=11)
    assert "热线正在停止" not in browser.get(page)


def test_the_desk_asks_again_while_the_notice_stands(browser: Browser, city: City, clock: FixedClock) -> None:
    browser.sign_in(city.agent)
    assert 'hx-trigger="live:pbxs from:body"' in browser.get("/desk/")
    pbx_seen(city.context, True, Closing(clock.now() + timedelta(seconds=10), 1))
    page = browser.get("/desk/")
    assert 'hx-trigger="live:pbxs from:body, every 5s"' in page
    assert 'id="closing-pbx"' in page

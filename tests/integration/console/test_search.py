"""The search page: one field, three kinds of answers, conditions, pages."""

from agent_console.search.excerpts import excerpt
from tests.factories import CITIZEN, City
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import number_of


def test_words_find_tickets_and_are_marked(browser: Browser, city: City) -> None:
    number = number_of(city, city.registered())
    browser.sign_in(city.agent)
    page = browser.get("/search?q=没有水")
    assert f'href="/tickets/{number}"' in page
    assert "三楼以上早晚<mark>没有水</mark>" in page
    assert f'href="/tickets/{number}"' in browser.get(f"/search?q={CITIZEN}")
    assert f'href="/tickets/{number}"' in browser.get("/search?q=&state=open")
    assert "没有找到" in browser.get("/search?q=没有水&state=ended")
    assert "没有找到" in browser.get("/search?q=<script>")
    assert "想找什么" in browser.get("/search?q=")


def test_a_condition_that_is_none_is_told_and_the_words_stay(browser: Browser, city: City) -> None:
    browser.sign_in(city.agent)
    for wrong in ("since=2026-13-40", "department=x", "category=nothing", f"q={'水' * 101}"):
        page = browser.get(f"/search?q=没有水&{wrong}" if "q=" not in wrong else f"/search?{wrong}")
        assert "有的条件填写不对" in page
        assert 'value="没有水"' in page or "水水水" in page
    for odd in ("until=9999-12-31", "page=-3", "page=x", "page=99999999999999999999", "in=nothing"):
        assert "搜索" in browser.get(f"/search?q=没有水&{odd}")


def test_a_department_is_found_with_its_people(browser: Browser, city: City) -> None:
    browser.sign_in(city.agent)
    assert "水务局" in browser.get("/search?q=水务&in=people")
    assert "没有名称里有这些字" in browser.get("/search?q=火星&in=people")


def test_an_excerpt_shows_why() -> None:
    long = "甲" * 100 + "路灯坏了" + "乙" * 200
    assert excerpt(long, "没有 路灯") == "…" + "甲" * 40 + "路灯坏了" + "乙" * 76 + "…"
    assert excerpt("路灯坏了", "路灯") == "路灯坏了"
    assert excerpt("", "路灯") == ""

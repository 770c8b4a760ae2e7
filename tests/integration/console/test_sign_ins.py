"""The page of one's own sign-ins, and what ends them."""

import re
from pathlib import Path

import pytest
from flask import Flask

from agent_console.account.programs import program_words
from hotline.context import Context
from hotline.database import Database
from tests.factories import PASSWORD, City, FakeTelephone, FixedClock, make_context
from tests.integration.console.conftest import Browser

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def test_one_sees_and_ends_ones_other_places(
    browser: Browser, app: Flask, city: City, telephone: FakeTelephone
) -> None:
    other = Browser(app)
    other.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    other.client.environ_base["REMOTE_ADDR"] = "10.1.0.7"
    other.sign_in(city.agent)
    assert other.client.get("/desk/phone").status_code == 200
    page = browser.sign_in(city.agent).get("/account/sign-ins")
    assert "Firefox, Windows" in page
    assert "10.1.0.7" in page
    assert page.count("就在这里") == 1
    which = re.findall(r'name="which" value="(\d+)"', page)
    assert browser.post("/account/sign-ins/end", which="x").status_code == 404
    assert len(which) == 1
    browser.post("/account/sign-ins/end", which=which[0])
    assert other.client.get("/desk/").status_code == 302
    assert telephone.asked[-1] == ("take_account", "1001", "browser")
    assert browser.client.get("/desk/phone").status_code == 200


def test_a_new_password_ends_the_other_places_and_not_this_one(
    browser: Browser, app: Flask, city: City
) -> None:
    other = Browser(app).sign_in(city.agent)
    browser.sign_in(city.agent)
    browser.post("/account/password", old=PASSWORD, new="another one 1", again="another one 1")
    assert browser.get("/desk/")
    assert other.client.get("/desk/").status_code == 302


def test_a_copied_cookie_is_worth_nothing_after_signing_out(browser: Browser, app: Flask, city: City) -> None:
    browser.sign_in(city.agent)
    kept = browser.client.get_cookie("minsheng")
    assert kept is not None
    thief = Browser(app)
    thief.client.set_cookie("minsheng", kept.value)
    assert thief.get("/desk/")
    browser.post("/sign-out")
    assert thief.client.get("/desk/").status_code == 302


class TestIdleness:
    """A sign-in ends four hours after its last use."""

    @pytest.fixture
    def context(self, sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> Context:
        return make_context(sqlite_database, clock, tmp_path, session_idle_minutes=240)

    def test_pages_use_it_and_the_wall_does_but_not_what_pages_fetch(
        self, app: Flask, city: City, clock: FixedClock
    ) -> None:
        reader, fetcher, wall = (Browser(app).sign_in(city.supervisor) for _ in range(3))
        for _ in range(2):
            clock.advance(hours=3)
            reader.client.get("/board/", headers={"Accept": "text/html"})
            fetcher.client.get("/board/", headers={"Accept": "text/html", "HX-Request": "true"})
            wall.client.get("/board/wall/live", headers={"HX-Request": "true"})
        left = [one.client.get("/board/").status_code for one in (reader, fetcher, wall)]
        assert left == [200, 302, 200]


def test_browsers_are_named_as_people_name_them() -> None:
    assert program_words(FIREFOX) == "Firefox, Windows"
    edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
    assert program_words(edge) == "Edge, Windows"
    phone = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
    assert program_words(phone) == "Chrome, Android"
    assert program_words("curl/8.0") == "curl/8.0"
    assert program_words("") == ""

"""First steps: what the administrator sees of a hotline that is being set up."""

import re

import pytest

from agent_console.app import create_app
from hotline.checking import Finding
from hotline.context import Context
from hotline.people.actors import Actor, Role
from hotline.people.service import choose_language
from tests.factories import City, FakeTelephone, department, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import CHINESE, NOT_OURS


@pytest.fixture
def administrator(city: City) -> Actor:
    return user(city.context, city.hotline_id, Role.ADMINISTRATOR, username="root")


def test_open_steps_are_told_and_done_ones_folded(browser: Browser, city: City, administrator: Actor) -> None:
    department(city.context, "parks", "园林局")
    page = browser.sign_in(administrator).get("/setup/")
    told, folded = page.split('<details class="more">', 1)
    assert "园林局" in told, "it has neither handler nor reviewer"
    assert "水务局" not in page.split('id="city-title"', 1)[1]
    assert re.search(r'id="step-trunk"', told)
    assert 'href="/people/"' in told
    assert 'href="/call-plan/"' not in told, "which is not the administrator's page"
    assert 'id="step-holidays"' in folded


def test_the_machine_is_looked_over_when_it_is_asked_for(context: Context, administrator: Actor) -> None:
    found = [
        Finding("database", True, "sqlite at revision 0099"),
        Finding("prompts", False, "not spoken yet: zh/greeting", "run: hotline setup"),
        Finding("process web", True, "running"),
    ]
    asked: list[int] = []

    def look() -> list[Finding]:
        asked.append(1)
        return found

    browser = Browser(create_app(context, FakeTelephone(), checks=look)).sign_in(administrator)
    browser.get("/setup/")
    assert not asked, "the page does not wait for it"
    told, folded = browser.get("/setup/machine").split("<details", 1)
    assert "语音提示" in told
    assert "not spoken yet: zh/greeting" in told
    assert "hotline setup" in told
    assert "数据库" in folded
    assert "进程 web" in folded


def test_a_console_without_checks_says_where_to_look(browser: Browser, administrator: Actor) -> None:
    assert "hotline check" in browser.sign_in(administrator).get("/setup/machine")


def test_the_steps_are_for_administrators(browser: Browser, city: City, all_rounder: Actor) -> None:
    browser.sign_in(all_rounder)
    assert {browser.client.get(path).status_code for path in ("/setup/", "/setup/machine")} == {403}


def test_the_steps_are_told_in_english(browser: Browser, context: Context, administrator: Actor) -> None:
    assert administrator.user_id
    choose_language(context, administrator.user_id, "en")
    page = NOT_OURS.sub("", browser.sign_in(administrator).get("/setup/")).replace("热线中心", "")
    assert not CHINESE.search(page), CHINESE.findall(page)

"""Who has no list of their own is told what they find here, and whom to ask."""

import pytest

from hotline.people.actors import Role
from hotline.people.service import choose_language
from tests.factories import City, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import CHINESE, NOT_OURS, _is_sound


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.ASSESSOR, "第三方评估单位"),
        (Role.PUBLISHER, "对外发布"),
        (Role.ANALYST, "报表和专题"),
    ],
)
def test_a_role_without_a_list_has_a_home_page(browser: Browser, city: City, role: Role, words: str) -> None:
    someone = user(city.context, city.hotline_id, role, username="someone")
    boss = user(city.context, city.hotline_id, Role.ADMINISTRATOR, username="boss")
    browser.sign_in(someone)
    assert browser.client.get("/").location == "/welcome"
    page = browser.get("/welcome")
    _is_sound(page, "zh")
    for told in (words, "首页", 'href="/policy/"', 'href="/services/"', 'href="/help/"', boss.name):
        assert told in page
    assert someone.user_id
    choose_language(city.context, someone.user_id, "en")
    english = NOT_OURS.sub("", browser.get("/welcome")).replace(boss.name, "").replace(someone.name, "")
    assert not CHINESE.search(english)


def test_who_has_lists_begins_there(browser: Browser, city: City) -> None:
    page = browser.sign_in(city.handler).get("/unit")
    assert 'href="/welcome"' not in page

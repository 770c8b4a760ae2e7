"""Splitting in the console: the form, what is refused beside its field, and links on both tickets."""

import re

from hotline.people.actors import Role
from hotline.sealing.service import refer_lead
from tests.factories import City, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import number_of

OTHER = {
    "other": "楼下烧烤店半夜吵闹。",
    "more": "夜间不再吵闹",
    "other_type": "complaint",
    "other_category": "water.pressure",
}


def split_number(page: str) -> str:
    """The number in the sentence that the page says about the new ticket."""
    found = re.search(r"已分出工单 (\w{17})，查询码 (\w{8})", page)
    assert found, page[:2000]
    return found[1]


def test_a_second_matter_gets_its_own_ticket(browser: Browser, city: City) -> None:
    ticket_id = city.registered()
    number = number_of(city, ticket_id)
    browser.sign_in(city.screener)
    assert f"/tickets/{number}/split" in browser.get(f"/tickets/{number}")
    assert "恢复正常水压" in browser.get(f"/tickets/{number}/split")
    answer = browser.post(f"/tickets/{number}/split", **OTHER)
    assert answer.status_code == 302
    page = browser.get(f"/tickets/{number}")
    other = split_number(page)
    assert page.count(other) >= 3, "said, linked, and in the history"
    page = browser.get(f"/tickets/{other}")
    assert (OTHER["other"] in page, number in page, "从另一件工单分出" in page) == (True, True, True)


def test_what_is_missing_is_said_and_what_was_typed_stays(browser: Browser, city: City) -> None:
    number = number_of(city, city.registered())
    browser.sign_in(city.screener)
    answer = browser.post(f"/tickets/{number}/split", **{**OTHER, "other": ""})
    assert (answer.status_code, "请写明另一件事的经过" in answer.text) == (422, True)
    assert "夜间不再吵闹" in answer.text
    answer = browser.post(f"/tickets/{number}/split", **{**OTHER, "more": ""})
    assert (answer.status_code, "还缺：具体诉求。" in answer.text) == (409, True)
    assert OTHER["other"] in answer.text


def test_others_have_no_way_to_split(browser: Browser, city: City) -> None:
    number = number_of(city, city.registered())
    for actor in (city.dispatcher, city.handler, user(city.context, city.hotline_id, Role.AGENT)):
        browser.sign_in(actor)
        assert browser.client.get(f"/tickets/{number}/split").status_code == 403
        answer = browser.post(f"/tickets/{number}/split", **OTHER)
        assert answer.status_code in (403, 409)
        browser.post("/sign-out")
    browser.sign_in(city.agent)
    assert browser.post(f"/tickets/{number}/split", **OTHER).status_code == 302


def test_a_lead_is_no_link_for_those_who_may_not_read_it(browser: Browser, city: City) -> None:
    ticket_id = city.registered()
    number = number_of(city, ticket_id)
    browser.sign_in(city.screener)
    browser.post(f"/tickets/{number}/split", **OTHER)
    other = split_number(browser.get(f"/tickets/{number}"))
    refer_lead(city.context.acting_as(city.screener), ticket_id)
    page = browser.get(f"/tickets/{other}")
    assert f'/tickets/{number}"' not in page
    assert browser.client.get(f"/tickets/{number}/split").status_code == 403

"""The page of harassing callers: two people, masked numbers, and alarms for supervisors."""

import re

import pytest
from flask import Flask

from hotline.calls.service import open_call
from hotline.harassment.service import is_barred
from hotline.line_security.service import bad_registrations
from hotline.people.actors import Role
from tests.factories import City, user
from tests.integration.console.conftest import Browser

NUMBER, MASKED = "13900009999", "139****9999"


@pytest.fixture
def call_id(city: City) -> int:
    return open_call(city.context, "1.1", NUMBER, "12345").call_id


def propose(browser: Browser, call_id: int, **fields: object):  # type: ignore[no-untyped-def]
    words = {"number": NUMBER, "reason": "abuse", "details": "辱骂", "calls": call_id, "days": 7} | fields
    return browser.post("/harassment/", **words)


def deeds(page: str) -> list[str]:
    return re.findall(r'action="(/harassment/\d+/\w+)"', page)


def test_an_agent_proposes_and_a_supervisor_approves_and_revokes(
    browser: Browser, app: Flask, city: City, call_id: int
) -> None:
    browser.sign_in(city.agent)
    assert f'value="{call_id}"' in browser.get(f"/harassment/?number={NUMBER}")
    assert propose(browser, call_id).status_code == 302
    page = browser.get("/harassment/")
    assert MASKED in page
    assert NUMBER not in page
    assert deeds(page) == []
    assert browser.post("/harassment/1/approve").status_code == 403

    supervisor = Browser(app).sign_in(city.supervisor)
    assert deeds(supervisor.get("/harassment/")) == ["/harassment/1/approve", "/harassment/1/reject"]
    assert supervisor.post("/harassment/1/approve").status_code == 302
    assert is_barred(city.context, NUMBER)
    assert supervisor.post("/harassment/1/approve").status_code == 409
    assert deeds(supervisor.get("/harassment/")) == ["/harassment/1/revoke"]
    assert supervisor.post("/harassment/1/revoke", note="").status_code == 409
    assert supervisor.post("/harassment/1/revoke", note="本人道歉").status_code == 302
    assert not is_barred(city.context, NUMBER)
    page = supervisor.get("/harassment/")
    assert "本人道歉" in page
    assert NUMBER not in page


def test_a_number_is_found_however_it_was_typed(browser: Browser, city: City, call_id: int) -> None:
    browser.sign_in(city.agent)
    wide = NUMBER.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    assert f'value="{call_id}"' in browser.get(f"/harassment/?number={wide}%20")


def test_what_is_no_number_is_called_so(browser: Browser, city: City) -> None:
    browser.sign_in(city.agent)
    page = browser.get("/harassment/?number=abc")
    assert "这不是一个电话号码" in page
    assert "近 30 天没有这个号码的来电" not in page


def test_nobody_decides_on_their_own_proposal(browser: Browser, city: City, call_id: int) -> None:
    both = user(city.context, city.hotline_id, Role.AGENT, Role.SUPERVISOR)
    browser.sign_in(both)
    propose(browser, call_id)
    assert deeds(browser.get("/harassment/")) == []
    answer = browser.post("/harassment/1/approve")
    assert answer.status_code == 409
    assert "不能自己审批" in answer.text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"reason": "annoying"}, 422),
        ({"days": 91}, 422),
        ({"days": "x"}, 422),
        ({"details": ""}, 422),
        ({"calls": 999}, 422),
        ({"calls": []}, 409),
        ({"number": "nobody", "calls": []}, 409),
    ],
)
def test_what_is_wrong_is_said_and_nothing_proposed(
    browser: Browser, city: City, call_id: int, fields: dict[str, object], status: int
) -> None:
    browser.sign_in(city.agent)
    answer = propose(browser, call_id, **fields)
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert MASKED not in browser.get("/harassment/")


def test_supervisors_see_alarms_of_the_line_until_they_have_seen_to_them(
    browser: Browser, app: Flask, city: City
) -> None:
    bad_registrations(city.context, "203.0.113.7", 10)
    assert "203.0.113.7" not in browser.sign_in(city.agent).get("/harassment/")
    supervisor = Browser(app).sign_in(city.supervisor)
    assert "203.0.113.7" in supervisor.get("/harassment/")
    assert supervisor.post("/harassment/alarms/1/seen").status_code == 302
    assert "203.0.113.7" not in supervisor.get("/harassment/")


def test_the_page_is_for_the_hotlines_people(browser: Browser, city: City) -> None:
    browser.sign_in(city.handler)
    assert browser.client.get("/harassment/").status_code == 403


def test_it_reads_in_english(browser: Browser, city: City, call_id: int, language: str, all_rounder) -> None:  # type: ignore[no-untyped-def]
    browser.sign_in(all_rounder)
    propose(browser, call_id, details="shouts")
    page = browser.get(f"/harassment/?number={NUMBER}")
    assert ("Harassing callers" in page) is (language == "en")


def test_a_barred_number_is_taken_off_the_list_in_words_of_a_deed(
    browser: Browser, app: Flask, city: City, call_id: int
) -> None:
    propose(browser.sign_in(city.agent), call_id)
    supervisor = Browser(app).sign_in(city.supervisor)
    supervisor.post("/harassment/1/approve")
    assert "移出名单" in supervisor.get("/harassment/")
    supervisor.post("/language", language="en", next="/")
    page = supervisor.get("/harassment/")
    assert "Take off the list" in page
    assert "calls named: 1" in page

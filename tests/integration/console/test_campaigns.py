"""Campaigns in the console: chosen, opened, followed and closed; who reads what."""

import re

import pytest

from hotline.campaigns.queries import Chosen, Progress, progress_of
from hotline.campaigns.rules import Kind
from hotline.campaigns.service import CampaignForm, open_campaign
from hotline.people.actors import Actor, Role
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, State
from tests.factories import City, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import _is_sound, number_of

FIELDS = {"kind": "clearing", "title": "清理超期漏水件", "due_on": "2020-05-08", "holder_id": "0"}


def put(city: City, ticket_id: int, **values: object) -> None:
    with city.context.writing() as session:
        for name, value in values.items():
            setattr(session.get_one(Ticket, ticket_id), name, value)


def opened(city: City, wanted: Chosen) -> int:
    form = CampaignForm(Kind.LOOK_ALIKE, "排查同类管网", city.water_id, city.context.now().date())
    return open_campaign(city.context.acting_as(city.supervisor), form, wanted)


def test_from_filter_to_summary(browser: Browser, city: City) -> None:
    water, waiting = city.signed(), city.accepted()
    mine, other = number_of(city, water), number_of(city, waiting)
    browser.sign_in(city.supervisor)
    sent = {**FIELDS, "department_id": city.water_id, "state": "handling"}
    shown = browser.post("/campaigns/new", **sent, preview="1")
    assert (shown.status_code, mine in shown.text, other in shown.text) == (200, True, False)
    assert "清理超期漏水件" in shown.text
    page = browser.post("/campaigns/new", **sent).location
    listed = browser.get("/campaigns/")
    assert ("清理超期漏水件" in listed, "0/1" in listed) == (True, True)
    assert "列入排查或清理" in browser.get(f"/tickets/{mine}")
    put(city, water, state=State.CLOSED)
    assert "1/1" in browser.get(page)
    answer = browser.post(f"{page}/close", summary="")
    assert (answer.status_code, "请写明内容" in answer.text) == (422, True)
    assert browser.post(f"{page}/close", summary="已全部办结").status_code == 302
    assert browser.post(f"{page}/close", summary="再结一次").status_code == 409
    assert "已全部办结" in browser.get(page)


@pytest.mark.parametrize(
    ("wrong", "status", "words"),
    [
        ({}, 409, "请至少填一个条件"),
        ({"place": "没有这个地方"}, 409, "没有符合条件的工单"),
        ({"state": "handling", "due_on": "2020-04-29"}, 409, "完成期限不能早于今天"),
        ({"state": "handling", "title": ""}, 422, "请写明内容"),
        ({"older_than_days": "-1"}, 422, "天数不对"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    browser: Browser, city: City, wrong: dict[str, str], status: int, words: str
) -> None:
    city.signed()
    browser.sign_in(city.supervisor)
    answer = browser.post("/campaigns/new", **{**FIELDS, "department_id": city.water_id, **wrong})
    assert (answer.status_code, words in answer.text) == (status, True)
    assert 'value="2020-0' in answer.text


def test_from_one_ticket_to_all_places_like_it(browser: Browser, city: City) -> None:
    ticket_id = city.signed()
    put(city, ticket_id, street="同安路", complainant_name="王小明")
    number = number_of(city, ticket_id)
    browser.sign_in(city.supervisor)
    assert f"/campaigns/new?source={number}" in browser.get(f"/tickets/{number}")
    form = browser.get(f"/campaigns/new?source={number}")
    assert ('value="同安路"' in form, "王小明" in form) == (True, False)
    sent = {
        **FIELDS,
        "kind": "look_alike",
        "department_id": city.water_id,
        "place": "同安路",
        "source": number,
    }
    page = browser.post("/campaigns/new", **sent, cause="加压泵老化").location
    shown = browser.get(page)
    assert (number in shown, "加压泵老化" in shown) == (True, True)
    assert page in browser.get(f"/tickets/{number}")
    assert browser.post(f"{page}/points", places="福州路泵房\n山东路泵房").status_code == 302
    browser.post("/sign-out")
    browser.sign_in(city.handler)
    point = re.search(rf"{page}/points/\d+", browser.get(page))
    assert point is not None
    answer = browser.post(f"{point.group()}/found", seen_on="2020-04-30", fault="yes", finding="漏水")
    assert (answer.status_code, "请写明整改期限" in answer.text, "漏水" in answer.text) == (409, True, True)
    sent = {"seen_on": "2020-04-30", "fault": "yes", "finding": "漏水", "fix_by": "2020-05-02"}
    assert browser.post(f"{point.group()}/found", **sent).status_code == 302
    assert browser.post(f"{point.group()}/fixed", fixed_on="2020-04-30", measure="").status_code == 422
    assert browser.post(f"{point.group()}/fixed", fixed_on="2020-04-30", measure="换泵").status_code == 302
    assert "计划 2 处，已查 1 处，发现问题 1 处，已整改 1 处。" in browser.get(page)


def test_a_department_reads_its_own_and_others_nothing(browser: Browser, city: City) -> None:
    water, waiting = city.signed(), city.accepted()
    page = f"/campaigns/{opened(city, Chosen(older_than_days=0))}"
    browser.sign_in(city.leader)
    assert "排查同类管网" in browser.get("/campaigns/")
    shown = browser.get(page)
    assert (number_of(city, water) in shown, number_of(city, waiting) in shown) == (True, False)
    assert "0/2" in shown
    for path in ("/campaigns/new", f"{page}/close"):
        assert browser.post(path, summary="x").status_code == 403
    browser.post("/sign-out")
    browser.sign_in(user(city.context, city.police_id, Role.UNIT_REVIEWER))
    assert "排查同类管网" not in browser.get("/campaigns/")
    assert browser.client.get(page).status_code == 404
    browser.post("/sign-out")
    browser.sign_in(city.agent)
    assert browser.client.get(page).status_code == 403


def test_what_is_sealed_is_not_named_shown_or_counted(browser: Browser, city: City) -> None:
    sealed, later, open_one = city.signed(), city.signed(), city.signed()
    put(city, sealed, confidentiality=Confidentiality.SEALED)
    campaign_id = opened(city, Chosen(department_id=city.water_id))
    put(city, later, confidentiality=Confidentiality.SEALED)
    with city.context.reading() as session:
        assert progress_of(session, [campaign_id]) == {campaign_id: Progress(0, 1)}
    browser.sign_in(city.supervisor)
    shown = browser.get(f"/campaigns/{campaign_id}")
    assert number_of(city, open_one) in shown
    assert number_of(city, sealed) not in shown
    assert number_of(city, later) not in shown


def test_the_pages_render_in_both_languages(
    browser: Browser, city: City, all_rounder: Actor, language: str
) -> None:
    city.signed()
    page = f"/campaigns/{opened(city, Chosen(older_than_days=0))}"
    browser.sign_in(all_rounder)
    for path in ("/campaigns/", "/campaigns/new", page):
        _is_sound(browser.get(path), language)

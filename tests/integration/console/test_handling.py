"""A department's record on the pages: visits, what was done in numbers, a reply sent back by its leader."""

import re
from collections.abc import Mapping

import pytest
from flask import Flask

from hotline.people.actors import Actor
from hotline.replies.models import ContactWay
from hotline.replies.queries import draft_reply, visits_of
from hotline.replies.service import record_contact, submit_reply, write_reply
from hotline.review.service import accept_reply
from hotline.tickets.models import Ticket
from hotline.tickets.states import TicketType
from tests.factories import City
from tests.integration.console.conftest import Browser
from tests.integration.console.test_citizens import Citizen
from tests.integration.console.test_pages import _is_sound, number_of

WENT = {"visited_at": "2020-04-30T16:00", "visitors": "供水科 李强", "found": "阀门漏水，已更换"}


def contacted(city: City) -> tuple[int, str]:
    ticket_id = city.signed()
    record_contact(city.context.acting_as(city.handler), ticket_id, ContactWay.PHONE, reached=True)
    return ticket_id, number_of(city, ticket_id)


def written(city: City, ticket_id: int) -> dict[str, str]:
    with city.context.reading() as session:
        (question,) = session.get_one(Ticket, ticket_id).questions
    return {
        f"answer_{question.id}": "水压已恢复到三楼以上",
        "public_text": "加压泵阀门已于 4 月 30 日更换",
        "claim_is_true": "yes",
        "is_solved": "yes",
        "cause": "facility",
    }


def line(at: int, what: str, number: str, unit: str = "lamp") -> dict[str, str]:
    return {f"quantities-{at}-what": what, f"quantities-{at}-number": number, f"quantities-{at}-unit": unit}


def test_a_visit_is_recorded_and_told(browser: Browser, city: City) -> None:
    _ticket_id, number = contacted(city)
    browser.sign_in(city.handler)
    assert browser.post(f"/tickets/{number}/visit", **WENT).status_code == 302
    page = browser.get(f"/tickets/{number}")
    for words in ("已记录现场核查", "供水科 李强", "阀门漏水，已更换", "幸福路 8 号", "已有 1 次"):
        assert words in page


@pytest.mark.parametrize(
    ("wrong", "status", "words"),
    [
        ({"visited_at": ""}, 422, "请选择日期和时间"),
        ({"visited_at": "yesterday"}, 422, "visited_at-error"),
        ({"visitors": ""}, 422, "请写明去现场的人"),
        ({"visitors": "长" * 121}, 422, "visitors-error"),
        ({"found": "x" * 8001}, 422, "found-error"),
        ({"visited_at": "2020-04-30T18:00"}, 409, '"visited_at-error">到现场的时间还没有到'),
        ({"visited_at": "2020-04-29T18:00"}, 409, '"visited_at-error">到现场的时间早于市民反映的时间'),
    ],
)
def test_a_wrong_visit_is_refused_beside_its_field(
    browser: Browser, city: City, wrong: Mapping[str, str], status: int, words: str
) -> None:
    ticket_id, number = contacted(city)
    browser.sign_in(city.handler)
    answer = browser.post(f"/tickets/{number}/visit", **{**WENT, **wrong})
    assert (answer.status_code, words in answer.text) == (status, True)
    assert "found" in wrong or "阀门漏水，已更换" in answer.text, "what was typed stays"
    with city.context.reading() as session:
        assert visits_of(session, ticket_id) == []


def test_what_was_done_is_counted_with_the_reply(browser: Browser, city: City) -> None:
    ticket_id, number = contacted(city)
    browser.sign_in(city.handler)
    lines = {**line(0, "修复路灯", "12"), **line(1, "补发工资", "3,000.50", "yuan"), **line(2, "", "")}
    answer = browser.post(f"/tickets/{number}/reply", **written(city, ticket_id), **lines)
    assert answer.status_code == 302, answer.text
    page = browser.get(f"/tickets/{number}")
    for words in ("修复路灯 12 盏", "补发工资 3,000.5 元", 'value="3000.5"'):
        assert words in page
    browser.post("/sign-out")
    browser.sign_in(city.leader)
    assert "修复路灯 12 盏" in browser.get(f"/unit?open={number}")
    browser.post(f"/tickets/{number}/approve")
    browser.post("/sign-out")
    assert "修复路灯 12 盏" in browser.sign_in(city.reviewer).get(f"/review?open={number}")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (line(0, "修复路灯", "-12"), "不能是负数"),
        (line(0, "修复路灯", "很多"), "请填写数量"),
        (line(0, "修复路灯", ""), "请填写数量"),
        (line(0, "", "12"), "请写明做了什么"),
        (line(0, "长" * 61, "12"), "quantities-0-what-error"),
        (line(0, "修复路灯", "12", "furlong"), "quantities-0-unit-error"),
    ],
)
def test_a_wrong_quantity_is_refused_beside_its_field(
    browser: Browser, city: City, wrong: Mapping[str, str], words: str
) -> None:
    ticket_id, number = contacted(city)
    browser.sign_in(city.handler)
    answer = browser.post(f"/tickets/{number}/reply", **written(city, ticket_id), **wrong)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert "加压泵阀门已于 4 月 30 日更换" in answer.text
    assert wrong["quantities-0-what"] in answer.text
    with city.context.reading() as session:
        assert draft_reply(session, ticket_id) is None


def test_the_leader_sends_a_reply_back_in_words(browser: Browser, city: City) -> None:
    ticket_id, number = contacted(city)
    write_reply(city.context.acting_as(city.handler), ticket_id, city.reply_form(ticket_id))
    browser.sign_in(city.leader)
    assert "退给承办人修改" in browser.get(f"/tickets/{number}")
    answer = browser.post(f"/tickets/{number}/approve/return", return_reason="")
    assert (answer.status_code, "return_reason-error" in answer.text) == (422, True)
    back = {"return_reason": "写明更换的时间", "back": "replies.unit_queue"}
    assert browser.post(f"/tickets/{number}/approve/return", **back).location == "/unit"
    assert "审批回复" not in browser.get(f"/tickets/{number}")
    answer = browser.post(f"/tickets/{number}/approve/return", **back)
    assert (answer.status_code, "没有等审批的回复" in answer.text) == (409, True)
    browser.post("/sign-out")
    browser.sign_in(city.handler)
    assert browser.post(f"/tickets/{number}/approve/return", **back).status_code == 403
    page = browser.get(f"/tickets/{number}")
    for words in ("分管领导退回修改", "写明更换的时间", "水压已恢复，加压泵已更换。"):
        assert words in page
    assert "等分管领导审批；" not in page
    browser.post(f"/tickets/{number}/reply", **written(city, ticket_id))
    assert "等分管领导审批；" in browser.get(f"/tickets/{number}")


def test_the_record_renders_in_both_languages(
    browser: Browser, city: City, all_rounder: Actor, language: str
) -> None:
    ticket_id, number = contacted(city)
    city.visited(ticket_id)
    page = browser.sign_in(all_rounder).get(f"/tickets/{number}")
    _is_sound(page, language)
    assert ("Visit on the spot" if language == "en" else "现场核查") in page


def test_whether_a_suggestion_is_taken_up_is_told_and_counted(
    browser: Browser, app: Flask, city: City
) -> None:
    ticket_id, number = contacted(city)
    browser.sign_in(city.handler)
    assert "建议采纳了吗" not in browser.get(f"/tickets/{number}"), "of suggestions alone"
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).type = TicketType.SUGGESTION
    assert "建议采纳了吗" in browser.get(f"/tickets/{number}")
    sent = written(city, ticket_id)
    answer = browser.post(f"/tickets/{number}/reply", **sent)
    assert (answer.status_code, "请写明是否采纳" in answer.text) == (409, True)
    answer = browser.post(f"/tickets/{number}/reply", **sent, adoption="partly")
    assert (answer.status_code, "请写明理由" in answer.text) == (409, True)
    why = {"adoption": "partly", "adoption_reason": "先换两台泵，其余列入明年计划"}
    assert browser.post(f"/tickets/{number}/reply", **sent, **why).status_code == 302
    browser.post("/sign-out")
    assert "部分采纳" in browser.sign_in(city.leader).get(f"/tickets/{number}")
    submit_reply(city.context.acting_as(city.leader), ticket_id)
    citizen = Citizen(app, city.context)
    assert "部分采纳" not in citizen.open(ticket_id), "not before the hotline has accepted it"
    accept_reply(city.context.acting_as(city.reviewer), ticket_id)
    page = citizen.open(ticket_id)
    assert ("部分采纳" in page, "先换两台泵" in page) == (True, True)
    browser.post("/sign-out")
    browser.sign_in(city.supervisor)
    for days, counts in (("", ["1", "0", "1", "0"]), ("?until=2020-04-29", [])):
        listed = browser.get(f"/supervision/suggestions{days}").partition('id="unit-')[2]
        assert re.findall(r'<td class="number short"[^>]*>(\d+)</td>', listed)[:4] == counts


def test_the_cause_is_chosen_read_and_found(browser: Browser, city: City) -> None:
    ticket_id, number = contacted(city)
    browser.sign_in(city.handler)
    address = f"/tickets/{number}/reply"
    sent = written(city, ticket_id)
    refused = browser.post(address, **{**sent, "cause": ""})
    assert (refused.status_code, 'id="cause-error"' in refused.text) == (422, True)
    assert browser.post(address, **{**sent, "cause": "curse"}).status_code == 422
    assert browser.post(address, **sent).status_code == 302
    assert number in browser.get("/unit?cause=facility")
    assert number not in browser.get("/unit?cause=nature")
    submit_reply(city.context.acting_as(city.leader), ticket_id)
    browser.sign_in(city.reviewer)
    assert "设施老化或损坏" in browser.get(f"/tickets/{number}")
    assert number in browser.get("/review?cause=facility")
    assert number not in browser.get("/review?cause=nature")

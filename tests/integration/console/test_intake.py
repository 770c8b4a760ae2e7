"""The page on which matters are written in, and the receipt."""

import re

from flask import Flask

from hotline.people.actors import Role
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from tests.factories import City, user
from tests.integration.console.conftest import Browser

FORM = {
    "channel": "SJ",
    "source_number": "省办〔2020〕18 号",
    "received_at": "2020-04-30T09:00",
    "type": "help",
    "category_code": "water.pressure",
    "description": "三楼以上没有水",
    "demands": "恢复供水\n说明原因",
    "district": "城关区",
    "complainant_name": "李四",
    "complainant_phone": "13800001234",
    "complainant_kind": "person",
    "confidentiality": "normal",
    "urgency": "normal",
}


def key_of(page: str) -> str:
    found = re.search(r'name="key"[^>]*value="([0-9a-f]{32})"', page)
    assert found is not None
    return found[1]


def tickets(city: City) -> list[Ticket]:
    with city.context.reading() as session:
        return list(session.query(Ticket).order_by(Ticket.id))


def test_what_is_handed_down_gets_a_receipt_to_print(browser: Browser, city: City) -> None:
    browser.sign_in(city.agent)
    key = key_of(browser.get("/intake/"))
    answer = browser.post("/intake/", **FORM, key=key)
    (ticket,) = tickets(city)
    assert (answer.status_code, answer.location) == (302, f"/intake/receipt/{ticket.number}")
    page = browser.get(answer.location)
    for words in (ticket.number or "", ticket.query_code or "", "上级交办", "省办〔2020〕18 号"):
        assert words in page
    assert "不给市民回执" in page
    for personal in ("李四", "13800001234", "三楼以上"):
        assert personal not in page
    assert browser.post("/intake/", **FORM, key=key).location == answer.location
    assert len(tickets(city)) == 1
    other = browser.post("/intake/", **{**FORM, "description": "井盖松动", "source_number": "19"}, key=key)
    assert (other.status_code, "改动后的内容没有保存" in other.text) == (409, True)
    again = {**FORM, "description": "井盖松动", "source_number": "19", "key": key_of(other.text)}
    assert browser.post("/intake/", **again).status_code == 302
    assert [one.description for one in tickets(city)] == [FORM["description"], "井盖松动"]
    page = browser.get(f"/tickets/{ticket.number}")
    assert "上级交办" in page
    assert "来源编号 省办〔2020〕18 号" in page


def test_refusals_stand_next_to_their_fields_and_nothing_is_lost(browser: Browser, city: City) -> None:
    browser.sign_in(city.agent)
    key = key_of(browser.get("/intake/"))
    for change, field, words in (
        ({"received_at": "2020-05-01T09:00"}, "received_at", "收到时间不能晚于现在"),
        ({"received_at": "2020-04-29T09:00"}, "late_reason", "请写明补录原因"),
        ({"received_at": "soon"}, "received_at", ""),
        ({"received_at": "0001-01-01T00:00", "late_reason": "很久"}, "received_at", "年份不对"),
        ({"occurred_at": "0001-01-01T00:00"}, "occurred_at", "年份不对"),
        ({"source_number": ""}, "source_number", "请填写来源编号"),
        ({"source_number": "9" * 81}, "source_number", ""),
        ({"channel": "DH"}, "channel", ""),
        ({"demands": ""}, "demands", "请填写"),
    ):
        answer = browser.post("/intake/", **{**FORM, **change}, key=key)
        assert answer.status_code in (409, 422)
        error = re.search(rf'id="{field}-error">([^<]+)<', answer.text)
        assert error is not None, (field, answer.text)
        assert words in error[1]
        for typed in ("三楼以上没有水", "李四", key):
            assert typed in answer.text
    assert tickets(city) == []


def test_a_draft_is_finished_at_the_desk(browser: Browser, city: City) -> None:
    browser.sign_in(city.agent)
    key = key_of(browser.get("/intake/"))
    answer = browser.post("/intake/", **{**FORM, "demands": ""}, key=key, deed="draft")
    (ticket,) = tickets(city)
    assert (answer.location, ticket.state) == (f"/desk/?draft={ticket.id}", State.DRAFT)
    assert f"draft={ticket.id}" in browser.get("/intake/")
    assert "三楼以上没有水" in browser.get(answer.location)
    page = browser.post(f"/desk/draft/{ticket.id}/register", **FORM).text
    (ticket,) = tickets(city)
    assert ticket.state is State.REGISTERED
    assert f"/intake/receipt/{ticket.number}" in page


def test_a_receipt_is_for_whoever_wrote_it_in(app: Flask, browser: Browser, city: City) -> None:
    browser.sign_in(city.agent)
    where = browser.post("/intake/", **FORM, key=key_of(browser.get("/intake/"))).location
    other = user(city.context, city.hotline_id, Role.AGENT)
    assert Browser(app).sign_in(other).client.get(where).status_code == 404
    assert Browser(app).sign_in(city.dispatcher).client.get("/intake/").status_code == 403


def test_a_number_of_the_other_side_tells_nobody_who_the_citizen_is(browser: Browser, city: City) -> None:
    browser.sign_in(city.agent)
    fields = {**FORM, "source_number": "转 13812345678", "key": key_of(browser.get("/intake/"))}
    browser.post("/intake/", **fields)
    (ticket,) = tickets(city)
    assert "13812345678" in browser.get(f"/tickets/{ticket.number}")
    browser.post("/sign-out")
    page = browser.sign_in(city.supervisor).get(f"/tickets/{ticket.number}")
    assert "来源编号" in page
    assert "13812345678" not in page

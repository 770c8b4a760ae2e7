"""Supervision in the console: the office's list, the director's decision, the department's answer."""

import re

import pytest

from hotline.people.actors import Actor, Role
from hotline.presence.service import enter
from hotline.supervision.alarms import tell_late
from hotline.supervision.rules import Kind, Level
from hotline.supervision.service import decide, order, propose
from hotline.supervision.watching import watch
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality
from tests.factories import CITIZEN, City, FixedClock, local, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import _is_sound, number_of
from tests.integration.units import Units


def test_from_proposal_to_end(browser: Browser, city: City) -> None:
    director, ticket_id = Units.of(city).director, city.signed()
    number = number_of(city, ticket_id)
    browser.sign_in(city.supervisor)
    assert "提出督办" in browser.get(f"/tickets/{number}")
    answer = browser.post(f"/tickets/{number}/supervision/propose", reason="")
    assert (answer.status_code, "请写明内容" in answer.text) == (422, True)
    assert browser.post(f"/tickets/{number}/supervision/propose", reason="无进展").status_code == 302
    enter(city.context.acting_as(city.reviewer), ticket_id)
    page = browser.get("/supervision")
    assert ("待主任审批" in page, f"{city.reviewer.name} 打开着" in page) == (True, True)
    kept = browser.post("/lists/supervision.listed/filters/new?level=L2", name="通知单")
    assert kept.location == "/supervision?level=L2"
    answer = browser.post(f"/tickets/{number}/supervision/propose", reason="再督办一次")
    assert (answer.status_code, "级别只升不降" in answer.text) == (409, True)
    browser.post("/sign-out")
    browser.sign_in(director)
    answer = browser.post(f"/tickets/{number}/supervision/decide", verdict="drop", reason="")
    assert (answer.status_code, "请写明内容" in answer.text) == (409, True)
    assert browser.post(f"/tickets/{number}/supervision/decide", verdict="issue").status_code == 302
    page = browser.get("/supervision?level=L2")
    assert ("督〔2020〕0001号" in page, "督办通知单（L2）</summary>" in page) == (True, True)
    four = browser.get(f"/tickets/{number}").split('id="stages"')[1].split("</ol>")[0]
    assert "监督进行中·L2" in re.sub(r"<[^>]+>|\s+", "", four)
    assert number not in browser.get("/supervision?level=L3")
    assert number not in browser.get("/supervision?due=overdue")
    assert "没有符合条件的工单" in browser.get("/instructions?q=没有水")
    assert number in browser.get(f"/supervision?department={city.water_id}&level=nonsense")
    browser.post("/sign-out")
    browser.sign_in(city.leader)
    assert number in browser.get("/supervision/unit")
    assert "提交督办答复" in browser.get(f"/tickets/{number}")
    assert browser.post(f"/tickets/{number}/supervision/answer", answer="已更换水泵").status_code == 302
    assert number not in browser.get("/supervision/unit")
    browser.post("/sign-out")
    browser.sign_in(city.supervisor)
    assert "已更换水泵" in browser.get(f"/tickets/{number}")
    sent = {"verdict": "accept", "reason": "属实"}
    assert browser.post(f"/tickets/{number}/supervision/conclude", **sent).status_code == 302
    assert number not in browser.get("/supervision")


def test_a_department_reads_what_was_issued_and_no_proposal(browser: Browser, city: City) -> None:
    director, ticket_id = Units.of(city).director, city.signed()
    page = f"/tickets/{number_of(city, ticket_id)}"
    hotline, chief = (city.context.acting_as(actor) for actor in (city.supervisor, director))
    propose(hotline, ticket_id, "再看看")
    decide(chief, ticket_id, approved=False, reason="单位已在处理")
    propose(hotline, ticket_id, "仍无进展")
    browser.sign_in(city.leader)
    for words in ("再看看", "单位已在处理", "仍无进展", "提出督办"):
        assert words not in browser.get(page)
    decide(chief, ticket_id, approved=True)
    assert "仍无进展" in browser.get(page)
    assert "提出督办" not in browser.get(page)
    browser.post("/sign-out")
    browser.sign_in(city.supervisor)
    for words in ("再看看", "单位已在处理", "仍无进展", "督办提醒或提出督办"):
        assert words in browser.get(page)


def test_a_director_orders_and_a_level_only_rises(browser: Browser, city: City) -> None:
    director, number = Units.of(city).director, number_of(city, city.signed())
    browser.sign_in(director)
    sent = {"level": "L3", "kind": "media", "reason": "媒体联合督办"}
    assert browser.post(f"/tickets/{number}/supervision/order", **sent).status_code == 302
    answer = browser.post(f"/tickets/{number}/supervision/order", **sent)
    assert (answer.status_code, "媒体联合督办" in answer.text) == (409, True)
    assert browser.post(f"/tickets/{number}/supervision/order", **{**sent, "level": "L9"}).status_code == 422


@pytest.mark.parametrize("who", ["agent", "screener", "dispatcher", "callback_agent", "handler"])
def test_others_do_not_supervise(browser: Browser, city: City, who: str) -> None:
    number = number_of(city, city.signed())
    browser.sign_in(getattr(city, who))
    assert browser.client.get("/supervision").status_code == 403
    for deed in ("propose", "decide", "order", "answer", "conclude"):
        assert browser.post(f"/tickets/{number}/supervision/{deed}", reason="x").status_code == 403


def test_a_sealed_ticket_and_anothers_are_not_shown(browser: Browser, city: City) -> None:
    ticket_id = city.signed()
    number = number_of(city, ticket_id)
    propose(city.context.acting_as(city.supervisor), ticket_id, "无进展")
    outsider = user(city.context, city.police_id, Role.UNIT_REVIEWER)
    browser.sign_in(outsider)
    assert number not in browser.get("/supervision/unit")
    browser.post("/sign-out")
    browser.sign_in(city.supervisor)
    assert number in browser.get("/supervision")
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = Confidentiality.SEALED
    assert number not in browser.get("/supervision")


def test_the_pages_render_in_both_languages(
    browser: Browser, city: City, all_rounder: Actor, language: str, clock: FixedClock
) -> None:
    director, ticket_id = Units.of(city).director, city.signed()
    order(city.context.acting_as(director), ticket_id, Level.L3, Kind.HOTLINE, "难点")
    clock.set(local("2020-05-20 00:00"))
    watch(city.context)
    tell_late(city.context)
    browser.sign_in(all_rounder)
    listed = browser.get("/supervision")
    _is_sound(listed, language)
    assert 'id="alarms"' in listed
    page = browser.get(f"/tickets/{number_of(city, ticket_id)}")
    _is_sound(page, language)
    assert ("专项督办（L3）" in page) == (language == "zh")


def test_an_instruction_on_paper_from_the_page_to_its_feedback(
    browser: Browser, city: City, clock: FixedClock
) -> None:
    number = number_of(city, city.signed())
    browser.sign_in(city.supervisor)
    assert 'value="2020-04-30"' in browser.get(f"/tickets/{number}")
    sent = {"leader": "市长", "text": "三天内解决", "instructed_on": "2020-05-01"}
    answer = browser.post(f"/tickets/{number}/instructions", **sent)
    assert (answer.status_code, "批示日期不能晚于今天" in answer.text) == (409, True)
    assert "三天内解决" in answer.text
    sent["instructed_on"] = "2020-04-30"
    assert browser.post(f"/tickets/{number}/instructions", **sent).status_code == 302
    page = browser.get("/instructions")
    assert "市长" in page
    assert number in page
    path = re.search(rf"/tickets/{number}/instructions/\d+", browser.get(f"/tickets/{number}"))
    assert path is not None
    answer = browser.post(path.group(), feedback="已解决")
    assert (answer.status_code, "单位还没有答复督办" in answer.text) == (409, True)
    browser.post("/sign-out")
    browser.sign_in(city.leader)
    clock.set(local("2020-05-04 08:00"))
    tell_late(city.context)
    alarm = _alarm(browser.get("/supervision/unit"))
    assert browser.post("/supervision/alarms", alarm=alarm).location == "/supervision/unit"
    assert 'id="alarms"' not in browser.get("/supervision/unit")
    assert browser.post(f"/tickets/{number}/supervision/answer", answer="已更换水泵").status_code == 302
    tell_late(city.context)
    browser.post("/sign-out")
    browser.sign_in(city.supervisor)
    assert browser.post("/supervision/alarms", alarm=[alarm, "x"]).location == "/supervision"
    told = _alarm(browser.get("/supervision"))
    assert ("批示没有向领导反馈 · 市长" in browser.get("/supervision"), told != alarm) == (True, True)
    page = browser.get(f"/tickets/{number}")
    assert ("批示逾期没有反馈" in page, page.count("已看到逾期提醒") >= 2) == (True, True)
    assert browser.post(path.group(), feedback="已解决").status_code == 302
    assert "没有等反馈的批示" in browser.get("/instructions")


def _alarm(page: str) -> str:
    """The id of the only alarm on the list."""
    (found,) = re.findall(r'name="alarm" value="(\d+)"', page)
    return str(found)


@pytest.mark.parametrize("role", [Role.LEADER, Role.GOVERNMENT_OFFICE, Role.INSPECTION_OFFICE])
def test_offices_read_masked_and_hear_nothing(browser: Browser, city: City, role: Role) -> None:
    number = number_of(city, city.signed())
    browser.sign_in(user(city.context, city.hotline_id, role))
    assert "没有督办件" in browser.get("/supervision")
    page = browser.get(f"/tickets/{number}")
    assert CITIZEN not in page
    assert "王小明" not in page
    assert ("登记批示" in page) == (role is not Role.INSPECTION_OFFICE)
    assert ("下达督办" in page) == (role is not Role.LEADER)
    handing_over = {"level": "L6", "kind": "conduct", "reason": "推诿"}
    answer = browser.post(f"/tickets/{number}/supervision/order", **handing_over)
    assert answer.status_code == (403 if role is Role.LEADER else 422)

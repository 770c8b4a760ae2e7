"""Returning a ticket on the pages: the department's form, the decision, the dispute."""

import pytest

from hotline.dispatch.models import ReturnGround
from hotline.dispatch.queries import open_return
from hotline.dispatch.returns import accept_return, request_return
from hotline.dispatch.service import dispatch
from hotline.people.actors import Actor
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from tests.factories import City, FixedClock
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import _is_sound, number_of
from tests.integration.test_core_returns import form
from tests.integration.units import Units


@pytest.fixture
def units(city: City) -> Units:
    return Units.of(city)


def asked(city: City) -> dict[str, object]:
    return {
        "ground": "not_our_remit",
        "basis": "three_fixed",
        "cited": "三定方案第二条",
        "suggested_id": city.police_id,
        "reason": "二次供水不归本局管",
    }


def state(city: City, ticket_id: int) -> State:
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id).state


def dispatched(city: City) -> tuple[int, str]:
    ticket_id = city.accepted()
    dispatch(city.context.acting_as(city.dispatcher), ticket_id, city.water_id)
    return ticket_id, number_of(city, ticket_id)


def disputed(city: City, units: Units) -> tuple[int, str]:
    ticket_id, number = dispatched(city)
    request_return(city.context.acting_as(city.leader), ticket_id, form(city.police_id))
    dispatcher = city.context.acting_as(city.dispatcher)
    accept_return(dispatcher, ticket_id, "同意")
    dispatch(dispatcher, ticket_id, city.police_id)
    request_return(city.context.acting_as(units.police_leader), ticket_id, form(units.management_id))
    return ticket_id, number


def test_a_return_is_asked_accepted_and_dispatched_to_whom_it_named(browser: Browser, city: City) -> None:
    ticket_id, number = dispatched(city)
    browser.sign_in(city.leader)
    page = browser.get(f"/unit?open={number}")
    assert "前可以申请" in page
    assert f'<option value="{city.water_id}">' not in page  # not oneself
    answer = browser.post(f"/tickets/{number}/return", **asked(city), back="replies.unit_queue")
    assert answer.location == "/unit"
    assert "退单申请已提交" in browser.get("/unit")
    browser.post("/sign-out")
    browser.sign_in(city.dispatcher)
    listed = browser.get(f"/returns?open={number}")
    for words in (number, "退单：水务局", "三定方案第二条", "二次供水不归本局管", "不是本单位职责"):
        assert words in listed
    browser.post(f"/tickets/{number}/return/decision", verdict="accept", reason="同意", back="returns.queue")
    assert state(city, ticket_id) is State.TO_DISPATCH
    page = browser.get(f"/dispatch?open={number}")
    assert f'<option selected value="{city.police_id}">' in page
    assert "退单单位认为应由它承办" in page
    history = browser.get(f"/tickets/{number}")
    assert "同意退单" in history
    assert "三定方案第二条" in history


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        ("ground", "请选择"),
        ("cited", "请写明条款"),
        ("suggested_id", "请选择应承办的单位"),
        ("reason", "请写明理由"),
    ],
)
def test_an_incomplete_return_keeps_what_was_typed(
    browser: Browser, city: City, left_out: str, words: str
) -> None:
    ticket_id, number = dispatched(city)
    browser.sign_in(city.leader)
    fields = asked(city)
    del fields[left_out]
    answer = browser.post(f"/tickets/{number}/return", **fields)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert ("三定方案第二条" if left_out != "cited" else "二次供水不归本局管") in answer.text
    assert '<details class="more" open>' in answer.text
    assert state(city, ticket_id) is State.DISPATCHED


def test_an_overlong_or_odd_return_is_refused(browser: Browser, city: City) -> None:
    ticket_id, number = dispatched(city)
    browser.sign_in(city.leader)
    for wrong in ({"cited": "条" * 201}, {"suggested_id": 9999}, {"suggested_id": "x"}, {"ground": "whim"}):
        answer = browser.post(f"/tickets/{number}/return", **{**asked(city), **wrong})
        assert answer.status_code == 422, wrong
    assert state(city, ticket_id) is State.DISPATCHED


def test_a_late_return_is_refused_in_words(browser: Browser, city: City, clock: FixedClock) -> None:
    ticket_id, number = dispatched(city)
    clock.advance(days=20)
    browser.sign_in(city.leader)
    page = browser.get(f"/tickets/{number}")
    assert "已超过退单时限" in page
    assert "申请退单" not in page
    answer = browser.post(f"/tickets/{number}/return", **asked(city))
    assert (answer.status_code, "已超过退单时限" in answer.text) == (409, True)
    assert "二次供水不归本局管" in answer.text
    assert state(city, ticket_id) is State.DISPATCHED


def test_a_rejected_return_says_so_and_cannot_be_asked_again(browser: Browser, city: City) -> None:
    ticket_id, number = dispatched(city)
    request_return(city.context.acting_as(city.leader), ticket_id, form(city.police_id))
    browser.sign_in(city.dispatcher)
    answer = browser.post(f"/tickets/{number}/return/decision", verdict="reject", reason="")
    assert (answer.status_code, "请写明理由" in answer.text) == (422, True)
    browser.post(f"/tickets/{number}/return/decision", verdict="reject", reason="由你局负责")
    assert state(city, ticket_id) is State.DISPATCHED
    browser.post("/sign-out")
    browser.sign_in(city.leader)
    page = browser.get(f"/tickets/{number}")
    assert "驳回退单" in page
    assert "由你局负责" in page
    assert "本单位已退过一次，不能再退" in page


def test_a_dispute_is_designated(browser: Browser, city: City, units: Units) -> None:
    ticket_id, number = disputed(city, units)
    browser.sign_in(city.dispatcher)
    listed = browser.get(f"/returns?open={number}")
    assert "争议单" in listed
    assert "由热线主任或督办员裁定" in listed
    answer = browser.post(f"/tickets/{number}/return/decision", verdict="accept", reason="同意")
    assert (answer.status_code, "由热线主任指定" in answer.text) == (409, True)
    browser.post("/sign-out")
    browser.sign_in(units.director)
    assert number in browser.get(f"/returns?open={number}")
    given = {"lead_id": units.management_id, "reason": "城管局牵头"}
    answer = browser.post(f"/tickets/{number}/return/designation", **given, back="returns.queue")
    assert answer.location == "/returns"
    assert state(city, ticket_id) is State.TO_DISPATCH
    assert "指定主办单位" in browser.get(f"/tickets/{number}")
    browser.post("/sign-out")
    browser.sign_in(city.dispatcher)
    assert "只能派给它" in browser.get(f"/dispatch?open={number}")
    answer = browser.post(f"/tickets/{number}/dispatch", lead_id=city.water_id)
    assert (answer.status_code, "热线已指定别的主办单位" in answer.text) == (409, True)


@pytest.mark.parametrize("who", ["handler", "dispatcher", "agent", "screener", "supervisor", "reviewer"])
def test_others_cannot_ask_for_a_return(browser: Browser, city: City, who: str) -> None:
    ticket_id, number = dispatched(city)
    browser.sign_in(getattr(city, who))
    assert browser.post(f"/tickets/{number}/return", **asked(city)).status_code == 403
    assert state(city, ticket_id) is State.DISPATCHED


@pytest.mark.parametrize("who", ["handler", "leader", "agent", "screener", "callback_agent", "reviewer"])
def test_others_cannot_decide(browser: Browser, city: City, who: str) -> None:
    ticket_id, number = dispatched(city)
    request_return(city.context.acting_as(city.leader), ticket_id, form(city.police_id))
    browser.sign_in(getattr(city, who))
    assert browser.client.get("/returns").status_code == 403
    for path in ("decision", "designation"):
        answer = browser.post(f"/tickets/{number}/return/{path}", verdict="accept", reason="同意")
        assert answer.status_code == 403
    with city.context.reading() as session:
        assert open_return(session, ticket_id) is not None


def test_another_department_has_no_part_in_it(browser: Browser, city: City, units: Units) -> None:
    _, number = dispatched(city)
    browser.sign_in(units.police_leader)
    assert browser.post(f"/tickets/{number}/return", **asked(city)).status_code == 403


def test_the_pages_of_a_return_render_in_both_languages(
    browser: Browser, city: City, units: Units, all_rounder: Actor, language: str
) -> None:
    _, number = disputed(city, units)
    browser.sign_in(all_rounder)
    for path in ("/returns", f"/returns?open={number}", f"/tickets/{number}"):
        page = browser.get(path)
        _is_sound(page, language)
    if language == "en":
        assert "Disputed" in page
        assert str(ReturnGround.NOT_OUR_REMIT) not in page


def test_the_department_reads_when_it_is_signed_by_itself(browser: Browser, city: City) -> None:
    _, number = dispatched(city)
    browser.sign_in(city.handler)
    assert "05-07 24:00 仍未签收的，系统自动签收" in browser.get(f"/unit?open={number}")

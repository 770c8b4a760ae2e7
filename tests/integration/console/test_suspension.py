"""Matters on record on the pages: the request, the decision, the list, taking up again."""

from datetime import date

import pytest

from hotline.people.actors import Actor
from hotline.replies.models import ContactWay
from hotline.replies.service import record_contact
from hotline.suspension.service import SuspensionForm, approve_suspension, ask_suspension
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from tests.factories import City, FixedClock, local
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import _is_sound, number_of

ASKED = {"reason": "管网要等路段改造", "plan": "列入下半年改造", "review_on": "2020-06-30"}


def handled(city: City, told: bool = True) -> tuple[int, str]:
    """The clock stands on Thursday 30 April 2020, 16:00."""
    ticket_id = city.signed()
    if told:
        record_contact(city.context.acting_as(city.handler), ticket_id, ContactWay.PHONE, reached=True)
    return ticket_id, number_of(city, ticket_id)


def asked(city: City, told: bool = True) -> tuple[int, str]:
    ticket_id, number = handled(city, told)
    form = SuspensionForm("管网要等路段改造", "列入下半年改造", date(2020, 6, 30))
    ask_suspension(city.context.acting_as(city.leader), ticket_id, form)
    return ticket_id, number


def suspended(city: City) -> tuple[int, str]:
    ticket_id, number = asked(city)
    approve_suspension(city.context.acting_as(city.supervisor), ticket_id)
    return ticket_id, number


def state(city: City, ticket_id: int) -> State:
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id).state


def test_a_matter_is_put_on_record_and_taken_up_again(
    browser: Browser, city: City, clock: FixedClock
) -> None:
    ticket_id, number = handled(city)
    browser.sign_in(city.leader)
    browser.post(f"/tickets/{number}/suspension", **ASKED)
    page = browser.get(f"/unit?open={number}")
    assert "已申请挂起，等督办员审批" in page
    assert "已申请挂起，待审批" in page
    browser.post("/sign-out")
    browser.sign_in(city.supervisor)
    listed = browser.get(f"/suspensions?open={number}")
    for words in (number, "水务局申请挂起", "管网要等路段改造", "列入下半年改造", "06-30 09:00"):
        assert words in listed
    given = {"verdict": "approve", "reason": "同意", "back": "suspension.queue"}
    assert browser.post(f"/tickets/{number}/suspension/decision", **given).location == "/suspensions"
    assert "水务局，记录在案" in browser.get("/suspensions")
    browser.post("/sign-out")
    clock.set(local("2020-05-20 16:00"))
    browser.sign_in(city.handler)
    page = browser.get(f"/unit?open={number}")
    assert "06-30 09:00" in page
    assert "已超期" not in page  # its clock stands still
    browser.post(f"/tickets/{number}/resume", reason="管材提前到货")
    assert state(city, ticket_id) is State.HANDLING
    history = browser.get(f"/tickets/{number}")
    for words in ("申请挂起", "恢复办理", "管材提前到货", "05-27 24:00"):
        assert words in history


@pytest.mark.parametrize(
    ("wrong", "status", "words"),
    [
        ({"reason": ""}, 422, "请写明理由"),
        ({"plan": ""}, 422, "请写明计划"),
        ({"review_on": ""}, 422, "请选择复查日期"),
        ({"review_on": "30.6."}, 422, "复查日期"),
        ({"plan": "x" * 2001}, 422, "计划"),
        ({"review_on": "2020-04-30"}, 409, "90 天以内"),
        ({"review_on": "2020-12-31"}, 409, "90 天以内"),
    ],
)
def test_a_wrong_request_is_refused_and_keeps_what_was_typed(
    browser: Browser, city: City, wrong: dict[str, str], status: int, words: str
) -> None:
    ticket_id, number = handled(city)
    browser.sign_in(city.leader)
    answer = browser.post(f"/tickets/{number}/suspension", **{**ASKED, **wrong})
    assert (answer.status_code, words in answer.text) == (status, True)
    assert ("列入下半年改造" if "plan" not in wrong else "管网要等路段改造") in answer.text
    assert state(city, ticket_id) is State.HANDLING


def test_without_a_word_to_the_citizen_nothing_is_suspended(browser: Browser, city: City) -> None:
    ticket_id, number = asked(city, told=False)
    browser.sign_in(city.supervisor)
    assert "还没有向市民说明的记录" in browser.get(f"/suspensions?open={number}")
    answer = browser.post(f"/tickets/{number}/suspension/decision", verdict="approve")
    assert (answer.status_code, "还没有向市民说明的记录" in answer.text) == (409, True)
    browser.post(f"/tickets/{number}/suspension/decision", verdict="refuse", reason="请先说明")
    assert "请先说明" in browser.get(f"/tickets/{number}")
    assert state(city, ticket_id) is State.HANDLING


@pytest.mark.parametrize("who", ["handler", "leader", "agent", "screener", "dispatcher", "callback_agent"])
def test_others_do_not_decide(browser: Browser, city: City, who: str) -> None:
    ticket_id, number = asked(city)
    browser.sign_in(getattr(city, who))
    assert browser.client.get("/suspensions").status_code == 403
    assert browser.post(f"/tickets/{number}/suspension/decision", verdict="approve").status_code == 403
    assert state(city, ticket_id) is State.HANDLING


@pytest.mark.parametrize("who", ["leader", "supervisor", "dispatcher", "agent"])
def test_others_neither_ask_nor_take_up(browser: Browser, city: City, who: str) -> None:
    ticket_id, number = suspended(city)
    browser.sign_in(getattr(city, who))
    assert browser.post(f"/tickets/{number}/resume").status_code == 403
    if who != "leader":
        assert browser.post(f"/tickets/{number}/suspension", **ASKED).status_code == 403
    assert state(city, ticket_id) is State.SUSPENDED


def test_the_pages_render_in_both_languages(
    browser: Browser, city: City, all_rounder: Actor, language: str
) -> None:
    _, waiting = asked(city)
    _, recorded = suspended(city)
    browser.sign_in(all_rounder)
    for number in (waiting, recorded):
        for path in (f"/suspensions?open={number}", f"/tickets/{number}"):
            _is_sound(browser.get(path), language)

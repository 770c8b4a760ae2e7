"""More time for a department on the pages: the form, the decision, the lists."""

from datetime import date

import pytest

from hotline.extensions.models import ExtensionGround
from hotline.extensions.service import ExtensionForm, approve_extension, ask_extension
from hotline.people.actors import Actor, Role
from hotline.replies.models import ContactWay
from hotline.replies.service import record_contact
from hotline.supervision.instructions import InstructionForm, instruct
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality
from tests.factories import City, FixedClock, local, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import _is_sound, number_of
from tests.integration.units import Units

ASKED = {"ground": "needs_works", "days": "3", "plan": "等水泵到货后更换"}


def handled(city: City, told: bool = True) -> tuple[int, str]:
    """The default clock stands on Thursday 30 April 2020, 16:00: due on 7 May 24:00."""
    ticket_id = city.signed()
    if told:
        record_contact(city.context.acting_as(city.handler), ticket_id, ContactWay.PHONE, reached=True)
    return ticket_id, number_of(city, ticket_id)


def asked(city: City, ticket_id: int, days: int = 3) -> None:
    form = ExtensionForm(ExtensionGround.NEEDS_WORKS, days, "等水泵到货后更换")
    ask_extension(city.context.acting_as(city.leader), ticket_id, form)


def due(city: City, ticket_id: int) -> object:
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id).due_at


def test_more_time_is_asked_for_and_given(browser: Browser, city: City) -> None:
    ticket_id, number = handled(city)
    browser.sign_in(city.leader)
    assert "最多还可延长 10 个工作日" in browser.get(f"/unit?open={number}")
    answer = browser.post(f"/tickets/{number}/extension", **ASKED, back="replies.unit_queue")
    assert answer.location == "/unit"
    assert "已申请延期，待审批" in browser.get("/unit")
    assert "已申请延期，等热线审批" in browser.get(f"/tickets/{number}")
    assert due(city, ticket_id) == local("2020-05-08 00:00")
    browser.post("/sign-out")
    browser.sign_in(city.dispatcher)
    listed = browser.get(f"/extensions?open={number}")
    for words in (number, "水务局申请延到 05-11 24:00", "等水泵到货后更换", "需施工或采购"):
        assert words in listed
    given = {"verdict": "approve", "reason": "同意", "back": "extensions.queue"}
    assert browser.post(f"/tickets/{number}/extension/decision", **given).location == "/extensions"
    assert due(city, ticket_id) == local("2020-05-12 00:00")
    history = browser.get(f"/tickets/{number}")
    for words in ("申请延期", "批准延期", "05-07 24:00", "05-11 24:00"):
        assert words in history
    assert number not in browser.get("/extensions")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"days": ""}, "请填写天数"),
        ({"days": "soon"}, "延长天数"),
        ({"days": "0"}, "天数不对"),
        ({"days": "999999999999"}, "天数不对"),
        ({"ground": "whim"}, "延期原因"),
        ({"plan": "x" * 2001}, "办理计划"),
    ],
)
def test_a_wrong_request_is_refused_beside_its_field(
    browser: Browser, city: City, wrong: dict[str, str], words: str
) -> None:
    ticket_id, number = handled(city)
    browser.sign_in(city.leader)
    answer = browser.post(f"/tickets/{number}/extension", **{**ASKED, **wrong})
    assert (answer.status_code, words in answer.text) == (422, True)
    assert 'class="error"' in answer.text
    assert "plan" in wrong or "等水泵到货后更换" in answer.text
    assert due(city, ticket_id) == local("2020-05-08 00:00")


def test_too_long_and_too_late_are_refused_in_words(browser: Browser, city: City, clock: FixedClock) -> None:
    ticket_id, number = handled(city)
    browser.sign_in(city.leader)
    answer = browser.post(f"/tickets/{number}/extension", **{**ASKED, "days": "11"})
    assert (answer.status_code, "超过可以延长的天数" in answer.text) == (409, True)
    clock.set(local("2020-05-08 00:01"))
    assert "已过办理期限，不能再申请延期" in browser.get(f"/tickets/{number}")
    answer = browser.post(f"/tickets/{number}/extension", **ASKED)
    assert (answer.status_code, "已过办理期限" in answer.text) == (409, True)
    assert due(city, ticket_id) == local("2020-05-08 00:00")


def test_without_a_word_to_the_citizen_it_is_not_approved(browser: Browser, city: City) -> None:
    ticket_id, number = handled(city, told=False)
    asked(city, ticket_id)
    browser.sign_in(city.supervisor)
    assert "不能批准延期" in browser.get(f"/extensions?open={number}")
    answer = browser.post(f"/tickets/{number}/extension/decision", verdict="approve", reason="同意")
    assert (answer.status_code, "还没有联系市民的记录" in answer.text) == (409, True)
    answer = browser.post(f"/tickets/{number}/extension/decision", verdict="refuse", reason="")
    assert (answer.status_code, "请写明理由" in answer.text) == (409, True)
    browser.post(f"/tickets/{number}/extension/decision", verdict="refuse", reason="请先联系市民")
    assert "请先联系市民" in browser.get(f"/tickets/{number}")
    answer = browser.post(f"/tickets/{number}/extension/decision", verdict="approve", reason="同意")
    assert (answer.status_code, "可能已有人审批" in answer.text) == (409, True)
    assert due(city, ticket_id) == local("2020-05-08 00:00")


def test_the_second_goes_to_the_director(browser: Browser, city: City) -> None:
    units = Units.of(city)
    ticket_id, number = handled(city)
    asked(city, ticket_id)
    approve_extension(city.context.acting_as(city.dispatcher), ticket_id)
    asked(city, ticket_id)
    browser.sign_in(city.dispatcher)
    assert "第二次延期由热线主任审批" in browser.get(f"/extensions?open={number}")
    answer = browser.post(f"/tickets/{number}/extension/decision", verdict="approve")
    assert (answer.status_code, "您的岗位不能做这一步" in answer.text) == (409, True)
    browser.post("/sign-out")
    browser.sign_in(units.director)
    assert browser.post(f"/tickets/{number}/extension/decision", verdict="approve").status_code == 302
    assert due(city, ticket_id) == local("2020-05-15 00:00")


@pytest.mark.parametrize("who", ["handler", "agent", "screener", "reviewer", "callback_agent", "leader"])
def test_others_do_not_decide(browser: Browser, city: City, who: str) -> None:
    ticket_id, number = handled(city)
    asked(city, ticket_id)
    browser.sign_in(getattr(city, who))
    assert browser.client.get("/extensions").status_code == 403
    assert browser.post(f"/tickets/{number}/extension/decision", verdict="approve").status_code == 403
    assert due(city, ticket_id) == local("2020-05-08 00:00")


def test_under_an_instruction_the_leader_decides_and_sees_nothing_else(browser: Browser, city: City) -> None:
    (ticket_id, number), (plain_id, plain) = handled(city), handled(city)
    form = InstructionForm("市长", "请限期解决", date(2020, 4, 30))
    instruct(city.context.acting_as(city.supervisor), ticket_id, form)
    for one in (ticket_id, plain_id):
        asked(city, one, days=1)
    decision = {"verdict": "refuse", "reason": "按批示期限办"}
    browser.sign_in(city.dispatcher)
    assert "由批示一方审批" in browser.get(f"/extensions?open={number}")
    assert browser.post(f"/tickets/{number}/extension/decision", **decision).status_code == 409
    browser.post("/sign-out")
    browser.sign_in(user(city.context, city.hotline_id, Role.LEADER))
    assert "/extensions" in browser.get("/instructions")
    listed = browser.get("/extensions")
    assert (number in listed, plain in listed) == (True, False)
    assert browser.post(f"/tickets/{plain}/extension/decision", **decision).status_code == 409
    assert browser.post(f"/tickets/{number}/extension/decision", **decision).status_code == 302
    assert number not in browser.get("/extensions")


@pytest.mark.parametrize("who", ["handler", "dispatcher", "supervisor", "agent"])
def test_others_do_not_ask(browser: Browser, city: City, who: str) -> None:
    _, number = handled(city)
    browser.sign_in(getattr(city, who))
    assert browser.post(f"/tickets/{number}/extension", **ASKED).status_code == 403


def test_a_sealed_ticket_is_in_nobodys_list(browser: Browser, city: City) -> None:
    ticket_id, number = handled(city)
    asked(city, ticket_id)
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = Confidentiality.SEALED
    browser.sign_in(city.dispatcher)
    assert number not in browser.get("/extensions")
    assert browser.post(f"/tickets/{number}/extension/decision", verdict="approve").status_code == 403


def test_the_pages_of_an_extension_render_in_both_languages(
    browser: Browser, city: City, all_rounder: Actor, language: str
) -> None:
    ticket_id, number = handled(city)
    asked(city, ticket_id)
    browser.sign_in(all_rounder)
    for path in ("/extensions", f"/extensions?open={number}", f"/tickets/{number}"):
        _is_sound(browser.get(path), language)

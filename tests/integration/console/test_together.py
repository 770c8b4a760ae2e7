"""One step for several tickets: shown before anything is done, done to each by itself."""

import re
from html import unescape

import pytest
from werkzeug.test import TestResponse

from hotline.dispatch.models import CatalogueRule
from hotline.dispatch.service import dispatch
from hotline.follow_up.models import AttemptOutcome
from hotline.follow_up.service import attempt_ended, dial, dial_due
from hotline.sealing.service import refer_lead
from hotline.tickets.rows import get
from hotline.tickets.states import State
from tests.factories import CITIZEN, City, FakeTelephone, FixedClock, local
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import number_of

FILTER = "urgency=normal"
URGE = "/supervision/late/urge-together"
AGAIN = "/follow-ups/again-together"
ENDS = (AttemptOutcome.FAILED, AttemptOutcome.NO_ANSWER)


@pytest.fixture
def catalogue(city: City) -> None:
    """Water matters go to the water bureau."""
    with city.context.writing() as session:
        session.add(CatalogueRule(category_code="water.pressure", district="", lead_id=city.water_id))


def chosen(browser: Browser, path: str, *numbers: str) -> TestResponse:
    """What the page says will be done."""
    answer: TestResponse = browser.post(path, number=list(numbers), back_filter=FILTER)
    return answer


def confirmed(browser: Browser, path: str, shown: str, status: int = 200, **fields: str) -> str:
    """What it says after the button on that page."""
    rows = [unescape(row) for row in re.findall(r'name="row" value="([^"]+)"', shown)]
    answer = browser.post(f"{path}/done", row=rows, back_filter=FILTER, **fields)
    assert answer.status_code == status, answer.text
    return str(answer.text)


def states(city: City, *ticket_ids: int) -> list[State]:
    with city.context.reading() as session:
        return [get(session, one).state for one in ticket_ids]


@pytest.mark.usefixtures("catalogue")
def test_dispatched_as_suggested_but_for_those_that_cannot_or_have_moved(
    browser: Browser, city: City
) -> None:
    first, second, silent, sealed = city.accepted(), city.accepted(), city.accepted(), city.registered()
    with city.context.writing() as session:
        get(session, silent).category_code = None
    refer_lead(city.context.acting_as(city.screener), sealed)
    numbers = [number_of(city, one) for one in (first, second, silent, sealed)]
    browser.sign_in(city.dispatcher)
    page = browser.get("/dispatch")
    assert page.count('form="together"') == 3
    shown = chosen(browser, "/dispatch/together", *numbers).text
    for words in (
        "将处理 2 件",
        "水务局 2 件",
        "2 件不能处理",
        "没有对应的单位",
        "没有这件工单，或您不能打开它",
    ):
        assert words in shown, words
    assert states(city, first, second) == [State.TO_DISPATCH] * 2

    dispatch(city.context.acting_as(city.dispatcher), second, city.water_id, reason="已电话说明")
    result = confirmed(browser, "/dispatch/together", shown)
    assert ("已派单 1 件" in result, "1 件没有处理" in result, f"/dispatch?{FILTER}" in result) == (True,) * 3
    assert states(city, first, second, silent) == [State.DISPATCHED, State.DISPATCHED, State.TO_DISPATCH]
    assert "2 件没有处理" in confirmed(browser, "/dispatch/together", shown)  # sent twice, done once


def test_a_department_signs_for_its_own(browser: Browser, city: City) -> None:
    waiting, signed, foreign = city.accepted(), city.signed(), city.accepted()
    dispatch(city.context.acting_as(city.dispatcher), waiting, city.water_id)
    browser.sign_in(city.handler)
    shown = chosen(
        browser, "/unit/sign-together", *(number_of(city, one) for one in (waiting, signed, foreign))
    ).text
    assert ("将处理 1 件" in shown, "现在是“办理中”" in shown, "您不能打开它" in shown) == (True,) * 3
    assert "已签收 1 件" in confirmed(browser, "/unit/sign-together", shown)
    assert states(city, waiting, foreign) == [State.HANDLING, State.TO_DISPATCH]
    browser.post("/sign-out")
    browser.sign_in(city.leader)  # does not sign, and is offered nothing to choose
    assert 'form="together"' not in browser.get("/unit")
    assert chosen(browser, "/unit/sign-together", number_of(city, waiting)).status_code == 403


def test_nothing_and_too_many_are_refused(browser: Browser, city: City) -> None:
    browser.sign_in(city.dispatcher)
    for numbers in ((), tuple(f"N{n}" for n in range(51))):
        assert chosen(browser, "/dispatch/together", *numbers).location == f"/dispatch?{FILTER}"
        assert "请先选择工单，一次最多 50 件。" in browser.get("/dispatch")
    assert browser.post("/dispatch/together/done", row=["N1"]).status_code == 400


def test_late_tickets_are_urged_but_for_those_that_may_still_answer(
    browser: Browser, city: City, clock: FixedClock
) -> None:
    first, second, urged, timely = (city.signed() for _ in range(4))
    clock.set(local("2020-05-20 09:00"))
    with city.context.writing() as session:
        get(session, timely).due_at = local("2020-06-01 00:00")
    numbers = [number_of(city, one) for one in (first, second, urged, timely)]
    browser.sign_in(city.supervisor)
    answer = browser.post(f"/tickets/{numbers[2]}/supervision/urge", back="supervision.late", words="")
    assert answer.location == "/supervision/late"
    page = browser.get("/supervision/late")
    assert (page.count('form="together"'), numbers[3] in page) == (3, False)
    assert "催办（L1），待单位答复，05-21 24:00 前" in page
    shown = chosen(browser, URGE, *numbers).text
    for words in ("将处理 2 件", "水务局 2 件", "答复期限", "已经催办过", "没有超期，也没有逾期未签收"):
        assert words in shown, words
    long = confirmed(browser, URGE, shown, 422, words="请" * 501)
    assert ("最多 500 个字" in long, "请" * 501 in long, "将处理 2 件" in long) == (True,) * 3
    result = confirmed(browser, URGE, shown, words="请今天联系市民")
    assert ("已催办 2 件" in result, f"/supervision/late?{FILTER}" in result) == (True, True)
    assert "请今天联系市民" in browser.get(f"/tickets/{numbers[0]}")
    assert "已经催办过" in confirmed(browser, URGE, shown)  # sent twice, done once


def test_follow_ups_are_put_back_in_the_row_but_for_those_that_must_wait(
    browser: Browser, city: City, clock: FixedClock
) -> None:
    clock.set(local("2020-05-06 10:00"))
    telephone = FakeTelephone()
    owed = [city.owed(number) for number in (CITIZEN, "13900000001", None)]
    for (_ticket_id, follow_up_id), outcome in zip(owed, ENDS, strict=False):
        assert dial(city.context, telephone, follow_up_id)
        attempt_ended(city.context, telephone.last_attempt, outcome)
    numbers = [number_of(city, ticket_id) for ticket_id, _follow_up_id in owed]
    browser.sign_in(city.callback_agent)
    assert browser.get("/follow-ups").count('form="together"') == 3
    shown = chosen(browser, AGAIN, *numbers).text
    for words in ("将处理 1 件", "已拨 1 次", "这半天已经拨过", "没有联系电话"):
        assert words in shown, words
    clock.set(local("2020-05-06 10:05"))
    assert "已安排自动回访 1 件" in confirmed(browser, AGAIN, shown)
    assert "已经在排队" in confirmed(browser, AGAIN, shown)
    assert "安排再次自动回访" in browser.get(f"/tickets/{numbers[0]}")
    assert dial_due(city.context, telephone) == 1
    assert telephone.asked[-1][1] == CITIZEN
    assert "正在拨打" in chosen(browser, AGAIN, numbers[0]).text

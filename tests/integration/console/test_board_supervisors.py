"""The live board and what supervisors do from it; agents see it without the buttons."""

import re

import pytest
from sqlalchemy import select

from hotline.calls import service as calls
from hotline.calls.models import Call, CallState, Seat, SeatState
from hotline.calls.ports import Supervising
from hotline.calls.seats import seat_changed, seat_of, withdraw
from hotline.conversations.facts import party_gone
from hotline.conversations.models import Party, PartyEnd, PartyKind, PartyState
from hotline.harassment import service as harassment
from hotline.harassment.models import BarReason
from hotline.monitoring.models import AuditEntry, Deed, MonitoringSession
from hotline.monitoring.service import heard
from hotline.people.actors import Actor, Role
from hotline.people.administration import PersonForm, create_user
from tests.factories import CITIZEN, City, FakeTelephone, FixedClock, user
from tests.integration.console.conftest import Browser

LINKEDID = "1763768000.1"


@pytest.fixture
def boss(city: City) -> Actor:
    """A supervisor whose telephone is registered."""
    actor = user(city.context, city.hotline_id, Role.SUPERVISOR, username="boss", extension="2001")
    with city.context.writing() as session:
        seat_of(session, "2001").registered = True
    return actor


@pytest.fixture
def call_id(city: City) -> int:
    """The agent 1001 talks with a citizen."""
    opened = calls.open_call(city.context, LINKEDID, CITIZEN, "12345")
    calls.leg_started(city.context, LINKEDID, LINKEDID, "PJSIP/trunk-00000000")
    calls.call_queued(city.context, LINKEDID)
    calls.call_answered(city.context, LINKEDID, "1001", "1763768000.2", "PJSIP/agent-1001-00000001")
    return opened.call_id


def _wait(city: City, number: str = "13900005678", linkedid: str = "1763768050.7") -> int:
    opened = calls.open_call(city.context, linkedid, number, "12345")
    calls.leg_started(city.context, linkedid, linkedid, "PJSIP/trunk-00000007")
    calls.call_queued(city.context, linkedid)
    return opened.call_id


def figure(page: str, name: str) -> str:
    """The number in a tile."""
    found = re.search(rf'id="figure-{name}".*?class="value">(.*?)</span>', page, re.DOTALL)
    assert found
    return re.sub(r"<.*?>", "", found[1]).strip()


def test_the_board_counts_what_matters(browser: Browser, city: City, call_id: int, clock: FixedClock) -> None:
    seat_changed(city.context, "1001", SeatState.PAUSED, "break")
    _wait(city)
    clock.advance(minutes=16)
    _wait(city, "13900009999", "1763768960.8")
    page = browser.sign_in(city.supervisor).get("/board/")
    counted = {name: figure(page, name) for name in ("waiting", "talking", "free", "paused", "abandoned")}
    assert counted == {"waiting": "2", "talking": "1", "free": "0", "paused": "1", "abandoned": "0"}
    assert figure(page, "in-time") == "50%", "one still waits, for longer than 15 s"
    assert "暂停过久" in page


def test_callers_stand_in_the_order_in_which_they_are_served(browser: Browser, city: City) -> None:
    first = _wait(city)
    second = _wait(city, "13900009999", "1763768051.8")
    with city.context.writing() as session:
        session.get_one(Call, second).head_start_seconds = 3600
    page = browser.sign_in(city.supervisor).get("/board/live")
    assert page.index(f'id="waiting-{second}"') < page.index(f'id="waiting-{first}"')


def test_everybody_in_a_call_is_named(browser: Browser, city: City, call_id: int) -> None:
    with city.context.writing() as session:
        session.add(
            Party(
                call_id=call_id,
                kind=PartyKind.DEPARTMENT,
                state=PartyState.TALKING,
                channel_id="third-1",
                label="水务局值班",
                asked_at=city.context.now(),
            )
        )
    page = browser.sign_in(city.supervisor).get("/board/")
    assert city.agent.name in page
    assert "水务局值班" in page
    assert CITIZEN not in page


def test_an_agent_who_left_the_others_together_is_not_named_and_not_whispered_to(
    browser: Browser, city: City, boss: Actor, call_id: int
) -> None:
    parties = ((LINKEDID, PartyKind.CALLER, None), ("1763768000.2", PartyKind.AGENT, city.agent.user_id))
    with city.context.writing() as session:
        session.add_all(
            Party(
                call_id=call_id,
                kind=kind,
                state=PartyState.TALKING,
                channel_id=channel_id,
                user_id=user_id,
                bridge="room",
                asked_at=city.context.now(),
            )
            for channel_id, kind, user_id in (*parties, ("third-1", PartyKind.DEPARTMENT, None))
        )
    _supervise(browser.sign_in(boss), city, call_id, "listen")
    nobody = "接线员已经不在这通电话里，不能耳语。"
    for page in (browser.get("/board/live"), browser.get("/board/bar")):
        assert city.agent.name in page
        assert nobody not in page
    calls.leg_ended(city.context, "1763768000.2")
    party_gone(city.context, "1763768000.2", PartyEnd.HUNG_UP)
    row, bar = talking_row(browser.get("/board/live"), call_id), browser.get("/board/bar")
    assert "接线员不在通话里" in row
    for part in (row, bar):
        assert city.agent.name not in part
        [whisper] = re.findall(r'<button[^>]*data-mode="whisper"[^>]*>', part)
        assert nobody in whisper
        assert " disabled" in whisper


def talking_row(page: str, call_id: int) -> str:
    """The row of a call that goes on."""
    return page.partition(f'id="talking-{call_id}"')[2].partition("</li>")[0]


def test_a_seat_that_cannot_be_reached_is_marked_and_not_free(
    browser: Browser, city: City, boss: Actor
) -> None:
    seat_changed(city.context, "1001", SeatState.READY)
    page = browser.sign_in(boss).get("/board/")
    assert "电话没有连上" in page
    assert figure(page, "free") == "0"
    with city.context.writing() as session:
        seat_of(session, "1001").registered = True
    page = browser.get("/board/")
    assert "电话没有连上" not in page
    assert figure(page, "free") == "1"


def test_agents_see_the_board_without_the_buttons(
    browser: Browser, city: City, boss: Actor, call_id: int, telephone: FakeTelephone
) -> None:
    _wait(city)
    _supervise(browser.sign_in(boss), city, call_id, "listen")
    browser.post("/sign-out")
    page = browser.sign_in(city.agent).get("/board/")
    assert "138****1234" in page
    for closed in ("data-order", "data-dialog", "data-account", "监听"):
        assert closed not in page


ORDERS = (
    "/board/calls/{call}/supervise",
    "/board/stop",
    "/board/calls/{call}/move",
    "/board/calls/{call}/end",
    "/board/seats/1001/pause",
    "/board/seats/1001/sign-off",
)


@pytest.mark.parametrize("path", ORDERS)
def test_an_agent_may_give_no_order(
    browser: Browser, city: City, call_id: int, telephone: FakeTelephone, path: str
) -> None:
    browser.sign_in(city.agent)
    answer = browser.post(path.format(call=call_id), mode="listen", kind="head", reason="为什么不")
    assert answer.status_code == 403
    assert telephone.asked == []


@pytest.mark.parametrize("path", ["/board/bar", "/board/phone", "/audit", "/audit/sessions"])
def test_an_agent_sees_nothing_of_supervising(browser: Browser, city: City, path: str) -> None:
    assert browser.sign_in(city.agent).client.get(path).status_code == 403


def _supervise(browser: Browser, city: City, call_id: int, mode: str) -> str:
    """The button is pressed and the telephone answered; returns the bar."""
    answer = browser.post(f"/board/calls/{call_id}/supervise", mode=mode)
    assert answer.status_code == 200, answer.text
    with city.context.reading() as session:
        leg = session.scalars(select(MonitoringSession.channel_id)).one()
    heard(city.context, leg or "", Supervising(mode))
    return browser.get("/board/bar")


def test_a_supervisor_listens_whispers_and_stops(
    browser: Browser, city: City, boss: Actor, call_id: int, telephone: FakeTelephone
) -> None:
    browser.sign_in(boss)
    assert "您的电话 2001 已登录" in browser.get("/board/bar")
    bar = _supervise(browser, city, call_id, "listen")
    assert "没有人听得到您" in bar
    assert "138****1234" in bar
    answer = browser.post(f"/board/calls/{call_id}/supervise", mode="whisper")
    assert "只有接线员听得到您" in answer.text
    assert browser.post("/board/stop").status_code == 200
    assert [words[0] for words in telephone.asked] == ["ring_supervisor", "supervise", "hang_up"]
    assert browser.post("/board/stop").status_code == 409


@pytest.mark.parametrize(
    ("make_it_so", "words"),
    [
        ("over", "这通电话已经结束。"),
        ("waiting", "没有可以监听的内容"),
        ("unplugged", "您的电话没有登录"),
        ("away", "电话系统暂时没有应答"),
    ],
)
def test_a_refusal_is_one_plain_sentence(
    browser: Browser,
    city: City,
    boss: Actor,
    call_id: int,
    telephone: FakeTelephone,
    make_it_so: str,
    words: str,
) -> None:
    if make_it_so == "over":
        calls.call_ended(city.context, LINKEDID)
    elif make_it_so == "waiting":
        call_id = _wait(city)
    elif make_it_so == "unplugged":
        telephone.unplugged = {"2001"}
    else:
        telephone.away = True
    answer = browser.sign_in(boss).post(f"/board/calls/{call_id}/supervise", mode="listen")
    assert answer.status_code == 409
    assert words in answer.text


def test_two_supervisors_do_not_speak_at_once(
    browser: Browser, city: City, boss: Actor, call_id: int, telephone: FakeTelephone
) -> None:
    _supervise(browser.sign_in(boss), city, call_id, "whisper")
    browser.post("/sign-out")
    second = user(city.context, city.hotline_id, Role.SUPERVISOR, username="second", extension="2002")
    with city.context.writing() as session:
        seat_of(session, "2002").registered = True
    browser.sign_in(second)
    answer = browser.post(f"/board/calls/{call_id}/supervise", mode="join")
    assert answer.status_code == 422
    answer = browser.post(f"/board/calls/{call_id}/supervise", mode="barge")
    assert (answer.status_code, "boss 正在这通电话里说话" in answer.text) == (409, True)
    assert "boss 耳语" in browser.get("/board/live")


def test_a_waiting_caller_is_moved_for_a_reason(
    browser: Browser, city: City, boss: Actor, telephone: FakeTelephone
) -> None:
    waiting = _wait(city)
    browser.sign_in(boss)
    assert "没有空闲的坐席" in browser.get(f"/board/calls/{waiting}/move")
    answer = browser.post(f"/board/calls/{waiting}/move", kind="head", skill="", seat="", reason="")
    assert (answer.status_code, "请写明理由" in answer.text) == (422, True)
    answer = browser.post(f"/board/calls/{waiting}/move", kind="head", skill="", seat="", reason="老人")
    assert answer.status_code == 204
    assert telephone.asked == [("move_caller", "1763768050.7", "head", "")]
    calls.call_ended(city.context, "1763768050.7")
    answer = browser.post(f"/board/calls/{waiting}/move", kind="head", skill="", seat="", reason="老人")
    assert (answer.status_code, "已经不在排队" in answer.text) == (409, True)


def test_what_was_not_chosen_is_no_obstacle(
    browser: Browser, city: City, boss: Actor, telephone: FakeTelephone
) -> None:
    """The first free seat of the dialog goes along with every choice; it may be engaged by now."""
    waiting = f"/board/calls/{_wait(city)}/move"
    browser.sign_in(boss)
    for kind, words in (("seat", "不空闲"), ("skill", "没有这条专线")):
        answer = browser.post(waiting, kind=kind, skill="gone", seat="1001", reason="老人")
        assert (answer.status_code, words in answer.text) == (409, True)
    assert browser.post(waiting, kind="head", skill="gone", seat="1001", reason="老人").status_code == 204
    assert telephone.asked == [("move_caller", "1763768050.7", "head", "")]


def test_a_seat_is_paused_and_a_call_ended_from_the_board(
    browser: Browser, city: City, boss: Actor, call_id: int, telephone: FakeTelephone
) -> None:
    browser.sign_in(boss)
    assert browser.post("/board/seats/1001/pause", reason="核查").status_code == 204
    assert "通话后：暂停" in browser.get("/board/live")
    assert browser.post(f"/board/calls/{call_id}/end", reason="辱骂").status_code == 204
    with city.context.reading() as session:
        assert session.get_one(Call, call_id).state is CallState.ENDED
        seat = session.scalars(select(Seat).where(Seat.extension == "1001")).one()
        assert seat.state is SeatState.WRAP_UP
    assert browser.post("/board/seats/9999/pause", reason="核查").status_code == 409


def test_a_barred_caller_who_hears_the_sentence_waits_for_nobody(browser: Browser, city: City) -> None:
    earlier = _wait(city, CITIZEN, "1763768000.9")
    calls.call_ended(city.context, "1763768000.9")
    agent, boss = (city.context.acting_as(actor) for actor in (city.agent, city.supervisor))
    bar = harassment.propose(agent, CITIZEN, BarReason.ABUSE, "辱骂", [earlier], 7)
    harassment.approve(boss, bar)
    calls.open_call(city.context, LINKEDID, CITIZEN, "12345")
    _wait(city)
    page = browser.sign_in(city.supervisor).get("/board/live")
    assert figure(page, "waiting") == "1"


def test_the_agent_sees_what_comes_after_the_call(
    browser: Browser, city: City, call_id: int, telephone: FakeTelephone
) -> None:
    withdraw(city.context.acting_as(city.supervisor), telephone, "1001", "audit")
    assert "通话后：暂停" in browser.sign_in(city.agent).get("/desk/seat")


def test_the_audit_log_names_the_department_of_a_new_account(browser: Browser, city: City) -> None:
    boss = city.context.acting_as(user(city.context, city.hotline_id, Role.ADMINISTRATOR))
    form = PersonForm("lihua", "李华", "water", frozenset({Role.HANDLER}))
    create_user(boss, form)
    page = browser.sign_in(city.supervisor).get(f"/audit?deed={Deed.CREATE_USER}")
    assert "水务局" in page
    assert ">water<" not in page


def test_the_audit_log_is_read_by_supervisors_and_auditors(
    browser: Browser, city: City, boss: Actor, call_id: int, telephone: FakeTelephone
) -> None:
    browser.sign_in(boss)
    _supervise(browser, city, call_id, "listen")
    browser.post("/board/seats/1001/pause", reason="投诉核查")
    telephone.away = True
    browser.post(f"/board/calls/{call_id}/end", reason="试一下")
    browser.post("/sign-out")
    browser.sign_in(user(city.context, city.hotline_id, Role.AUDITOR))
    page = browser.get("/audit")
    for words in ("投诉核查", "强制暂停", "监听", "没有完成：结束通话", city.agent.name):
        assert words in page
    assert CITIZEN not in page
    only = browser.get(f"/audit?deed={Deed.PAUSE_SEAT}")
    assert "投诉核查" in only
    assert "试一下" not in only
    assert "投诉核查" not in browser.get("/audit?until=2020-04-29")
    assert "投诉核查" in browser.get(f"/audit?who={boss.user_id}&from=2020-04-30&until=2020-04-30")
    assert "boss" in browser.get("/audit/sessions")


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=99999999", "deed=nothing", "who=x", "from=yesterday", "until=%00"]
)
def test_odd_filters_are_passed_over(browser: Browser, city: City, boss: Actor, query: str) -> None:
    answer = browser.sign_in(boss).client.get(f"/audit?{query}")
    assert answer.status_code == (400 if "%00" in query else 200)


def test_each_order_is_in_the_log_with_the_one_who_gave_it(
    browser: Browser, city: City, boss: Actor, telephone: FakeTelephone
) -> None:
    seat_changed(city.context, "1001", SeatState.READY)
    browser.sign_in(boss).post("/board/seats/1001/sign-off", reason="已下班")
    with city.context.reading() as session:
        entry = session.scalars(select(AuditEntry)).one()
    assert (entry.actor_id, entry.whom_id, entry.deed) == (
        boss.user_id,
        city.agent.user_id,
        Deed.SIGN_OFF_SEAT,
    )
    assert (entry.reason, entry.details) == ("已下班", "1001")

"""Unmasking on the pages, and what auditors read of who has seen a ticket."""

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from agent_console.house import House
from agent_console.marking import WITHOUT_CITIZENS
from hotline.calls.models import OwedCallback
from hotline.calls.service import call_ended, call_queued, open_call
from hotline.harassment.models import BarReason
from hotline.harassment.service import propose
from hotline.people.actors import Actor, Role
from hotline.sealing.service import refer_lead
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality
from hotline.viewing.models import TicketView, What
from tests.factories import CITIZEN, City, FixedClock, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import _is_sound, number_of
from tests.spoken import transcribed

WHY = "王小明要求核对13800001234"


@pytest.fixture
def auditor(city: City) -> Actor:
    return user(city.context, city.hotline_id, Role.AUDITOR, username="auditor")


def logged(city: City) -> list[tuple[str, What, bool]]:
    with city.context.reading() as session:
        rows = session.execute(
            select(TicketView.viewer, TicketView.what, TicketView.in_full).order_by(TicketView.id)
        )
        return [(row[0], row[1], row[2]) for row in rows]


def test_a_supervisor_sees_a_citizen_in_full_for_a_reason(
    browser: Browser, city: City, auditor: Actor, clock: FixedClock
) -> None:
    number = number_of(city, city.signed())
    browser.sign_in(city.supervisor)
    assert CITIZEN not in browser.get(f"/tickets/{number}")
    refused = browser.post(f"/tickets/{number}/unmask", unmask_reason=" ")
    assert (refused.status_code, CITIZEN in refused.text) == (422, False)
    assert '<span class="error" id="unmask_reason-error">请写明理由。' in refused.text
    assert browser.post(f"/tickets/{number}/unmask", unmask_reason=WHY).status_code == 302
    page = browser.get(f"/tickets/{number}")
    _is_sound(page, "zh")
    assert CITIZEN in page
    assert "十分钟后恢复遮蔽" in page
    clock.advance(minutes=10)
    assert CITIZEN not in browser.get(f"/tickets/{number}")
    browser.post("/sign-out")
    page = browser.sign_in(auditor).get(f"/audit/unmaskings?number={number}")
    assert "要求核对〔电话〕" in page
    assert CITIZEN not in page
    assert city.supervisor.name in page


@pytest.mark.parametrize(
    ("role", "confidentiality"),
    [
        (Role.LEADER, Confidentiality.NORMAL),
        (Role.AUDITOR, Confidentiality.NORMAL),
        (Role.INSPECTION_OFFICE, Confidentiality.HIDDEN),
    ],
)
def test_others_are_not_offered_it_and_refused(
    browser: Browser, city: City, role: Role, confidentiality: Confidentiality
) -> None:
    ticket_id = city.signed()
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = confidentiality
    number = number_of(city, ticket_id)
    browser.sign_in(user(city.context, city.hotline_id, role))
    assert "显示完整姓名和号码" not in browser.get(f"/tickets/{number}")
    assert browser.post(f"/tickets/{number}/unmask", unmask_reason=WHY).status_code == 403
    assert CITIZEN not in browser.get(f"/tickets/{number}")


def test_the_number_of_an_owed_callback(browser: Browser, city: City, auditor: Actor) -> None:
    open_call(city.context, "a", CITIZEN, "12345")
    call_queued(city.context, "a")
    call_ended(city.context, "a")
    with city.context.reading() as session:
        row = session.scalars(select(OwedCallback)).one()
    browser.sign_in(city.callback_agent)
    assert CITIZEN not in browser.get("/callbacks/")
    refused = browser.post(f"/callbacks/calls/{row.call_id}/unmask")
    assert (refused.status_code, "请写明为什么要看号码" in refused.text) == (422, True)
    path = f"/callbacks/calls/{row.call_id}/unmask"
    assert browser.post(path, unmask_reason="号码听不清").status_code == 302
    assert CITIZEN in browser.get("/callbacks/")
    browser.post("/sign-out")
    assert CITIZEN not in browser.sign_in(city.agent).get("/callbacks/")
    browser.post("/sign-out")
    assert "号码听不清" in browser.sign_in(auditor).get("/audit/unmaskings")


def test_the_number_of_a_caller_who_is_to_be_barred(browser: Browser, city: City) -> None:
    call = open_call(city.context, "a", CITIZEN, "12345")
    call_ended(city.context, "a")
    propose(city.context.acting_as(city.agent), CITIZEN, BarReason.ABUSE, "骂人", [call.call_id], 7)
    browser.sign_in(city.supervisor)
    assert CITIZEN not in browser.get("/harassment/")
    path = f"/harassment/calls/{call.call_id}/unmask"
    refused = browser.post(path, unmask_reason=" ")
    assert (refused.status_code, CITIZEN in refused.text) == (422, False)
    assert browser.post(path, unmask_reason="与投诉人核对").status_code == 302
    assert CITIZEN in browser.get("/harassment/")


def test_who_has_seen_it_is_told_to_auditors(browser: Browser, city: City, auditor: Actor) -> None:
    ticket_id = city.signed()
    number = number_of(city, ticket_id)
    transcribed(city.context, ticket_id, ["路灯坏了"])
    browser.sign_in(city.screener)
    for path in (f"/tickets/{number}", f"/tickets/{number}", "/search?in=calls&q=路灯"):
        browser.get(path)
    name = city.screener.name
    assert logged(city) == [(name, What.PAGE, True), (name, What.WORDS, True), (name, What.FOUND, True)]
    assert browser.client.get("/audit/views").status_code == 403
    browser.post("/sign-out")
    browser.sign_in(auditor)
    assert f'href="/audit/views?number={number}"' in browser.get(f"/tickets/{number}")
    page = browser.get(f"/audit/views?number={number}&from=2020-04-30&until=2020-04-30")
    _is_sound(page, "zh")
    for words in (name, "工单内容", "通话文字", "搜索结果", "完整", "遮蔽"):
        assert words in page
    assert "没有符合的记录" in browser.get("/audit/views?until=2020-04-29")


def test_a_sealed_ticket_stays_inside_sealing(browser: Browser, city: City, auditor: Actor) -> None:
    ticket_id = city.registered()
    number = number_of(city, ticket_id)
    browser.sign_in(city.screener).get(f"/tickets/{number}")
    browser.post("/sign-out")
    refer_lead(city.context.acting_as(city.screener), ticket_id)
    inspector = user(city.context, city.hotline_id, Role.DISCIPLINE)
    browser.sign_in(inspector).get(f"/tickets/{number}")
    assert [viewer for viewer, *_ in logged(city)] == [city.screener.name]
    browser.post("/sign-out")
    browser.sign_in(auditor)
    assert "没有符合的记录" in browser.get("/audit/views")
    page = browser.get("/sealed/envelopes")
    assert "密封以前谁看过" in page
    assert city.screener.name in page
    assert inspector.name in page


def test_pages_with_citizens_name_whoever_looks(browser: Browser, city: City, app: Flask) -> None:
    number = number_of(city, city.signed())
    assert "viewer-mark" not in browser.get("/sign-in")
    browser.sign_in(city.handler)
    page = browser.get(f"/tickets/{number}")
    assert '<svg class="viewer-mark" aria-hidden="true"' in page
    assert 'href="/audit/mark.svg"' in page
    picture = browser.client.get("/audit/mark.svg")
    assert picture.mimetype == "image/svg+xml"
    for words in (city.handler.name, "水务局", "2020-04-30 16:00"):
        assert f">{words}</text>" in picture.text
    assert "style" not in picture.text
    browser.post("/sign-out")
    assert "viewer-mark" not in browser.sign_in(city.agent).get("/deadlines/")
    assert set(app.blueprints) >= WITHOUT_CITIZENS


def test_a_log_that_cannot_be_written_fails_no_page(
    app: Flask, browser: Browser, city: City, auditor: Actor
) -> None:
    number = number_of(city, city.signed())
    browser.sign_in(city.screener)
    with city.context.writing() as session:
        session.execute(text("ALTER TABLE ticket_view RENAME TO away"))
    browser.get(f"/tickets/{number}")
    house: House = app.extensions["minsheng-house"]
    assert house.views.waiting == 1
    with city.context.writing() as session:
        session.execute(text("ALTER TABLE away RENAME TO ticket_view"))
    browser.post("/sign-out")
    browser.sign_in(auditor)
    assert "有 1 条查看记录还没有写进数据库" in browser.get("/audit/views")
    browser.get(f"/tickets/{number}")
    assert house.views.waiting == 0
    with city.context.reading() as session:
        assert session.scalar(select(func.count(TicketView.id))) == 2
    page = browser.get("/audit/views")
    assert "还没有写进数据库" not in page
    assert city.screener.name in page

"""The disposition on the desk, and what a finished call's legs did on the ticket's page."""

import pytest
from sqlalchemy import select

from hotline.calls.legs import settle_legs
from hotline.calls.messages import message_left
from hotline.calls.models import Call, CallEnd, Seat
from hotline.calls.outcome import call_rated
from hotline.calls.service import call_answered, call_ended, call_queued, leg_started
from hotline.calls.timeline import LegRole, Span, SpanKind, TimedLeg
from hotline.context import Context
from hotline.tickets.models import Ticket
from hotline.tickets.service import register
from tests.factories import City, FixedClock, complete_draft
from tests.integration.console.conftest import Browser


@pytest.fixture
def call_id(context: Context, city: City, clock: FixedClock) -> int:
    """The agent is in the wrap-up of a talk of a minute."""
    ticket_id = city.drafted()
    with context.reading() as session:
        contact_id = session.get_one(Ticket, ticket_id).contact_id
        call = session.scalars(select(Call).where(Call.contact_id == contact_id)).one()
    call_queued(context, call.linkedid)
    leg_started(context, call.linkedid, call.linkedid, "PJSIP/trunk-1")
    call_answered(context, call.linkedid, "1001", "agent-leg", "PJSIP/agent-1001-1")
    begin = context.now()
    clock.advance(seconds=75)
    call_ended(context, call.linkedid)
    span = Span(SpanKind.TALK, begin, context.now(), (call.linkedid,))
    leg = TimedLeg("agent-leg", "x", LegRole.AGENT, "1001", begin, begin, context.now(), (span,))
    settle_legs(context, call.linkedid, [leg])
    return call.id


def test_the_agent_chooses_how_the_call_went(browser: Browser, city: City, call_id: int) -> None:
    browser.sign_in(city.agent)
    desk = browser.get("/desk/")
    assert f'hx-post="/desk/calls/{call_id}/disposition"' in desk
    chosen = browser.post(f"/desk/calls/{call_id}/disposition", disposition="answered")
    assert chosen.status_code == 200
    assert 'value="answered" selected' in chosen.text
    assert 'value="answered" selected' in browser.get("/desk/seat")


@pytest.mark.parametrize("word", ["", "nonsense", "answered\r\nx"])
def test_what_is_not_on_the_list_is_refused(browser: Browser, city: City, call_id: int, word: str) -> None:
    browser.sign_in(city.agent)
    refused = browser.post(f"/desk/calls/{call_id}/disposition", disposition=word)
    assert refused.status_code == 422
    assert "请从列表中选择通话结果" in refused.text


def test_nobody_elses_call(browser: Browser, city: City, call_id: int) -> None:
    browser.sign_in(city.agent)
    assert browser.post(f"/desk/calls/{call_id + 1}/disposition", disposition="answered").status_code == 422
    browser.sign_in(city.handler)
    assert browser.post(f"/desk/calls/{call_id}/disposition", disposition="answered").status_code == 403


@pytest.mark.parametrize(("code", "outcome"), [("registered", "已登记工单"), ("expert", "已引导至职能部门")])
def test_the_ticket_shows_legs_outcome_and_rating(
    browser: Browser, context: Context, city: City, call_id: int, code: str, outcome: str
) -> None:
    with context.reading() as session:
        call = session.get_one(Call, call_id)
        ticket_id = session.scalars(select(Ticket.id).where(Ticket.contact_id == call.contact_id)).one()
    number = register(context.acting_as(city.agent), ticket_id, complete_draft())
    call_rated(context, call.linkedid, 2)
    browser.sign_in(city.agent)
    browser.post(f"/desk/calls/{call_id}/disposition", disposition=code)
    page = browser.get(f"/tickets/{number}")
    for words in ("通话经过", "坐席 1001", "01:15", outcome, "按键评价"):
        assert words in page


@pytest.mark.parametrize(
    ("end", "told"), [(CallEnd.ABANDONED, "没等到人接，留了言"), (CallEnd.UNANSWERED, "无人接听，留了言")]
)
def test_who_left_a_message_did_not_just_hang_up(
    browser: Browser, city: City, context: Context, end: CallEnd, told: str
) -> None:
    ticket_id = city.drafted()
    with context.reading() as session:
        contact_id = session.get_one(Ticket, ticket_id).contact_id
        call = session.scalars(select(Call).where(Call.contact_id == contact_id)).one()
    message_left(context, call.linkedid)
    call_ended(context, call.linkedid, end)
    number = register(context.acting_as(city.agent), ticket_id, complete_draft())
    page = browser.sign_in(city.supervisor).get(f"/tickets/{number}")
    assert told in page
    assert "接通前挂断" not in page


@pytest.mark.parametrize(
    ("whose", "seconds", "kept"),
    [("seat:1001", "45", 45), ("seat:1001", "", None), ("seat:1001", "601", 20), ("seat:9999", "5", 20)],
)
def test_a_supervisor_sets_the_wrap_up_of_a_seat(
    browser: Browser, context: Context, city: City, call_id: int, whose: str, seconds: str, kept: int | None
) -> None:
    assert call_id
    with context.writing() as session:
        session.scalars(select(Seat)).one().wrap_up_seconds = 20
    browser.sign_in(city.supervisor)
    assert "整理时间" in browser.get("/skills/")
    assert browser.post("/skills/wrap-up", whose=whose, seconds=seconds).status_code == 302
    with context.reading() as session:
        assert session.scalars(select(Seat.wrap_up_seconds)).one() == kept
    browser.sign_in(city.agent)
    assert browser.post("/skills/wrap-up", whose=whose, seconds="1").status_code == 403

"""Reminders at the desk: a button beside each open ticket of the caller, and the supervisor's list."""

from hotline.calls import service as calls
from hotline.merging.reminding import remind_in_call
from hotline.tickets.service import register
from hotline.tickets.states import State
from tests.factories import CITIZEN, City, complete_draft
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import number_of
from tests.integration.families import put

OTHER = "13900000001"


def call_at_the_seat(city: City, number: str = CITIZEN) -> int:
    """A citizen has called and talks with the agent; returns the draft's id."""
    opened = calls.open_call(city.context, "call-r", number, "12345")
    calls.call_ringing(city.context, "call-r", "1001")
    calls.call_answered(city.context, "call-r", "1001", "leg", "PJSIP/agent-1001")
    return opened.ticket_id


def test_an_agent_reminds_with_one_press(browser: Browser, city: City) -> None:
    number, over = number_of(city, city.signed()), number_of(city, city.registered(OTHER))
    call_at_the_seat(city)
    browser.sign_in(city.agent)
    page = browser.get("/desk/call")
    assert f'hx-post="/desk/remind/{number}"' in page
    assert over not in page
    answer = browser.post(f"/desk/remind/{number}")
    assert (answer.status_code, "已催单，这件共催办 1 次" in answer.text) == (200, True)
    assert "催办 1 次" in browser.get(f"/tickets/{number}")
    answer = browser.post(f"/desk/remind/{over}")
    assert (answer.status_code, "这件不是这个来电号码的工单" in answer.text) == (409, True)


def test_an_agent_and_a_screener_link_what_has_come_back(browser: Browser, city: City) -> None:
    over, agent = city.registered(), city.agent
    put(city, over, state=State.CLOSED, closed_at=city.context.now())
    number, draft_id = number_of(city, over), call_at_the_seat(city)
    browser.sign_in(agent)
    path = f"/desk/recurrence/{number}"
    assert f'hx-post="{path}"' in browser.get("/desk/call")
    assert "本次来电：又发生了" in browser.post(path).text
    assert "本次来电：又发生了" in browser.get("/desk/call")
    assert "本次来电：又发生了" not in browser.post(path, undo="1").text
    register(city.context.acting_as(agent), draft_id, complete_draft())
    new = number_of(city, draft_id)
    browser.post("/sign-out")
    page, link = browser.sign_in(city.screener), f"/tickets/{new}/recurrence"
    assert "同一号码有 1 件已办结的工单" in browser.get(f"/tickets/{new}")
    wrong = page.post(link, earlier_number="没有这件")
    assert (wrong.status_code, "这件不是同一个号码的工单" in wrong.text, "没有这件" in wrong.text) == (
        409,
        True,
        True,
    )
    assert page.post(link, earlier_number=number).status_code == 302
    told = [browser.get(f"/tickets/{one}") for one in (new, number)]
    assert "同一件事以前办过 1 次" in told[0]
    assert "办结后又发生 1 次" in told[1]
    assert f'href="/tickets/{new}"' in told[1]


def test_without_a_call_nobody_reminds(browser: Browser, city: City) -> None:
    number = number_of(city, city.signed())
    browser.sign_in(city.agent)
    answer = browser.post(f"/desk/remind/{number}")
    assert (answer.status_code, "通话中或整理时才能催单" in answer.text) == (409, True)
    browser.post("/sign-out")
    browser.sign_in(city.screener)
    assert browser.post(f"/desk/remind/{number}").status_code == 403


def test_a_call_that_was_only_a_reminder_is_no_unfinished_draft(browser: Browser, city: City) -> None:
    number = number_of(city, city.signed())
    draft_id = call_at_the_seat(city)
    browser.sign_in(city.agent)
    browser.post(f"/desk/remind/{number}")
    calls.call_ended(city.context, "call-r")
    browser.post("/desk/seat/wrapped-up")
    assert f"draft={draft_id}" not in browser.get("/desk/")


def test_a_supervisor_sees_what_is_often_reminded_of(browser: Browser, city: City) -> None:
    number = number_of(city, city.signed())
    browser.sign_in(city.supervisor)
    assert "没有多次催办的工单" in browser.get("/reminded")
    for _ in range(3):
        remind_in_call(city.context.acting_as(city.agent), city.drafted(), number)
    page = browser.get(f"/reminded?open={number}")
    assert number in page
    assert "催办 3 次" in page
    browser.post("/sign-out")
    browser.sign_in(city.screener)
    assert browser.client.get("/reminded").status_code == 403

"""The desk and the routes for programs, for a supervisor who has taken a call over; forced log-outs."""

import pytest

from hotline.calls import service as calls
from hotline.calls.ports import Supervising
from hotline.calls.seats import seat_of
from hotline.context import Context
from hotline.conversations import facts
from hotline.conversations.models import PartyEnd
from hotline.monitoring.models import Mode
from hotline.monitoring.service import heard, joined, supervise, taken_over
from hotline.people.actors import Actor, Role
from tests.factories import CITIZEN, City, FakeTelephone, FixedClock, user
from tests.integration.console.conftest import Browser

LINKEDID, AGENT_LEG, ROOM = "1763768000.1", "1763768000.2", "room"
JSON = {"Accept": "application/json"}


@pytest.fixture
def boss(city: City) -> Actor:
    """A supervisor whose telephone is registered."""
    actor = user(city.context, city.hotline_id, Role.SUPERVISOR, username="boss", extension="2001")
    with city.context.writing() as session:
        seat_of(session, "2001").registered = True
    return actor


@pytest.fixture
def call_id(city: City, boss: Actor, telephone: FakeTelephone) -> int:
    """The agent's call has become the supervisor's."""
    context = city.context
    opened = calls.open_call(context, LINKEDID, CITIZEN, "12345")
    calls.leg_started(context, LINKEDID, LINKEDID, "PJSIP/trunk-00000000")
    calls.call_answered(context, LINKEDID, "1001", AGENT_LEG, "PJSIP/agent-1001-00000001")
    supervise(context.acting_as(boss), telephone, opened.call_id, Mode.TAKE_OVER)
    leg = telephone.asked[-1][2]
    heard(context, leg, Supervising.JOIN)
    joined(context, telephone, leg)
    taken_over(context, leg)
    for channel_id, extension in ((LINKEDID, None), (AGENT_LEG, "1001"), (leg, "2001")):
        enters(context, channel_id, extension)
    calls.leg_ended(context, AGENT_LEG)
    facts.party_gone(context, AGENT_LEG, PartyEnd.HUNG_UP)
    return opened.call_id


def enters(context: Context, channel_id: str, extension: str | None) -> None:
    facts.party_entered(context, facts.Place(LINKEDID, channel_id, channel_id, extension, ROOM))


def test_the_board_leads_to_the_desk_and_the_desk_has_every_step(
    browser: Browser, boss: Actor, call_id: int, telephone: FakeTelephone
) -> None:
    browser.sign_in(boss)
    bar = browser.get("/board/bar")
    assert 'href="/desk/"' in bar
    assert "data-owns-call" in bar
    desk = browser.get("/desk/")
    assert "您接管了这通电话" in desk
    assert "desk/seat/ready" not in desk
    part = browser.get("/talk/conversation")
    assert f'data-call="{call_id}"' in part
    assert 'data-step="hold"' in part
    assert browser.post(f"/talk/{call_id}/hold").status_code == 200
    assert telephone.asked[-1][:2] == ("hold", LINKEDID)
    assert browser.get("/desk/panel/consult")


def test_the_desk_shows_the_words_of_a_call_taken_over(browser: Browser, boss: Actor, call_id: int) -> None:
    assert f'data-words="{call_id}"' in browser.sign_in(boss).get("/desk/words")


def test_programs_have_every_step_and_the_former_agent_has_none(
    browser: Browser, city: City, boss: Actor, call_id: int
) -> None:
    browser.sign_in(boss)
    told = browser.client.get("/talk/conversation", headers=JSON).json
    assert (told["call"], told["phase"]) == (call_id, "talking")
    assert {"hold", "consult", "transfer", "add", "pause_recording"} <= set(told["can"])
    former = Browser(browser.client.application).sign_in(city.agent)
    answer = former.client.post(f"/talk/{call_id}/hold", headers=JSON | {"X-CSRFToken": former.token()})
    assert (answer.status_code, answer.json["error"]) == (409, "not_yours")


def test_a_supervisor_without_the_agents_role_neither_writes_the_draft_nor_waits_for_calls(
    browser: Browser, boss: Actor, call_id: int
) -> None:
    browser.sign_in(boss)
    assert browser.client.get("/desk/draft").status_code == 200
    assert "您接管了这通电话" in browser.get("/desk/draft")
    assert browser.post("/desk/seat/ready").status_code == 403
    assert browser.post("/desk/draft/1").status_code == 403


def test_a_board_without_a_call_taken_over_leads_nowhere(
    browser: Browser, city: City, boss: Actor, telephone: FakeTelephone
) -> None:
    bar = browser.sign_in(boss).get("/board/bar")
    assert 'href="/desk/"' not in bar
    assert "data-owns-call" not in bar


def test_a_page_that_was_logged_out_gets_no_telephone_before_a_new_sign_in(
    browser: Browser, city: City, clock: FixedClock
) -> None:
    browser.sign_in(city.agent)
    assert browser.client.get("/desk/phone").status_code == 200
    clock.advance(minutes=1)
    supervisor = Browser(browser.client.application).sign_in(city.supervisor)
    assert supervisor.post("/board/seats/1001/sign-off", reason="已下班未退出").status_code == 204
    assert browser.client.get("/desk/phone").status_code == 403
    assert "督办员已让您下线" in browser.get("/desk/")
    clock.advance(minutes=1)
    browser.post("/sign-out")
    browser.sign_in(city.agent)
    assert browser.client.get("/desk/phone").status_code == 200

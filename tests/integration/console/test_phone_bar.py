"""The conversation on the phone bar: what can be pressed, and why not."""

import re

import pytest

from hotline.calls import service as calls
from hotline.conversations.models import Party, PartyKind, PartyState
from tests.factories import City, FakeTelephone
from tests.integration.console.conftest import Browser

ROOM = "room-1"


@pytest.fixture
def agent(browser: Browser, city: City) -> Browser:
    return browser.sign_in(city.agent)


@pytest.fixture
def call_id(city: City) -> int:
    """The agent talks with a citizen."""
    opened = calls.open_call(city.context, "call-x", "13900009999", "12345")
    calls.call_answered(city.context, "call-x", "1001", "leg-x", "PJSIP/agent-1001-0000000a")
    now = city.context.now()
    here = {"call_id": opened.call_id, "state": PartyState.TALKING, "bridge": ROOM}
    with city.context.writing() as session:
        session.add_all(
            [
                Party(kind=PartyKind.CALLER, channel_id="call-x", asked_at=now, answered_at=now, **here),
                Party(
                    kind=PartyKind.AGENT,
                    channel_id="leg-x",
                    label="王丽",
                    extension="1001",
                    user_id=city.agent.user_id,
                    asked_at=now,
                    answered_at=now,
                    **here,
                ),
            ]
        )
    return opened.call_id


def button(page: str, step: str) -> str:
    found = re.search(rf'<button[^>]*data-(?:step|panel-step)="{step}"[^>]*>', page)
    assert found, f"no button for {step}"
    return found[0]


def test_nothing_is_shown_without_a_conversation(agent: Browser) -> None:
    assert "data-step" not in agent.get("/talk/conversation")


def test_what_is_of_no_use_now_says_why(agent: Browser, call_id: int) -> None:
    page = agent.get("/talk/conversation")
    for step in ("hold", "pause_recording", "add", "consult", "emergency", "keys"):
        assert "disabled" not in button(page, step)
    assert 'disabled title="通话里没有别的人。"' in button(page, "leave")
    assert 'data-key="alt+h"' in button(page, "hold")
    assert "resume" not in re.findall(r'data-step="(\w+)"', page)


def test_a_refused_step_says_so_and_leaves_the_conversation(
    agent: Browser, call_id: int, telephone: FakeTelephone
) -> None:
    answer = agent.post(f"/talk/{call_id}/resume")
    assert answer.status_code == 409
    assert 'id="talk-problem"' in answer.text
    assert "市民没有在等待。" in answer.text
    assert "data-step" in answer.text
    assert telephone.asked == []


def test_a_step_that_is_taken_clears_the_refusal_before(agent: Browser, call_id: int) -> None:
    answer = agent.post(f"/talk/{call_id}/hold")
    assert answer.status_code == 200
    assert '<div id="talk-problem" hx-swap-oob="innerHTML"></div>' in answer.text


@pytest.mark.parametrize(
    ("panel", "words"),
    [
        ("consult", "先咨询"),
        ("transfer", "回到排队"),
        ("add", "三方通话"),
        ("emergency", "消防"),
        ("keys", "#"),
    ],
)
def test_panels_offer_what_they_are_for(agent: Browser, call_id: int, panel: str, words: str) -> None:
    page = agent.get(f"/desk/panel/{panel}")
    assert words in page
    assert f"/talk/{call_id}/" in page


def test_an_unknown_panel_is_not_found(agent: Browser) -> None:
    assert agent.client.get("/desk/panel/everything").status_code == 404

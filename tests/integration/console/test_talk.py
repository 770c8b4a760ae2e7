"""Steps in a conversation through the console: page, JSON and refusals; the directory; relays."""

import pytest

from hotline.calls import service as calls
from hotline.calls.models import SeatState
from hotline.calls.seats import seat_changed, seat_registered
from hotline.calls.way import WayKind, passed, planned
from hotline.context import Context
from hotline.conversations import facts
from hotline.conversations.facts import Place
from hotline.conversations.models import PartyEnd
from hotline.directory.models import DutyPhone
from hotline.directory.service import Duty, add_phone
from hotline.people.actors import Role
from hotline.people.models import User
from hotline.people.privacy import masked_phone
from tests.factories import CITIZEN, City, FakeTelephone, FixedClock, local, user
from tests.integration.console.conftest import Browser

CALLER, LEG, ROOM = "call-77", "leg-77", "room-1"
JSON = {"Accept": "application/json"}


@pytest.fixture
def agent(browser: Browser, city: City) -> Browser:
    return browser.sign_in(city.agent)


@pytest.fixture
def call_id(context: Context, city: City) -> int:
    """A citizen talks with the agent."""
    opened = calls.open_call(context, CALLER, CITIZEN, "12345")
    calls.leg_started(context, CALLER, CALLER, "PJSIP/trunk-1")
    calls.call_answered(context, CALLER, "1001", LEG, "PJSIP/desk-1001-00000001")
    enter(context, CALLER, None, ROOM)
    enter(context, LEG, "1001", ROOM)
    return opened.call_id


@pytest.fixture
def phone_id(context: Context, city: City) -> int:
    """The water bureau's telephone."""
    return add_phone(context.acting_as(city.supervisor), city.water_id, Duty("8411 0000", "值班"))


def enter(context: Context, channel_id: str, extension: str | None, room: str) -> None:
    facts.party_entered(context, Place(CALLER, channel_id, channel_id, extension, room))


@pytest.mark.parametrize(
    ("number", "hour", "error", "words"),
    [
        ("84110000", 22, "not_at_this_hour", "现在不是外呼时间：手输的号码只能在 07:00-22:00 拨打。"),
        ("abc", 16, "not_a_number", "这不是一个电话号码。"),
        ("16812345", 16, "not_allowed", "不能拨打这个号码。"),
    ],
)
def test_a_typed_number_is_refused_with_its_reason(
    agent: Browser, clock: FixedClock, call_id: int, number: str, hour: int, error: str, words: str
) -> None:
    clock.set(local(f"2020-04-30 {hour}:00"))
    token = {"X-CSRFToken": agent.token()}
    given = {"target": f"number:{number}"}
    answer = agent.client.post(f"/talk/{call_id}/consult", data=given, headers=JSON | token)
    assert answer.status_code == (409 if error == "not_at_this_hour" else 422)
    assert (answer.json["error"], answer.json["message"]) == (error, words)


def test_a_number_typed_in_wide_digits_is_rung(
    agent: Browser, call_id: int, telephone: FakeTelephone
) -> None:
    assert agent.post(f"/talk/{call_id}/consult", target="number:８４１１ ００００").status_code == 200
    assert "84110000" in str(telephone.asked[-1])


def test_keys_go_to_the_caller(agent: Browser, call_id: int, telephone: FakeTelephone) -> None:
    assert agent.post(f"/talk/{call_id}/keys", keys="*").status_code == 200
    assert telephone.asked[-1] == ("press_keys", CALLER, "*")


def test_a_leaders_keys_are_heard_by_the_exchange_too(
    agent: Browser, context: Context, call_id: int, telephone: FakeTelephone
) -> None:
    planned(context, call_id, "", [passed(WayKind.LEADER, name="李局长", scope="供水")])
    for key in "*0":
        assert agent.post(f"/talk/{call_id}/keys", keys=key).status_code == 200
    assert telephone.asked[-2:] == [("key_in", LEG, "*"), ("key_in", LEG, "0")]


def test_a_program_gets_what_the_page_shows(agent: Browser, call_id: int, telephone: FakeTelephone) -> None:
    told = agent.client.get("/talk/conversation", headers=JSON).json
    assert told["phase"] == "talking"
    assert {party["kind"] for party in told["parties"]} == {"caller", "agent"}
    assert "hold" in told["can"]
    assert CITIZEN not in str(told)
    page = agent.get("/talk/conversation")
    assert f'data-call="{call_id}"' in page
    answer = agent.client.post(f"/talk/{call_id}/hold", headers=JSON | {"X-CSRFToken": agent.token()})
    assert answer.status_code == 200
    assert telephone.asked[-1] == ("hold", CALLER, LEG)


def test_the_state_shown_is_what_the_telephone_says(agent: Browser, context: Context, call_id: int) -> None:
    facts.party_left_bridge(context, CALLER, ROOM)
    enter(context, CALLER, None, "music")
    assert agent.client.get("/talk/conversation", headers=JSON).json["phase"] == "held"
    answer = agent.post(f"/talk/{call_id}/hold")
    assert answer.status_code == 409
    assert "请先恢复通话" in answer.text


def test_refusals_change_nothing(
    agent: Browser, context: Context, city: City, call_id: int, phone_id: int, telephone: FakeTelephone
) -> None:
    refused = {
        f"/talk/{call_id}/consult": ({"target": "agent:1001"}, 422),
        f"/talk/{call_id}/transfer": ({"target": "phone:999"}, 422),
        f"/talk/{call_id}/keys": ({"keys": "1;2"}, 422),
        f"/talk/{call_id}/emergency": ({"service": "911"}, 422),
        f"/talk/{call_id}/join": ({}, 409),
        f"/talk/{call_id}/leave": ({}, 409),
        f"/talk/{call_id}/resume": ({}, 409),
        f"/talk/{call_id}/parties/1/remove": ({}, 409),
        f"/talk/{call_id + 1}/hold": ({}, 409),
    }
    for path, (fields, status) in refused.items():
        assert agent.post(path, **fields).status_code == status, path
    telephone.away = True
    assert agent.post(f"/talk/{call_id}/add", target=f"phone:{phone_id}").status_code == 503
    telephone.away = False
    assert telephone.asked == []
    other = Browser(agent.client.application).sign_in(city.dispatcher)
    assert other.client.get("/talk/conversation").status_code == 403


def test_a_third_party_rings_answers_or_does_not(
    agent: Browser, context: Context, call_id: int, phone_id: int, telephone: FakeTelephone
) -> None:
    assert "水务局 值班" in agent.post(f"/talk/{call_id}/add", target=f"phone:{phone_id}").text
    channel_id = telephone.asked[-1][3]
    assert agent.post(f"/talk/{call_id}/add", target=f"phone:{phone_id}").status_code == 409
    facts.party_gone(context, channel_id, PartyEnd.BUSY)
    assert "占线" in agent.get("/talk/conversation")
    agent.post(f"/talk/{call_id}/add", target=f"phone:{phone_id}")
    enter(context, telephone.asked[-1][3], None, ROOM)
    told = agent.client.get("/talk/conversation", headers=JSON).json
    assert [party["state"] for party in told["parties"] if not party["end"]] == ["talking"] * 3
    assert "leave" in told["can"]


def test_departments_have_their_english_names_for_readers_of_english(
    agent: Browser, context: Context, call_id: int, phone_id: int, telephone: FakeTelephone
) -> None:
    agent.post("/language", language="en", next="/")
    assert "water 值班" in agent.get("/desk/panel/consult")
    assert "water 值班" in agent.post(f"/talk/{call_id}/add", target=f"phone:{phone_id}").text
    facts.party_gone(context, telephone.asked[-1][3], PartyEnd.BUSY)
    assert "water 值班: Busy" in agent.get("/talk/conversation")
    agent.post("/language", language="zh", next="/")
    assert "水务局 值班：占线" in agent.get("/talk/conversation")


def test_an_agent_who_is_asked_in_sees_by_whom_and_no_steps_of_the_others(
    agent: Browser, context: Context, city: City, call_id: int, telephone: FakeTelephone
) -> None:
    colleague = user(context, city.hotline_id, Role.AGENT, username="colleague", extension="1002")
    seat_registered(context, "1002", True)
    seat_changed(context, "1002", SeatState.READY)
    asked = Browser(agent.client.application).sign_in(colleague)
    assert agent.post(f"/talk/{call_id}/consult", target="agent:1002").status_code == 200
    page = asked.get("/talk/conversation")
    assert f"{masked_phone(CITIZEN)} 的通话" in page
    assert "data-step" not in page
    enter(context, telephone.asked[-1][3], "1002", ROOM)
    page = asked.get("/talk/conversation")
    assert "data-party" in page
    assert "您挂断就退出" in page
    assert "data-step" not in page
    assert asked.client.get("/talk/conversation", headers=JSON).json["can"] == []
    assert 'data-step="hold"' in agent.get("/talk/conversation")
    assert "您在同事的通话里" in asked.get("/desk/")


def test_a_refusal_goes_with_the_call(agent: Browser, context: Context, call_id: int) -> None:
    assert "talk-problem" not in agent.get("/talk/conversation")
    facts.party_gone(context, LEG, PartyEnd.HUNG_UP)
    facts.party_gone(context, CALLER, PartyEnd.HUNG_UP)
    assert '<div id="talk-problem" hx-swap-oob="innerHTML"></div>' in agent.get("/talk/conversation")


def test_a_transfer_that_fails_says_whom_to_bring_back(
    agent: Browser, context: Context, call_id: int, phone_id: int, telephone: FakeTelephone
) -> None:
    agent.post(f"/talk/{call_id}/transfer", target=f"phone:{phone_id}")
    failed = facts.party_gone(context, telephone.asked[-1][3], PartyEnd.NO_ANSWER).failed
    assert failed is not None
    assert failed.agent_is_here
    assert (failed.legs.caller, failed.legs.agent) == (CALLER, LEG)


def test_supervisors_edit_the_directory(browser: Browser, context: Context, city: City) -> None:
    browser.sign_in(city.supervisor)
    entry = {
        "label": "夜班",
        "phone": "84110009",
        "days": "every_day",
        "weekdays": ["1", "7"],
        "from_time": "22:00",
        "until_time": "06:00",
        "position": "2",
    }
    assert browser.post(f"/directory/{city.water_id}/phones", **entry).status_code == 302
    assert "22:00–06:00" in browser.get("/directory/")
    with context.reading() as session:
        [phone] = session.query(DutyPhone)
    for wrong in ({"phone": "0085212345678"}, {"label": ""}, {"weekdays": []}, {"from_time": "25:00"}):
        assert browser.post(f"/directory/phones/{phone.id}", **{**entry, **wrong}).status_code == 422, wrong
    assert browser.post(f"/directory/phones/{phone.id}/remove").status_code == 302
    assert "84110009" not in browser.get("/directory/")


def test_only_the_department_that_holds_the_ticket_calls_its_citizen(
    browser: Browser, context: Context, city: City, phone_id: int, telephone: FakeTelephone
) -> None:
    ticket_id = city.signed()
    browser.sign_in(city.handler)
    assert "值班" in browser.get(f"/relays/{ticket_id}")
    assert "正在呼叫承办单位" in browser.post(f"/relays/{ticket_id}", phone=phone_id).text
    assert telephone.asked[-1][:3] == ("relay", "84110000", CITIZEN)
    assert browser.post(f"/relays/{ticket_id}", phone=phone_id).status_code == 409
    other = city.accepted()
    assert browser.post(f"/relays/{other}", phone=phone_id).status_code == 409


def test_the_telephone_that_was_chosen_stays_chosen(
    browser: Browser, context: Context, city: City, phone_id: int
) -> None:
    """After a refusal, and when the part is fetched anew, because the relay call has ended."""
    second_id = add_phone(context.acting_as(city.supervisor), city.water_id, Duty("84110001", "大厅"))
    assert second_id != phone_id
    chosen = f'<option value="{second_id}" selected>'
    ticket = f"/relays/{city.signed()}"
    browser.sign_in(city.handler)
    assert chosen in browser.post(ticket, phone=second_id).text
    refused = browser.post(ticket, phone=second_id)
    assert (refused.status_code, chosen in refused.text) == (409, True)
    assert chosen in browser.get(f"{ticket}?phone={second_id}")
    assert chosen not in browser.get(f"{ticket}?phone=x")


def test_an_agent_whose_telephone_is_away_cannot_be_rung(
    agent: Browser, context: Context, city: City, call_id: int
) -> None:
    with context.writing() as session:
        session.get_one(User, city.screener.user_id).extension = "1002"
    seat_registered(context, "1002", registered=False)
    answer = agent.post(f"/talk/{call_id}/consult", target="agent:1002")
    assert answer.status_code == 409
    assert "不在线" in answer.text


def test_after_a_gap_the_state_is_what_the_telephone_says(
    agent: Browser, context: Context, call_id: int, phone_id: int, telephone: FakeTelephone
) -> None:
    agent.post(f"/talk/{call_id}/add", target=f"phone:{phone_id}")
    third = telephone.asked[-1][3]
    now = [
        Place(CALLER, CALLER, CALLER, None, "music"),
        Place(CALLER, LEG, LEG, "1001", "room-2"),
        Place(CALLER, third, third, None, "room-2"),
    ]
    facts.these_are_here(context, now, "")
    assert agent.client.get("/talk/conversation", headers=JSON).json["phase"] == "consulting"
    facts.these_are_here(context, now[:2], "")
    told = agent.client.get("/talk/conversation", headers=JSON).json
    assert told["phase"] == "held"
    assert {party["kind"] for party in told["parties"]} == {"caller", "agent"}
    facts.these_are_here(context, [], "")
    assert agent.client.get("/talk/conversation", headers=JSON).json is None

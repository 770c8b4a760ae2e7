"""The coordinated and the high-level track: who is named, what is decided, who is told first."""

import pytest
from sqlalchemy import select

from hotline.coordination import queries, service
from hotline.coordination.rules import CoordinationRefused, Obstacle
from hotline.dispatch.service import dispatch
from hotline.people.actors import Actor, NotPermitted, Role
from hotline.screening.service import Screened, accept
from hotline.supervision.models import SupervisionCase
from hotline.supervision.rules import CaseState, Level, Trigger
from hotline.supervision.watching import watch
from hotline.tickets.lifecycle import GuardFailed
from hotline.tickets.models import Ticket
from hotline.tickets.states import State, TicketTrack
from tests.factories import City, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import _is_sound, number_of

WHY = "水务和公安都说不归自己管。"


def on_track(city: City, track: TicketTrack) -> int:
    ticket_id = city.registered()
    accept(city.context.acting_as(city.screener), ticket_id, Screened(track=track))
    return ticket_id


def refusal(deed: object, *arguments: object) -> Obstacle:
    with pytest.raises(CoordinationRefused) as refused:
        deed(*arguments)  # type: ignore[operator]
    return refused.value.obstacle


@pytest.fixture
def leader_of_city(city: City) -> Actor:
    return user(city.context, city.police_id, Role.LEADER)


def test_a_coordinated_ticket_has_a_coordinator_and_two_departments(browser: Browser, city: City) -> None:
    ticket_id = on_track(city, TicketTrack.COORDINATED)
    number, dispatching = number_of(city, ticket_id), city.context.acting_as(city.dispatcher)
    with pytest.raises(GuardFailed, match="name a coordinator"):
        dispatch(dispatching, ticket_id, city.water_id, [city.police_id])
    browser.sign_in(city.dispatcher)
    assert "等指定协调人" in browser.get("/coordination")
    page = browser.get(f"/coordination?open={number}")
    _is_sound(page, "zh")
    chosen = str(city.supervisor.user_id)
    refused = browser.post(f"/tickets/{number}/coordinator", coordinator=chosen, name_why="")
    assert (refused.status_code, "请写明内容" in refused.text) == (422, True)
    assert f'<option selected value="{chosen}">' in refused.text
    browser.post(f"/tickets/{number}/coordinator", coordinator=chosen, name_why=WHY)
    with pytest.raises(GuardFailed, match="two departments"):
        dispatch(dispatching, ticket_id, city.water_id)
    dispatch(dispatching, ticket_id, city.water_id, [city.police_id])
    browser.post("/sign-out")

    browser.sign_in(city.supervisor)
    assert "由您协调" in browser.get("/coordination")
    meeting = {"held_on": "2020-04-30", "chair": "李副市长", "decisions": "水务局 5 月 6 日前修好。"}
    address, both = f"/tickets/{number}/coordination-meeting", [city.water_id, city.police_id]
    refused = browser.post(address, **meeting, departments=[city.water_id])
    assert (refused.status_code, "至少两个" in refused.text) == (409, True)
    assert meeting["decisions"] in refused.text
    assert browser.post(address, **meeting, departments=both).status_code == 302
    page = browser.get(f"/tickets/{number}")
    assert all(words in page for words in ("召开协调会", "李副市长", meeting["decisions"], "水务局", WHY))


def test_who_is_named_last_coordinates(city: City) -> None:
    tickets = [on_track(city, TicketTrack.COORDINATED) for _ in range(2)]
    dispatching = city.context.acting_as(city.dispatcher)
    first, last = city.supervisor, user(city.context, city.hotline_id, Role.SUPERVISOR)
    for ticket_id, named in ((tickets[0], first), (tickets[1], first), (tickets[0], last)):
        service.name_coordinator(dispatching, ticket_id, named.user_id or 0, WHY)
    with city.context.reading() as session:
        theirs = [
            [ticket.id for ticket in queries.coordinated_by(session, one.user_id or 0)]
            for one in (first, last)
        ]
    assert theirs == [[tickets[1]], [tickets[0]]]


def test_leaders_are_told_first_and_then_it_is_supervised(
    browser: Browser, city: City, leader_of_city: Actor
) -> None:
    ticket_id = on_track(city, TicketTrack.HIGH_LEVEL)
    number, dispatching = number_of(city, ticket_id), city.context.acting_as(city.dispatcher)
    with pytest.raises(GuardFailed, match="leaders are briefed"):
        dispatch(dispatching, ticket_id, city.water_id)
    browser.sign_in(city.supervisor)
    assert "等报领导" in browser.get("/coordination")
    browser.post(f"/tickets/{number}/brief", brief="全城停水，建议启动应急供水。")
    browser.post("/sign-out")
    browser.sign_in(leader_of_city)
    page = browser.get(f"/coordination?open={number}")
    assert all(words in page for words in ("全城停水，建议启动应急供水。", "领导未阅"))
    assert browser.post(f"/tickets/{number}/brief-read").status_code == 302
    assert number not in browser.get("/coordination").split('id="rows"')[1]
    assert "领导已阅" in browser.get(f"/tickets/{number}")

    assert watch(city.context) == 0, "no department has it"
    dispatch(dispatching, ticket_id, city.water_id)
    assert [watch(city.context), watch(city.context)] == [1, 0]
    with city.context.reading() as session:
        (case,) = session.scalars(select(SupervisionCase)).all()
    assert (case.level, case.trigger, case.state) == (Level.L3, Trigger.HIGH_LEVEL, CaseState.PROPOSED)


def test_what_is_refused(city: City, leader_of_city: Actor) -> None:
    context, timely = city.context, city.accepted()
    joint, high = on_track(city, TicketTrack.COORDINATED), on_track(city, TicketTrack.HIGH_LEVEL)
    boss, other = context.acting_as(city.supervisor), context.acting_as(city.reviewer)
    supervisor_id = city.supervisor.user_id
    assert refusal(service.name_coordinator, boss, timely, supervisor_id, WHY) is Obstacle.OTHER_TRACK
    assert (
        refusal(service.name_coordinator, boss, joint, city.handler.user_id, WHY) is Obstacle.NO_COORDINATOR
    )
    assert refusal(service.name_coordinator, boss, joint, supervisor_id, " ") is Obstacle.NO_TEXT
    assert refusal(service.brief_leaders, boss, joint, "x") is Obstacle.OTHER_TRACK
    assert refusal(service.mark_read, context.acting_as(leader_of_city), high) is Obstacle.NOTHING_TO_READ
    today = context.now().astimezone(context.settings.zone).date()
    meeting = service.MeetingForm(today, "李副市长", [city.water_id, city.police_id], "分工")
    with pytest.raises(NotPermitted):
        service.record_meeting(other, joint, meeting)
    with pytest.raises(NotPermitted):
        service.brief_leaders(other, high, "x")
    with context.writing() as session:
        assert queries.meetings_of(session, joint) == []
        session.get_one(Ticket, joint).state = State.CLOSED
    assert refusal(service.record_meeting, boss, joint, meeting) is Obstacle.OVER

"""Writing a week of the roster, and what calls tell, on both kinds of database."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from hotline.calls.models import Call
from hotline.contacts.models import Contact
from hotline.insight.queries import calls_by_half_hour
from hotline.people.actors import NotPermitted, Role
from hotline.roster.models import RosterEntry
from hotline.roster.queries import coming, on_duty
from hotline.roster.rules import Obstacle
from hotline.roster.service import UNWRITTEN, RosterRefused, StaleRoster, write_week
from hotline.tickets.states import Channel
from tests.factories import CITY, City, FixedClock, local, user

MONDAY = date(2020, 4, 27)  # the clock shows Thursday, 30 April, 16:00
THURSDAY, FRIDAY, SUNDAY = (MONDAY + timedelta(days=step) for step in (3, 4, 6))


def test_a_week_is_written_as_a_whole(city: City, clock: FixedClock) -> None:
    supervising = city.context.acting_as(city.supervisor)
    other = user(city.context, city.hotline_id, Role.AGENT, extension="1002")
    first, second = city.agent.user_id or 0, other.user_id or 0
    wanted = {(first, THURSDAY): "day", (first, SUNDAY): "day", (second, THURSDAY): "night"}
    assert write_week(supervising, MONDAY, UNWRITTEN, wanted) == 1
    with city.context.reading() as session:
        assert set(on_duty(session, clock.now())) == {first}
        shifts = coming(session, first, clock.now())
        assert [(one.begins_at, one.ends_at) for one in shifts] == [
            (local(f"{day} 08:00"), local(f"{day} 20:00")) for day in (THURSDAY, SUNDAY)
        ]
    with pytest.raises(StaleRoster, match="meanwhile") as stale:
        write_week(supervising, MONDAY, UNWRITTEN, {})
    assert stale.value.by == city.supervisor.name
    clock.advance(days=1)  # what was on Thursday is over, and stays
    assert write_week(supervising, MONDAY, 1, {(second, FRIDAY): "night"}) == 2
    with city.context.reading() as session:
        stored = session.execute(select(RosterEntry.user_id, RosterEntry.day).order_by(RosterEntry.id)).all()
    assert sorted(map(tuple, stored)) == sorted([(first, THURSDAY), (second, THURSDAY), (second, FRIDAY)])
    with pytest.raises(NotPermitted):
        write_week(city.context.acting_as(city.agent), MONDAY, 2, {})


def test_what_cannot_be_is_refused_and_changes_nothing(city: City) -> None:
    supervising, agent = city.context.acting_as(city.supervisor), city.agent.user_id or 0
    screener = city.screener.user_id or 0
    refused = [
        ({(agent, MONDAY): "day"}, MONDAY, Obstacle.PAST),
        ({(screener, FRIDAY): "day"}, FRIDAY, Obstacle.UNKNOWN_PERSON),
        ({(agent, FRIDAY): "noon"}, FRIDAY, Obstacle.UNKNOWN_SHIFT),
        ({(agent, THURSDAY): "night", (agent, FRIDAY): "day"}, FRIDAY, Obstacle.TOO_LITTLE_REST),
    ]
    for wanted, day, obstacle in refused:
        with pytest.raises(RosterRefused) as refusal:
            write_week(supervising, MONDAY, UNWRITTEN, wanted)
        assert [(one.day, one.obstacle) for one in refusal.value.faults] == [(day, obstacle)]
    write_week(supervising, MONDAY, UNWRITTEN, {(agent, SUNDAY): "night"})
    with pytest.raises(RosterRefused) as refusal:  # the week before is looked at, too
        write_week(
            supervising, MONDAY + timedelta(days=7), UNWRITTEN, {(agent, SUNDAY + timedelta(days=1)): "day"}
        )
    assert refusal.value.faults[0].obstacle is Obstacle.TOO_LITTLE_REST
    with city.context.reading() as session:
        assert session.scalar(select(func.count()).select_from(RosterEntry)) == 1


def test_calls_are_counted_by_the_citys_half_hours(city: City) -> None:
    times = (
        "2020-04-23 00:00",
        "2020-04-23 00:29",
        "2020-04-23 23:59",
        "2020-04-22 23:59",
        "2020-04-24 00:00",
    )
    with city.context.writing() as session:
        for number, text in enumerate(times):
            at = local(text)
            contact = Contact(channel=Channel.PHONE, source_ref=text, received_at=at)
            session.add(
                Call(linkedid=f"c{number}", contact=contact, dialled="12345", started_at=at, queued_at=at)
            )
    with city.context.reading() as session:
        found = calls_by_half_hour(session, CITY, [date(2020, 4, 23), date(2020, 4, 16)])
    assert {slot: count for slot, count in enumerate(found[date(2020, 4, 23)]) if count} == {0: 2, 47: 1}
    assert not any(found[date(2020, 4, 16)])

"""Seats in reserve: called in by a surge, as many as the plan wants, and sent back after it."""

import pytest
from sqlalchemy import select

from hotline.call_plan import service
from hotline.calls import seats
from hotline.calls.misses import pause_absent
from hotline.calls.models import Seat, SeatState
from hotline.calls.reachability import UNREACHABLE
from hotline.calls.service import call_answered, call_queued, call_ringing, open_call
from hotline.context import Context
from hotline.people.actors import Role
from hotline.queueing.reserve import RESERVE, keep_reserve
from tests.factories import City, FakeTelephone, user

EXTENSIONS = ("1003", "1004", "1005")


@pytest.fixture
def supervising(city: City) -> Context:
    """Three people in reserve, and a plan that wants two more seats in a surge."""
    for extension in EXTENSIONS:
        user(city.context, city.water_id, Role.AGENT, extension=extension)
        seats.seat_registered(city.context, extension, True)
        seats.seat_changed(city.context, extension, SeatState.PAUSED, RESERVE)
    supervisor = city.context.acting_as(city.supervisor)
    revision = service.change_draft(
        supervisor,
        service.begin_draft(supervisor),
        lambda plan: plan.model_copy(update={"surge": plan.surge.model_copy(update={"extra_seats": 2})}),
    )
    service.make_live(supervisor, revision, "高峰加两个坐席")
    return supervisor


def states(context: Context) -> list[tuple[SeatState, str, bool]]:
    with context.reading() as session:
        query = select(Seat).where(Seat.extension.in_(EXTENSIONS)).order_by(Seat.extension)
        return [(seat.state, seat.reason, seat.called_in) for seat in session.scalars(query)]


READY, IN_RESERVE = (SeatState.READY, "", True), (SeatState.PAUSED, RESERVE, False)


def test_a_surge_calls_in_as_many_as_the_plan_wants_and_sends_them_back(supervising: Context) -> None:
    telephone = FakeTelephone()
    assert keep_reserve(supervising, telephone) == 0
    service.surge_on(supervising)
    assert keep_reserve(supervising, telephone) == 2
    assert keep_reserve(supervising, telephone) == 0
    assert states(supervising) == [READY, READY, IN_RESERVE]
    service.surge_off(supervising)
    assert keep_reserve(supervising, telephone) == 2
    assert states(supervising) == [IN_RESERVE] * 3
    assert telephone.asked == [
        ("make_ready", "1003"),
        ("make_ready", "1004"),
        ("pause", "1003", RESERVE),
        ("pause", "1004", RESERVE),
    ]


def test_who_leaves_by_themselves_is_replaced_and_left_alone(city: City, supervising: Context) -> None:
    telephone = FakeTelephone()
    service.surge_on(supervising)
    keep_reserve(supervising, telephone)
    seats.seat_changed(city.context, "1003", SeatState.PAUSED, "meal")
    seats.seat_changed(city.context, "1004", SeatState.PAUSED, UNREACHABLE)
    assert keep_reserve(supervising, telephone) == 1, "the first is let go"
    assert keep_reserve(supervising, telephone) == 1, "the third comes in its place"
    meal, away = (SeatState.PAUSED, "meal", False), (SeatState.PAUSED, UNREACHABLE, True)
    assert states(supervising) == [meal, away, READY]
    service.surge_off(supervising)
    keep_reserve(supervising, telephone)
    assert states(supervising) == [meal, IN_RESERVE, IN_RESERVE]


def test_calls_missed_before_do_not_pause_who_is_called_in(supervising: Context) -> None:
    with supervising.writing() as session:
        seats.seat_of(session, "1003").misses = supervising.settings.misses_before_pause
    service.surge_on(supervising)
    keep_reserve(supervising, FakeTelephone())
    assert pause_absent(supervising, FakeTelephone()) == 0
    assert states(supervising)[0] == READY


def test_a_call_that_goes_on_is_ended_first(city: City, supervising: Context) -> None:
    telephone = FakeTelephone()
    service.surge_on(supervising)
    keep_reserve(supervising, telephone)
    open_call(city.context, "1.1", "13800001234", "12345")
    call_queued(city.context, "1.1")
    call_ringing(city.context, "1.1", "1003")
    call_answered(city.context, "1.1", "1003", "1.2", "PJSIP/desk-1003-1")
    service.surge_off(supervising)
    keep_reserve(supervising, telephone)
    assert states(supervising)[0] == (SeatState.TALKING, "", False)
    with city.context.reading() as session:
        seat = session.scalars(select(Seat).where(Seat.extension == "1003")).one()
        assert (seat.next_state, seat.next_reason) == (SeatState.PAUSED, RESERVE)


def test_without_a_telephone_nobody_is_called_in(supervising: Context) -> None:
    service.surge_on(supervising)
    assert keep_reserve(supervising, FakeTelephone(unplugged=set(EXTENSIONS))) == 0
    assert states(supervising) == [IN_RESERVE] * 3

"""A seat that looks ready and cannot be reached is never offered a call, and no state sticks."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import select

from hotline.calls import seats
from hotline.calls.models import Seat, SeatState
from hotline.calls.ports import NoTelephone, TelephoneAway
from hotline.calls.reachability import (
    UNREACHABLE,
    WRAPPING_UP,
    end_wrap_up,
    keep_for_wrap_up,
    telephones_changed,
    watch,
)
from hotline.context import Context
from hotline.line_settings import PbxAddress
from tests.factories import City, FakeTelephone, FixedClock


@pytest.fixture
def telephone() -> FakeTelephone:
    return FakeTelephone()


@pytest.fixture
def house(city: City, telephone: FakeTelephone) -> Context:
    """1001 is ready, its telephone registered."""
    seats.seat_registered(city.context, "1001", True)
    seats.sign_on(city.context.acting_as(city.agent), telephone, "1001")
    telephone.asked.clear()
    return city.context


def seat(context: Context) -> tuple[SeatState, str]:
    with context.reading() as session:
        found = session.scalars(select(Seat).where(Seat.extension == "1001")).one()
        return found.state, found.reason


def test_a_lost_telephone_pauses_once_and_its_return_makes_ready_once(
    house: Context, telephone: FakeTelephone
) -> None:
    seats.seat_registered(house, "1001", False)
    assert [watch(house, telephone) for _ in range(2)] == [1, 0]
    assert seat(house) == (SeatState.PAUSED, UNREACHABLE)
    seats.seat_registered(house, "1001", True)
    assert [watch(house, telephone) for _ in range(2)] == [1, 0]
    assert seat(house) == (SeatState.READY, "")
    assert telephone.asked == [("pause", "1001", UNREACHABLE), ("make_ready", "1001")]


def test_a_pause_chosen_meanwhile_stays(house: Context, city: City, telephone: FakeTelephone) -> None:
    seats.seat_registered(house, "1001", False)
    watch(house, telephone)
    seats.pause(house.acting_as(city.agent), telephone, "1001", "meal")
    seats.seat_registered(house, "1001", True)
    assert watch(house, telephone) == 0
    assert seat(house) == (SeatState.PAUSED, "meal")


class Hasty(FakeTelephone):
    """While the order to be ready is on its way, the agent does something else."""

    def __init__(self, meanwhile: Callable[[FakeTelephone], None]) -> None:
        super().__init__()
        self._meanwhile = meanwhile

    def make_ready(self, extension: str, at_once: bool = False) -> None:
        super().make_ready(extension, at_once)
        self._meanwhile(FakeTelephone())


@pytest.mark.parametrize(
    ("deed", "stays", "said_again"),
    [
        (partial(seats.pause, reason="meal"), (SeatState.PAUSED, "meal"), ("pause", "1001", "meal")),
        (seats.sign_off, (SeatState.OFFLINE, ""), ("sign_off", "1001")),
    ],
)
def test_what_the_agent_orders_at_the_same_moment_is_said_again(
    house: Context,
    city: City,
    deed: Callable[..., None],
    stays: tuple[SeatState, str],
    said_again: tuple[str, ...],
) -> None:
    telephone = Hasty(lambda queues: deed(house.acting_as(city.agent), queues, "1001"))
    telephones_changed(house, telephone, "1001")
    assert seat(house) == stays
    assert telephone.asked == [("make_ready", "1001"), said_again]


def test_an_order_that_failed_is_given_again(house: Context, telephone: FakeTelephone) -> None:
    seats.seat_registered(house, "1001", False)
    telephone.away = True
    with pytest.raises(TelephoneAway):
        watch(house, telephone)
    assert seat(house) == (SeatState.READY, "")
    telephone.away = False
    assert watch(house, telephone) == 1


def test_signing_on_without_a_telephone_is_refused(
    house: Context, city: City, telephone: FakeTelephone
) -> None:
    seats.sign_off(house.acting_as(city.agent), telephone, "1001")
    telephone.unplugged.add("1001")
    with pytest.raises(NoTelephone):
        seats.sign_on(house.acting_as(city.agent), telephone, "1001")
    assert seat(house) == (SeatState.OFFLINE, "")


def test_a_caller_who_is_faster_than_the_sign_on_rings(
    house: Context, city: City, telephone: FakeTelephone
) -> None:
    seats.seat_changed(house, "1001", SeatState.RINGING)
    seats.sign_on(house.acting_as(city.agent), telephone, "1001")
    assert seat(house) == (SeatState.RINGING, "")


def test_a_wrap_up_that_is_ended_early_ends_in_the_queue_as_well(
    house: Context, telephone: FakeTelephone
) -> None:
    seats.seat_changed(house, "1001", SeatState.WRAP_UP)
    telephone.away = True
    with pytest.raises(TelephoneAway):
        end_wrap_up(house, telephone, "1001")
    assert seat(house) == (SeatState.WRAP_UP, "")
    telephone.away = False
    assert end_wrap_up(house, telephone, "1001") == 1
    assert seat(house) == (SeatState.READY, "")
    assert telephone.asked == [("make_ready", "1001", "at once")]


def test_a_wrap_up_that_is_over_is_over_in_the_queue_by_itself(
    house: Context, telephone: FakeTelephone
) -> None:
    keep_for_wrap_up(house, telephone, "1001")
    seats.seat_changed(house, "1001", SeatState.WRAP_UP)
    assert end_wrap_up(house, telephone) == 1
    assert seat(house) == (SeatState.READY, "")
    assert telephone.asked == []


def test_other_asterisks_wait_for_the_end_of_a_wrap_up(house: Context, telephone: FakeTelephone) -> None:
    several = replace(
        house, settings=house.settings.model_copy(update={"pbxs": (PbxAddress(name="a", host="127.0.0.1"),)})
    )
    keep_for_wrap_up(several, telephone, "1001")
    seats.seat_changed(several, "1001", SeatState.WRAP_UP)
    assert end_wrap_up(several, telephone) == 1
    assert telephone.asked == [("pause", "1001", WRAPPING_UP), ("make_ready", "1001")]


def test_a_wrap_up_since_the_future_is_over(
    house: Context, telephone: FakeTelephone, clock: FixedClock
) -> None:
    seats.seat_changed(house, "1001", SeatState.TALKING)
    with house.writing() as session:
        seats.start_wrap_up(session, house, seats.seat_of(session, "1001"))
    assert end_wrap_up(house, telephone) == 0
    clock.advance(hours=-2)
    assert end_wrap_up(house, telephone) == 1


def test_a_wrap_up_whose_telephone_is_gone_ends_in_a_pause(house: Context, telephone: FakeTelephone) -> None:
    seats.seat_changed(house, "1001", SeatState.WRAP_UP)
    telephone.unplugged.add("1001")
    assert end_wrap_up(house, telephone, "1001") == 1
    assert seat(house) == (SeatState.PAUSED, UNREACHABLE)


def test_a_ringing_seat_is_looked_at_again(house: Context, telephone: FakeTelephone) -> None:
    seats.seat_changed(house, "1001", SeatState.RINGING)
    assert not telephones_changed(house, telephone, "1001")
    assert telephone.asked == []
    seats.seat_changed(house, "1001", SeatState.READY)
    assert telephones_changed(house, telephone, "1001")
    assert telephone.asked == [("make_ready", "1001")]

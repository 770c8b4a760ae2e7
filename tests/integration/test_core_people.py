"""Logging in, being locked out, and calls whose callers are odd."""

from functools import partial

import pytest
from argon2 import extract_parameters
from sqlalchemy import select

from hotline.calls import seats
from hotline.calls import service as calls
from hotline.calls.models import Call, CallEnd, CallState, OwedCallback, Seat, SeatState
from hotline.calls.ports import TelephoneAway
from hotline.calls.reachability import end_wrap_up
from hotline.contacts.models import Contact
from hotline.context import Context
from hotline.people.actors import NotPermitted, Role
from hotline.people.models import User
from hotline.people.rules import WeakPassword, hash_password, sip_password
from hotline.people.service import (
    FAILED_LOGINS_ALLOWED,
    LOCKED_FOR,
    NOBODY,
    AccountLocked,
    LoginRefused,
    NewUser,
    ensure_department,
    ensure_user,
    log_in,
)
from tests.factories import CITIZEN, PASSWORD, City, FakeTelephone, FixedClock, department, user
from tests.threads import at_once


@pytest.fixture
def wang(context: Context) -> str:
    return user(context, department(context, "hotline"), Role.AGENT, username="wang").name


def test_the_right_password_logs_in(context: Context, wang: str, clock: FixedClock) -> None:
    user_id = log_in(context, wang, PASSWORD)
    with context.reading() as session:
        assert session.get_one(User, user_id).last_login_at == clock.now()


@pytest.mark.parametrize(
    ("name", "password"), [("wang", "wrong"), ("nobody", PASSWORD), ("", ""), ("wang", "")]
)
def test_a_wrong_name_and_a_wrong_password_look_alike(
    context: Context, wang: str, name: str, password: str
) -> None:
    with pytest.raises(LoginRefused) as refusal:
        log_in(context, name, password)
    assert (type(refusal.value), str(refusal.value)) == (LoginRefused, "")


def test_five_wrong_passwords_lock_for_a_while(context: Context, wang: str, clock: FixedClock) -> None:
    for _ in range(FAILED_LOGINS_ALLOWED):
        with pytest.raises(LoginRefused):
            log_in(context, wang, "wrong")
    with pytest.raises(AccountLocked):
        log_in(context, wang, PASSWORD)
    clock.advance(seconds=LOCKED_FOR.total_seconds() - 1)
    with pytest.raises(AccountLocked):
        log_in(context, wang, PASSWORD)
    clock.advance(seconds=1)
    assert log_in(context, wang, PASSWORD)


def test_a_right_password_forgives_the_wrong_ones(context: Context, wang: str) -> None:
    for _ in range(3):
        for _ in range(FAILED_LOGINS_ALLOWED - 1):
            with pytest.raises(LoginRefused):
                log_in(context, wang, "wrong")
        log_in(context, wang, PASSWORD)


def test_guessing_in_parallel_counts_every_guess(context: Context, wang: str) -> None:
    def guess() -> None:
        with pytest.raises(LoginRefused):
            log_in(context, wang, "wrong")

    at_once([guess] * FAILED_LOGINS_ALLOWED)
    with pytest.raises(AccountLocked):
        log_in(context, wang, PASSWORD)


def test_who_has_left_does_not_log_in(context: Context, wang: str) -> None:
    with context.writing() as session:
        session.scalars(select(User)).one().is_active = False
    with pytest.raises(LoginRefused):
        log_in(context, wang, PASSWORD)


def test_making_a_user_twice_changes_nothing(context: Context) -> None:
    assert ensure_department(context, "water", "水务局", "Water") == ensure_department(
        context, "water", "x", "x"
    )
    new = NewUser("li", "a hash", "李", frozenset({Role.AGENT}), "water", "1001")
    assert ensure_user(context, new) == ensure_user(context, new)
    with pytest.raises(WeakPassword):
        hash_password("short")


def test_an_unknown_name_takes_as_long_as_a_wrong_password() -> None:
    assert extract_parameters(NOBODY) == extract_parameters(hash_password("a password"))


def test_telephone_passwords_are_derived(context: Context) -> None:
    assert sip_password("a", "1001") == sip_password("a", "1001")
    assert len({sip_password(s, e) for s in "ab" for e in ("1001", "1002")}) == 4


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("+8613912345678", "13912345678"),
        ("anonymous", ""),
        (None, ""),
        ("9" * 200, ""),
        ('"Robert\'); DROP TABLE contact;--\n" <sip:1@x>', ""),
    ],
)
def test_no_caller_id_loses_a_call(context: Context, raw: str | None, number: str) -> None:
    opened = calls.open_call(context, "1588233600.1", raw, "12345")
    with context.reading() as session:
        contact = session.get_one(Contact, opened.contact_id)
        assert (contact.number, contact.number_withheld) == (number, not number)


def test_the_same_call_told_later_keeps_its_ids(context: Context, clock: FixedClock) -> None:
    opened = calls.open_call(context, "1588233600.1", "13912345678", "12345")
    clock.advance(minutes=5)
    assert calls.open_call(context, "1588233600.1", None, "99") == opened


@pytest.fixture
def opened(city: City) -> calls.OpenedCall:
    return calls.open_call(city.context, "c1", "13912345678", "12345")


def look(context: Context) -> tuple[Call, Seat | None, list[str]]:
    with context.reading() as session:
        owed = session.scalars(select(OwedCallback.number)).all()
        return session.scalars(select(Call)).one(), session.scalar(select(Seat)), list(owed)


def test_hanging_up_while_waiting_owes_a_callback(city: City, opened: calls.OpenedCall) -> None:
    calls.call_queued(city.context, "c1")
    calls.call_ended(city.context, "c1")
    calls.call_ended(city.context, "c1", CallEnd.CUT_OFF)
    call, _, owed = look(city.context)
    assert (call.state, call.end, owed) == (CallState.ENDED, CallEnd.ABANDONED, ["13912345678"])


def test_one_callback_a_number_is_owed(city: City) -> None:
    for linkedid in ("a", "b"):
        calls.open_call(city.context, linkedid, "13912345678", "12345")
        calls.call_ended(city.context, linkedid)
    calls.open_call(city.context, "c", "anonymous", "12345")
    calls.call_ended(city.context, "c")
    with city.context.reading() as session:
        assert session.scalars(select(OwedCallback.number)).all() == ["13912345678"]


def test_an_agent_who_lets_it_ring_is_ready_again(city: City, opened: calls.OpenedCall) -> None:
    calls.call_queued(city.context, "c1")
    calls.call_ringing(city.context, "c1", "1001")
    assert look(city.context)[1].state is SeatState.RINGING  # type: ignore[union-attr]
    calls.call_not_answered(city.context, "c1", "1001")
    call, seat, _ = look(city.context)
    assert seat is not None
    assert (call.ringing_extension, seat.state) == (None, SeatState.READY)


def test_wrap_up_follows_a_call_and_ends(city: City, opened: calls.OpenedCall, clock: FixedClock) -> None:
    calls.call_queued(city.context, "c1")
    calls.call_answered(city.context, "c1", "1001", "u2", "PJSIP/agent-1001")
    calls.leg_ended(city.context, "u2")
    calls.call_ended(city.context, "c1")
    assert look(city.context)[1].state is SeatState.WRAP_UP  # type: ignore[union-attr]
    telephone = FakeTelephone()
    assert end_wrap_up(city.context, telephone) == 0
    clock.advance(seconds=20)
    assert end_wrap_up(city.context, telephone) == 1
    assert telephone.asked == []  # the queue's own wrap-up is over, too
    assert look(city.context)[1].state is SeatState.READY  # type: ignore[union-attr]


def test_a_call_told_of_afterwards_leaves_the_seat_alone(city: City, opened: calls.OpenedCall) -> None:
    calls.call_queued(city.context, "c1")
    calls.call_answered(city.context, "c1", "1001", "u2", "PJSIP/agent-1001")
    calls.open_call(city.context, "earlier", CITIZEN, "12345")

    calls.call_answered(city.context, "earlier", "1001", "u0", "PJSIP/agent-1001-0", live=False)
    calls.leg_ended(city.context, "u0")
    calls.call_ended(city.context, "earlier")

    with city.context.reading() as session:
        seat = session.scalars(select(Seat)).one()
        assert (seat.state, seat.call_id) == (SeatState.TALKING, opened.call_id)
        earlier = session.scalars(select(Call).where(Call.linkedid == "earlier")).one()
        assert (earlier.end, earlier.agent_id) == (CallEnd.TALKED, city.agent.user_id)


def test_facts_of_unknown_calls_are_taken_calmly(context: Context) -> None:
    calls.call_queued(context, "unknown")
    calls.leg_started(context, "unknown", "u", "c")
    calls.leg_ended(context, "unknown")
    calls.call_ended(context, "unknown")
    with pytest.raises(seats.UnknownSeat):
        seats.seat_changed(context, "9999", SeatState.READY)


def test_signing_on_changes_nothing_while_the_pbx_is_away(city: City) -> None:
    agent = city.context.acting_as(city.agent)
    with pytest.raises(TelephoneAway):
        seats.sign_on(agent, FakeTelephone(away=True), "1001")
    with city.context.reading() as session:
        assert session.scalar(select(Seat)) is None
    telephone = FakeTelephone()
    seats.sign_on(agent, telephone, "1001")
    with pytest.raises(ValueError, match="reason"):
        seats.pause(agent, telephone, "1001", "  ")
    seats.pause(agent, telephone, "1001", "午饭")
    seats.sign_off(agent, telephone, "1001")
    assert [words[0] for words in telephone.asked] == ["make_ready", "pause", "sign_off"]
    with pytest.raises(NotPermitted):
        seats.sign_on(city.context.acting_as(city.handler), telephone, "1001")


def test_seats_that_are_told_of_at_once_are_made_once(city: City) -> None:
    at_once([partial(seats.seat_changed, city.context, "1001", SeatState.READY)] * 4)
    with city.context.reading() as session:
        assert [seat.state for seat in session.scalars(select(Seat))] == [SeatState.READY]

"""Owed callbacks: one a number, each at its place in the line, after three tries given to a person."""

import pytest
from sqlalchemy import select

from hotline.callbacks import queries
from hotline.callbacks.models import CallbackOutcome
from hotline.callbacks.service import (
    CallbackDialled,
    CallbackGone,
    NumberRefused,
    call_now,
    mark_done,
    request,
    settle_lost,
    take_turns,
    tried,
)
from hotline.calls.models import Call, CallbackReason, CallbackState, CallEnd, OwedCallback, Seat, SeatState
from hotline.calls.owed import CALLED_AGAIN
from hotline.calls.ports import NotDialable, NoTelephone, TelephoneAway
from hotline.calls.reachability import end_wrap_up
from hotline.calls.seats import seat_changed, seat_registered
from hotline.calls.service import call_answered, call_ended, call_queued, open_call
from hotline.context import Context
from hotline.people.actors import NotPermitted
from tests.factories import City, FakeTelephone, FixedClock

NUMBER = "13900000001"


@pytest.fixture
def telephone() -> FakeTelephone:
    return FakeTelephone()


@pytest.fixture
def open_desk(city: City) -> City:
    """One agent is at work."""
    seat_registered(city.context, "1001", True)
    seat_changed(city.context, "1001", SeatState.READY)
    return city


def waits(context: Context, linkedid: str, number: str | None = NUMBER) -> None:
    open_call(context, linkedid, number, "12345")
    call_queued(context, linkedid)


def abandons(context: Context, linkedid: str, number: str | None = NUMBER) -> None:
    waits(context, linkedid, number)
    call_ended(context, linkedid)


def owed(context: Context) -> list[OwedCallback]:
    with context.reading() as session:
        return list(session.scalars(select(OwedCallback).order_by(OwedCallback.id)))


def tried_call(telephone: FakeTelephone) -> str:
    """linkedid of the callback that was placed last."""
    return next(words[2] for words in reversed(telephone.asked) if words[0] == "call_back")


def stands_in_line(city: City, telephone: FakeTelephone, clock: FixedClock) -> str:
    """Somebody gave up waiting, and their callback has its turn; its linkedid."""
    abandons(city.context, "a")
    clock.advance(minutes=2)
    assert take_turns(city.context, telephone) == 1
    return tried_call(telephone)


def test_a_caller_who_hangs_up_is_owed_a_callback_at_the_place_they_had(
    context: Context, clock: FixedClock
) -> None:
    waits(context, "a")
    joined = clock.now()
    clock.advance(minutes=3)
    call_ended(context, "a")
    [row] = owed(context)
    assert (row.joined_at, row.owed_at) == (joined, clock.now())
    assert row.reason is CallbackReason.ABANDONED


def test_one_callback_a_number_with_the_better_place(context: Context, clock: FixedClock) -> None:
    abandons(context, "a")
    first = clock.now()
    clock.advance(minutes=10)
    waits(context, "b")
    assert request(context, "b") == first
    call_ended(context, "b")
    [row] = owed(context)
    assert (row.reason, row.joined_at, row.due_at) == (CallbackReason.REQUESTED, first, clock.now())
    with context.reading() as session:
        assert session.scalars(select(Call.end).where(Call.linkedid == "b")).one() is CallEnd.CALLBACK


def test_nobody_is_owed_whose_number_is_not_known(context: Context) -> None:
    abandons(context, "a", None)
    assert owed(context) == []
    waits(context, "b", None)
    with pytest.raises(NumberRefused):
        request(context, "b")
    with pytest.raises(NumberRefused):
        request(context, "b", "12#")
    request(context, "b", "13900000002")
    assert [row.number for row in owed(context)] == ["13900000002"]


def test_a_caller_who_is_answered_later_is_owed_nothing(city: City) -> None:
    abandons(city.context, "a")
    waits(city.context, "b")
    call_answered(city.context, "b", "1001", "leg", "PJSIP/agent-1001-00000001")
    call_ended(city.context, "b")
    assert [row.state for row in owed(city.context)] == [CallbackState.DONE]


def test_a_callback_that_was_cut_off_is_owed_again(
    open_desk: City, telephone: FakeTelephone, clock: FixedClock
) -> None:
    """The exchange went down, or the agent's line broke, in the middle of the talk that was to pay it."""
    context = open_desk.context
    abandons(context, "a")
    [place] = [row.joined_at for row in owed(context)]
    clock.advance(minutes=2)
    take_turns(context, telephone)
    call = tried_call(telephone)
    call_answered(context, call, "1001", "leg", "PJSIP/agent-1001-00000001")
    tried(context, call, CallbackOutcome.ANSWERED)
    assert [row.state for row in owed(context)] == [CallbackState.DONE]
    clock.advance(minutes=1)
    call_ended(context, call, CallEnd.CUT_OFF)
    [row] = owed(context)
    assert (row.state, row.reason, row.joined_at) == (CallbackState.WAITING, CallbackReason.CUT_OFF, place)
    assert row.due_at > clock.now()
    clock.advance(minutes=2)
    seat_changed(context, "1001", SeatState.READY)
    assert take_turns(context, telephone) == 1
    tried(context, tried_call(telephone), CallbackOutcome.ANSWERED)
    call_ended(context, tried_call(telephone), CallEnd.TALKED)
    assert [row.state for row in owed(context)] == [CallbackState.DONE]


def test_callbacks_take_their_turn_in_the_order_of_the_line(
    open_desk: City, telephone: FakeTelephone, clock: FixedClock
) -> None:
    context = open_desk.context
    for minute, number in enumerate(("13900000001", "13900000002")):
        abandons(context, f"call-{minute}", number)
        clock.advance(minutes=2)
    assert take_turns(context, telephone) == 1  # one agent, one place
    assert [words[1] for words in telephone.asked] == ["13900000001"]
    assert take_turns(context, telephone) == 0
    tried(context, tried_call(telephone), CallbackOutcome.ANSWERED)
    assert take_turns(context, telephone) == 1
    assert [words[1] for words in telephone.asked] == ["13900000001", "13900000002"]


def test_nobody_is_called_while_no_agent_works_or_while_they_call_us(
    city: City, telephone: FakeTelephone, clock: FixedClock
) -> None:
    abandons(city.context, "a")
    assert take_turns(city.context, telephone) == 0  # they may call again first
    clock.advance(minutes=2)
    assert take_turns(city.context, telephone) == 0  # nobody works
    seat_changed(city.context, "1001", SeatState.READY)
    waits(city.context, "b")
    assert take_turns(city.context, telephone) == 0
    call_ended(city.context, "b")
    assert take_turns(city.context, telephone) == 1


def test_a_callback_is_in_the_line_before_the_only_agent_comes_back_from_a_break(
    open_desk: City, telephone: FakeTelephone, clock: FixedClock
) -> None:
    context = open_desk.context
    seat_changed(context, "1001", SeatState.PAUSED, "meal")
    abandons(context, "a")
    clock.advance(minutes=2)
    seat_registered(context, "1001", False)  # nobody is there, only a seat that was never signed off
    assert take_turns(context, telephone) == 0
    seat_registered(context, "1001", True)
    assert take_turns(context, telephone) == 1


def test_an_agent_whose_telephone_is_away_calls_nobody_back(
    open_desk: City, telephone: FakeTelephone
) -> None:
    context = open_desk.context
    abandons(context, "a")
    seat_registered(context, "1001", False)
    with pytest.raises(NoTelephone):
        call_now(context.acting_as(open_desk.agent), telephone, owed(context)[0].id, "1001")
    assert (owed(context)[0].state, telephone.asked) == (CallbackState.WAITING, [])


def test_three_tries_then_a_person(open_desk: City, telephone: FakeTelephone, clock: FixedClock) -> None:
    context = open_desk.context
    abandons(context, "a")
    for _ in range(3):
        clock.advance(minutes=20)
        assert take_turns(context, telephone) == 1
        tried(context, tried_call(telephone), CallbackOutcome.NO_ANSWER)
        tried(context, tried_call(telephone), CallbackOutcome.ANSWERED)  # told again: nothing happens
    [row] = owed(context)
    assert (row.state, row.due_at) == (CallbackState.PERSON, None)
    clock.advance(minutes=20)
    assert take_turns(context, telephone) == 0
    agent = context.acting_as(open_desk.agent)
    call_now(agent, telephone, row.id, "1001")
    tried(context, tried_call(telephone), CallbackOutcome.ANSWERED)
    assert owed(context)[0].state is CallbackState.DONE


@pytest.mark.parametrize("was", [(SeatState.OFFLINE, ""), (SeatState.PAUSED, "meal"), (SeatState.READY, "")])
def test_whoever_calls_back_is_afterwards_what_they_were(
    open_desk: City, telephone: FakeTelephone, was: tuple[SeatState, str]
) -> None:
    """No queue rings a seat that is signed off: it must not stand there as ready."""
    context = open_desk.context
    abandons(context, "a")
    seat_changed(context, "1001", *was)
    call_now(context.acting_as(open_desk.agent), telephone, owed(context)[0].id, "1001")
    linkedid = tried_call(telephone)
    call_answered(context, linkedid, "1001", "leg", "PJSIP/agent-1001-00000001")
    call_ended(context, linkedid)
    end_wrap_up(context, telephone, "1001")
    with context.reading() as session:
        seat = session.scalars(select(Seat).where(Seat.extension == "1001")).one()
        assert (seat.state, seat.reason) == was


def test_the_callback_belongs_to_the_contact_that_reached_nobody(
    open_desk: City, telephone: FakeTelephone, clock: FixedClock
) -> None:
    context = open_desk.context
    abandons(context, "a")
    clock.advance(minutes=2)
    take_turns(context, telephone)
    linkedid = tried_call(telephone)
    call_queued(context, linkedid)
    call_answered(context, linkedid, "1001", "leg", "PJSIP/agent-1001-00000001")
    tried(context, linkedid, CallbackOutcome.ANSWERED)
    call_ended(context, linkedid)
    with context.reading() as session:
        calls = {call.linkedid: call for call in session.scalars(select(Call))}
        assert calls[linkedid].contact_id == calls["a"].contact_id
        assert calls[linkedid].end is CallEnd.TALKED
    [row] = owed(context)
    assert (row.state, row.done_by_id) == (CallbackState.DONE, open_desk.agent.user_id)


def test_a_try_that_nobody_reported_on_is_not_lost(
    open_desk: City, telephone: FakeTelephone, clock: FixedClock
) -> None:
    context = open_desk.context
    abandons(context, "a")
    clock.advance(minutes=2)
    take_turns(context, telephone)
    clock.advance(minutes=2)
    assert settle_lost(context) == 1
    assert owed(context)[0].state is CallbackState.WAITING
    with context.reading() as session:
        assert [try_.outcome for try_ in queries.attempts_of(session, owed(context)[0].id)] == [
            CallbackOutcome.NO_AGENT
        ]


def test_an_exchange_that_is_away_and_a_number_that_cannot_be_dialled(
    open_desk: City, clock: FixedClock
) -> None:
    context = open_desk.context
    abandons(context, "a")
    clock.advance(minutes=2)
    assert take_turns(context, FakeTelephone(away=True)) == 0
    [row] = owed(context)
    assert row.state is CallbackState.WAITING
    with pytest.raises(TelephoneAway):
        call_now(context.acting_as(open_desk.agent), FakeTelephone(away=True), row.id, "1001")
    clock.advance(minutes=2)
    assert take_turns(context, FakeTelephone(unknown=frozenset({NUMBER}))) == 0
    assert owed(context)[0].state is CallbackState.PERSON


def test_an_exchange_that_takes_no_order_uses_up_no_try(
    open_desk: City, telephone: FakeTelephone, clock: FixedClock
) -> None:
    """As one that is about to be stopped: nobody was rung."""
    context = open_desk.context
    abandons(context, "a")
    for _ in range(3):
        clock.advance(minutes=2)
        assert take_turns(context, FakeTelephone(away=True)) == 0
    clock.advance(minutes=2)
    assert take_turns(context, telephone) == 1
    tried(context, tried_call(telephone), CallbackOutcome.NO_ANSWER)
    assert owed(context)[0].state is CallbackState.WAITING


def test_a_foreign_number_is_given_to_a_person(
    open_desk: City, telephone: FakeTelephone, clock: FixedClock
) -> None:
    abandons(open_desk.context, "a", "+447911123456")
    clock.advance(minutes=2)
    assert take_turns(open_desk.context, telephone) == 0
    [row] = owed(open_desk.context)
    assert row.state is CallbackState.PERSON
    with pytest.raises(NotDialable):
        call_now(open_desk.context.acting_as(open_desk.agent), telephone, row.id, "1001")
    assert (owed(open_desk.context)[0].state, telephone.asked) == (CallbackState.PERSON, [])


def test_one_in_the_line_is_settled_by_a_person_and_not_dialled_any_more(
    open_desk: City, telephone: FakeTelephone, clock: FixedClock
) -> None:
    context, callback = open_desk.context, stands_in_line(open_desk, telephone, clock)
    [row] = owed(context)
    mark_done(context.acting_as(open_desk.agent), telephone, row.id, "市民又打来，已经解决")
    assert telephone.asked[-1] == ("call_off", callback)
    call_ended(context, callback)
    settle_lost(context)
    assert (owed(context)[0].state, owed(context)[0].done_reason) == (
        CallbackState.DONE,
        "市民又打来，已经解决",
    )
    clock.advance(minutes=30)
    assert take_turns(context, telephone) == 0


def test_who_calls_again_while_the_callback_is_in_the_line_is_not_called_as_well(
    open_desk: City, telephone: FakeTelephone, clock: FixedClock
) -> None:
    context, callback = open_desk.context, stands_in_line(open_desk, telephone, clock)
    waits(context, "b")
    assert take_turns(context, telephone) == 0
    assert telephone.asked[-1] == ("call_off", callback)
    tried(context, callback, CallbackOutcome.NO_AGENT)
    call_ended(context, callback)
    assert owed(context)[0].state is CallbackState.WAITING
    call_answered(context, "b", "1001", "leg", "PJSIP/agent-1001-00000001")
    call_ended(context, "b")
    assert (owed(context)[0].state, owed(context)[0].done_reason) == (CallbackState.DONE, CALLED_AGAIN)


def test_who_has_talked_while_the_callback_was_in_the_line_is_owed_nothing(
    open_desk: City, telephone: FakeTelephone, clock: FixedClock
) -> None:
    context = open_desk.context
    stands_in_line(open_desk, telephone, clock)
    waits(context, "b")
    clock.advance(seconds=10)
    call_answered(context, "b", "1001", "leg", "PJSIP/agent-1001-00000001")
    call_ended(context, "b")
    assert owed(context)[0].state is CallbackState.CALLING
    telephone.dialled = True  # an agent was faster: it stays what it is
    take_turns(context, telephone)
    assert owed(context)[0].state is CallbackState.CALLING
    telephone.dialled = False
    take_turns(context, telephone)
    assert (owed(context)[0].state, owed(context)[0].done_reason) == (CallbackState.DONE, CALLED_AGAIN)


def test_an_agent_who_calls_back_out_of_turn_is_not_called_off(
    open_desk: City, telephone: FakeTelephone
) -> None:
    context = open_desk.context
    abandons(context, "a")
    call_now(context.acting_as(open_desk.agent), telephone, owed(context)[0].id, "1001")
    waits(context, "b")
    take_turns(context, telephone)
    assert [words[0] for words in telephone.asked] == ["call_back"]


def test_one_that_is_being_dialled_stays_what_it_is(
    open_desk: City, telephone: FakeTelephone, clock: FixedClock
) -> None:
    context = open_desk.context
    stands_in_line(open_desk, telephone, clock)
    telephone.dialled = True
    with pytest.raises(CallbackDialled):
        mark_done(context.acting_as(open_desk.agent), telephone, owed(context)[0].id, "已经解决")
    assert (owed(context)[0].state, owed(context)[0].done_reason) == (CallbackState.CALLING, "")
    telephone.dialled, telephone.away = False, True
    with pytest.raises(TelephoneAway):
        mark_done(context.acting_as(open_desk.agent), telephone, owed(context)[0].id, "已经解决")
    assert owed(context)[0].state is CallbackState.CALLING


def test_marking_one_done(open_desk: City, telephone: FakeTelephone) -> None:
    context = open_desk.context
    abandons(context, "a")
    [row] = owed(context)
    agent = context.acting_as(open_desk.agent)
    with pytest.raises(ValueError, match="reason"):
        mark_done(agent, telephone, row.id, " ")
    with pytest.raises(NotPermitted):
        mark_done(context.acting_as(open_desk.handler), telephone, row.id, "reached")
    mark_done(agent, telephone, row.id, "市民已到窗口办理")
    with pytest.raises(CallbackGone):
        mark_done(agent, telephone, row.id, "again")
    with pytest.raises(CallbackGone):
        call_now(agent, telephone, row.id, "1001")
    assert owed(context)[0].done_reason == "市民已到窗口办理"

"""Asking the citizen: tries, half-days, answers in part, findings, rework."""

import pytest

from hotline.follow_up.models import AttemptOutcome, FollowUp, FollowUpState
from hotline.follow_up.rules import Finding
from hotline.follow_up.service import (
    NotDue,
    attempt_ended,
    channel_ended,
    dial,
    dial_due,
    find,
    give_up_lost_calls,
    record_answers,
    record_by_hand,
    redispatch,
)
from hotline.people.actors import NotPermitted, Role
from hotline.review.service import accept_reply
from hotline.tickets.lifecycle import GuardFailed, MoveNotPermitted
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from tests.factories import City, FakeTelephone, FixedClock, local, user


def seen(city: City, follow_up_id: int) -> tuple[FollowUp, Ticket, list[AttemptOutcome | None]]:
    with city.context.reading() as session:
        follow_up = session.get_one(FollowUp, follow_up_id)
        return follow_up, follow_up.ticket, [attempt.outcome for attempt in follow_up.attempts]


def called(city: City) -> tuple[int, int, FakeTelephone]:
    """Ids of ticket and follow-up, and a telephone that has dialled once."""
    ticket_id, follow_up_id = city.owed()
    telephone = FakeTelephone()
    assert dial_due(city.context, telephone) == 1
    return ticket_id, follow_up_id, telephone


def test_no_answer_is_tried_again_in_the_next_half_day(city: City, clock: FixedClock) -> None:
    clock.set(local("2020-05-06 10:00"))
    _, follow_up_id, telephone = called(city)
    attempt_ended(city.context, telephone.last_attempt, AttemptOutcome.NO_ANSWER)
    assert seen(city, follow_up_id)[0].due_at == local("2020-05-06 12:00")
    assert dial_due(city.context, telephone) == 0, "not before it is due"

    clock.set(local("2020-05-06 12:00"))
    assert dial_due(city.context, telephone) == 1
    attempt_ended(city.context, telephone.last_attempt, AttemptOutcome.BUSY)
    assert seen(city, follow_up_id)[0].due_at == local("2020-05-07 08:30")


def test_three_tries_close_it_as_unreached(city: City, clock: FixedClock) -> None:
    _, follow_up_id, telephone = called(city)
    for times in (1, 2):
        attempt_ended(city.context, telephone.last_attempt, AttemptOutcome.NO_ANSWER)
        follow_up, ticket, outcomes = seen(city, follow_up_id)
        assert (follow_up.state, ticket.state, len(outcomes)) == (FollowUpState.DUE, State.CALLBACK, times)
        assert follow_up.due_at is not None
        clock.set(follow_up.due_at)
        assert dial_due(city.context, telephone) == 1
    attempt_ended(city.context, telephone.last_attempt, AttemptOutcome.NO_ANSWER)
    follow_up, ticket, outcomes = seen(city, follow_up_id)
    assert outcomes == [AttemptOutcome.NO_ANSWER] * 3
    assert (follow_up.state, ticket.state, ticket.outcome) == (
        FollowUpState.UNREACHED,
        State.CLOSED,
        "unreached",
    )
    assert (ticket.solved, ticket.satisfaction) == (None, None)


def test_our_own_failures_do_not_count(city: City, clock: FixedClock) -> None:
    _, follow_up_id, telephone = called(city)
    for _ in range(4):
        attempt_ended(city.context, telephone.last_attempt, AttemptOutcome.FAILED)
        follow_up = seen(city, follow_up_id)[0]
        assert follow_up.state is FollowUpState.DUE
        assert follow_up.due_at is not None
        clock.set(follow_up.due_at)
        assert dial_due(city.context, telephone) == 1


def test_a_try_ends_once(city: City) -> None:
    _, follow_up_id, telephone = called(city)
    _, _, _, channel_id = telephone.asked[-1]
    record_answers(city.context, telephone.last_attempt, solved=True, satisfaction=1)
    assert channel_ended(city.context, channel_id, AttemptOutcome.NO_ANSWER)
    assert not channel_ended(city.context, "1588233600.99", AttemptOutcome.NO_ANSWER)
    record_answers(city.context, telephone.last_attempt, solved=False, satisfaction=5)
    follow_up, ticket, outcomes = seen(city, follow_up_id)
    assert outcomes == [AttemptOutcome.ANSWERED]
    assert (follow_up.state, ticket.solved, ticket.satisfaction) == (FollowUpState.DONE, True, 1)


def test_citizens_are_not_called_at_night(city: City, clock: FixedClock) -> None:
    for accepted_at, expected in (
        ("2020-05-06 21:00", "2020-05-07 08:30"),
        ("2020-05-07 03:00", "2020-05-07 08:30"),
        ("2020-05-07 20:59", "2020-05-07 20:59"),
    ):
        clock.set(local(accepted_at))
        assert seen(city, city.owed()[1])[0].due_at == local(expected)


def test_without_a_number_nobody_is_called(city: City) -> None:
    _, follow_up_id = city.owed(number="anonymous")
    telephone = FakeTelephone()
    assert dial_due(city.context, telephone) == 0
    follow_up, ticket, _ = seen(city, follow_up_id)
    assert telephone.asked == []
    assert (ticket.state, ticket.outcome) == (State.CLOSED, "anonymous")
    assert follow_up.state is FollowUpState.UNREACHED


def test_a_pbx_that_is_away_costs_no_try(city: City, clock: FixedClock) -> None:
    _, follow_up_id = city.owed()
    telephone = FakeTelephone(away=True)
    assert dial_due(city.context, telephone) == 0
    follow_up = seen(city, follow_up_id)[0]
    assert (follow_up.state, follow_up.due_at) == (FollowUpState.DUE, local("2020-04-30 16:01"))
    telephone.away = False
    clock.advance(minutes=1)
    assert dial_due(city.context, telephone) == 1


def test_half_an_answer_is_kept_and_nothing_is_assumed(city: City) -> None:
    _, follow_up_id, telephone = called(city)
    record_answers(city.context, telephone.last_attempt, solved=True, satisfaction=None, digits="1")
    _, ticket, outcomes = seen(city, follow_up_id)
    assert outcomes == [AttemptOutcome.PARTIAL]
    assert (ticket.state, ticket.solved, ticket.satisfaction) == (State.CLOSED, True, None)


def test_who_picks_up_and_presses_nothing_is_called_again(city: City) -> None:
    _, follow_up_id, telephone = called(city)
    record_answers(city.context, telephone.last_attempt, solved=None, satisfaction=None, digits="9")
    follow_up, ticket, outcomes = seen(city, follow_up_id)
    assert outcomes == [AttemptOutcome.SILENT]
    assert (follow_up.state, ticket.state) == (FollowUpState.DUE, State.CALLBACK)


@pytest.mark.parametrize("satisfaction", [0, 6, -1])
def test_satisfaction_is_one_to_five(city: City, satisfaction: int) -> None:
    _, follow_up_id, telephone = called(city)
    with pytest.raises(ValueError, match="1 to 5"):
        record_answers(city.context, telephone.last_attempt, solved=True, satisfaction=satisfaction)
    assert seen(city, follow_up_id)[2] == [None]
    with pytest.raises(ValueError, match="1 to 5"):
        record_by_hand(city.context.acting_as(city.callback_agent), follow_up_id, True, satisfaction)


def test_dissatisfied_but_solved_closes(city: City) -> None:
    _, follow_up_id, telephone = called(city)
    record_answers(city.context, telephone.last_attempt, solved=True, satisfaction=5)
    assert seen(city, follow_up_id)[1].state is State.CLOSED


def test_not_solved_is_looked_into_then_redone(city: City, clock: FixedClock) -> None:
    ticket_id, follow_up_id, telephone = called(city)
    record_answers(city.context, telephone.last_attempt, solved=False, satisfaction=5, digits="25")
    follow_up, ticket, _ = seen(city, follow_up_id)
    assert (follow_up.state, ticket.state) == (FollowUpState.NEEDS_FINDING, State.CALLBACK)

    with pytest.raises(MoveNotPermitted):
        find(city.context.acting_as(city.agent), follow_up_id, Finding.SUBJECTIVE, "拖延")
    find(city.context.acting_as(city.callback_agent), follow_up_id, Finding.SUBJECTIVE, "拖延")
    assert seen(city, follow_up_id)[1].state is State.REWORK
    with pytest.raises(NotDue):
        find(city.context.acting_as(city.callback_agent), follow_up_id, Finding.OBJECTIVE, "again")

    clock.set(local("2020-05-10 09:00"))
    with pytest.raises(MoveNotPermitted):
        redispatch(city.context.acting_as(city.dispatcher), ticket_id, "重办")
    redispatch(city.context.acting_as(city.supervisor), ticket_id, "重办")
    ticket = seen(city, follow_up_id)[1]
    # Half of the seven days and eight hours from Thursday 16:00 on, and then to the day's end.
    assert (ticket.state, ticket.due_at) == (State.HANDLING, local("2020-05-15 00:00"))

    city.reply(ticket_id)
    again = accept_reply(city.context.acting_as(city.reviewer), ticket_id)
    assert dial_due(city.context, telephone) == 1
    record_answers(city.context, telephone.last_attempt, solved=True, satisfaction=3)
    assert (seen(city, again)[1].state, seen(city, follow_up_id)[0].state) == (
        State.CLOSED,
        FollowUpState.DONE,
    )


def test_not_solved_for_good_reason_closes_as_explained(city: City) -> None:
    _, follow_up_id, telephone = called(city)
    record_answers(city.context, telephone.last_attempt, solved=False, satisfaction=4)
    find(city.context.acting_as(city.callback_agent), follow_up_id, Finding.OBJECTIVE, "无法律依据，已解释")
    ticket = seen(city, follow_up_id)[1]
    assert (ticket.state, ticket.outcome, ticket.solved) == (State.CLOSED, "explained", False)


def test_a_callback_agent_may_ask_in_person(city: City) -> None:
    _, follow_up_id = city.owed()
    record_by_hand(city.context.acting_as(city.callback_agent), follow_up_id, True, 1, "很满意")
    follow_up, ticket, outcomes = seen(city, follow_up_id)
    assert (ticket.state, ticket.satisfaction, outcomes) == (State.CLOSED, 1, [AttemptOutcome.ANSWERED])
    assert follow_up.state is FollowUpState.DONE


def test_the_handling_unit_may_not_ask_and_leaves_no_trace(city: City) -> None:
    _, follow_up_id = city.owed()
    insider = user(city.context, city.water_id, Role.CALLBACK_AGENT)
    with pytest.raises(NotPermitted, match="own department"):
        record_by_hand(city.context.acting_as(insider), follow_up_id, True, 1)
    follow_up, _, outcomes = seen(city, follow_up_id)
    assert (follow_up.state, outcomes) == (FollowUpState.DUE, [])
    with pytest.raises(NotPermitted):
        record_by_hand(city.context.acting_as(city.agent), follow_up_id, True, 1)


def test_nobody_closes_for_the_handling_unit(city: City) -> None:
    _, follow_up_id, telephone = called(city)
    record_answers(city.context, telephone.last_attempt, solved=False, satisfaction=5)
    insider = user(city.context, city.water_id, Role.CALLBACK_AGENT)
    with pytest.raises(GuardFailed, match="may not call back"):
        find(city.context.acting_as(insider), follow_up_id, Finding.OBJECTIVE, "解释过了")


def test_a_call_that_nobody_reports_on_is_given_up(city: City, clock: FixedClock) -> None:
    """The process that watched it was killed."""
    _, follow_up_id, _ = called(city)
    clock.advance(minutes=9)
    assert give_up_lost_calls(city.context) == 0
    clock.advance(minutes=1)
    assert give_up_lost_calls(city.context) == 1
    follow_up, _, outcomes = seen(city, follow_up_id)
    assert (follow_up.state, outcomes) == (FollowUpState.DUE, [AttemptOutcome.FAILED])
    assert give_up_lost_calls(city.context) == 0


def test_one_follow_up_has_one_call_at_a_time(city: City) -> None:
    _, follow_up_id, telephone = called(city)
    assert not dial(city.context, telephone, follow_up_id)
    assert len(telephone.asked) == 1


@pytest.mark.parametrize(
    ("number", "outcome", "note"),
    [
        ("13800001234", AttemptOutcome.FAILED, "number_not_dialable"),
        ("053216812345", AttemptOutcome.REFUSED, "number_refused"),  # a premium one
        ("12345678", AttemptOutcome.REFUSED, "number_refused"),
    ],
)
def test_a_number_that_cannot_be_dialled_is_left_to_a_person(
    city: City, clock: FixedClock, number: str, outcome: AttemptOutcome, note: str
) -> None:
    _, follow_up_id = city.owed(number)
    telephone = FakeTelephone(unknown=frozenset({number}))

    assert dial_due(city.context, telephone) == 0
    clock.advance(days=2)
    assert dial_due(city.context, telephone) == 0, "no machine tries it again"

    follow_up, ticket, outcomes = seen(city, follow_up_id)
    assert (follow_up.state, ticket.state, outcomes) == (
        FollowUpState.DUE,
        State.CALLBACK,
        [outcome],
    )
    with city.context.reading() as session:
        notes = [line.event for line in session.get_one(Ticket, ticket.id).history]
    assert notes.count(note) == 1
    record_by_hand(city.context.acting_as(city.callback_agent), follow_up_id, solved=True, satisfaction=1)
    assert seen(city, follow_up_id)[1].state is State.CLOSED

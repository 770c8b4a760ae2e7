"""Citizens of merged tickets: everybody asked for themselves, a no that takes the master to rework."""

import pytest

from hotline.citizens.deeds import rate, remind
from hotline.citizens.progress import Progress, Stage
from hotline.dispatch.queries import lead_assignment
from hotline.dispatch.service import dispatch, sign
from hotline.follow_up.models import AttemptOutcome, FollowUp, FollowUpState
from hotline.follow_up.rules import Finding
from hotline.follow_up.service import (
    attempt_ended,
    begin_attempt,
    dial_due,
    find,
    record_answers,
    record_by_hand,
    redispatch,
)
from hotline.merging.queries import unsolved
from hotline.merging.rules import Obstacle
from hotline.merging.service import MergeRefused, ask_the_rest, merge, reopen_master, unmerge
from hotline.people.actors import NotPermitted, Role
from hotline.review.service import accept_reply
from hotline.screening.answering import answer_backoffice
from hotline.sweep import passes
from hotline.tickets.lifecycle import GuardFailed, IllegalMove, MoveNotPermitted
from hotline.tickets.states import Confidentiality, State
from tests.factories import City, FakeTelephone, FixedClock, user
from tests.integration.families import (
    OTHER,
    REASON,
    THIRD,
    answered,
    asked,
    family,
    number_of,
    put,
    states,
    ticket_of,
    told,
    under,
)


def test_everybody_is_asked_and_ends_by_their_own_word(city: City) -> None:
    master_id, (one, two) = family(city, OTHER, THIRD)
    assert states(city, master_id, one, two) == [State.CALLBACK, State.MERGED, State.MERGED]
    answered(city, one, solved=True, satisfaction=5)
    child = ticket_of(city, one)
    assert (child.state, child.outcome, child.solved, child.satisfaction) == (State.CLOSED, "solved", True, 5)
    assert states(city, master_id, two) == [State.CALLBACK, State.MERGED]
    rate(city.context, number_of(city, two), solved=True, satisfaction=1)
    answered(city, master_id, solved=True, satisfaction=2)
    assert states(city, master_id, two) == [State.CLOSED, State.CLOSED]
    assert [ticket_of(city, one).satisfaction for one in (one, two, master_id)] == [5, 1, 2]


def test_a_no_takes_the_master_to_rework_and_the_others_are_asked_after_it(city: City) -> None:
    master_id, (one, two) = family(city, OTHER, THIRD)
    answered(city, one, solved=False, satisfaction=4)
    assert states(city, master_id, one, two) == [State.REWORK, State.MERGED, State.MERGED]
    assert {asked(city, ticket_id).state for ticket_id in (master_id, two)} == {FollowUpState.DROPPED}
    assert REASON in [line.reason for line in ticket_of(city, master_id).history]
    assert dial_due(city.context, FakeTelephone()) == 0, "nobody is asked meanwhile"
    redispatch(city.context.acting_as(city.supervisor), master_id, "尽快")
    city.reply(master_id)
    accept_reply(city.context.acting_as(city.reviewer), master_id)
    assert {asked(city, t).state for t in (master_id, one, two)} == {FollowUpState.DUE}
    for ticket_id in (two, one, master_id):
        answered(city, ticket_id, solved=True)
    assert states(city, master_id, one, two) == [State.CLOSED] * 3


def test_the_masters_own_no_lets_the_others_wait_too(city: City) -> None:
    master_id, (child_id,) = family(city)
    answered(city, master_id, solved=False)
    assert states(city, master_id, child_id) == [State.REWORK, State.MERGED]
    assert asked(city, child_id).state is FollowUpState.DROPPED


def test_an_objective_cause_closes_one_citizens_ticket_alone(city: City) -> None:
    master_id, (child_id,) = family(city)
    calling = city.context.acting_as(city.callback_agent)
    record_by_hand(calling, asked(city, child_id).id, solved=False, satisfaction=4)
    find(calling, asked(city, child_id).id, Finding.OBJECTIVE, "超出职责，已说明")
    assert (states(city, master_id, child_id), ticket_of(city, child_id).outcome) == (
        [State.CALLBACK, State.CLOSED],
        "explained",
    )


def test_the_handling_department_asks_nobody_and_finds_nothing_out(city: City) -> None:
    _, (child_id,) = family(city)
    insider = city.context.acting_as(user(city.context, city.water_id, Role.CALLBACK_AGENT))
    with pytest.raises(NotPermitted):
        record_by_hand(insider, asked(city, child_id).id, solved=True, satisfaction=1)
    record_by_hand(city.context.acting_as(city.callback_agent), asked(city, child_id).id, False, 5)
    for stranger in (insider, city.context.acting_as(city.agent)):
        with pytest.raises(NotPermitted):
            find(stranger, asked(city, child_id).id, Finding.OBJECTIVE, "无依据")
    assert asked(city, child_id).state is FollowUpState.NEEDS_FINDING


def test_what_a_call_brings_after_the_matter_is_handled_anew_is_only_written_down(city: City) -> None:
    master_id, (child_id,) = family(city)
    started = begin_attempt(city.context, asked(city, master_id).id)
    lost = begin_attempt(city.context, asked(city, child_id).id)
    with city.context.writing() as session:  # the child's own try is over, its citizen said no
        session.get_one(FollowUp, asked(city, child_id).id).state = FollowUpState.DUE
    answered(city, child_id, solved=False)
    record_answers(city.context, started.attempt_id, solved=True, satisfaction=1)
    attempt_ended(city.context, lost.attempt_id, AttemptOutcome.NO_ANSWER)
    master = ticket_of(city, master_id)
    assert (master.state, master.solved, asked(city, master_id).state) == (
        State.REWORK,
        None,
        FollowUpState.DROPPED,
    )
    assert master.history[-1].event == "answered_follow_up"


def test_the_department_does_not_read_why_a_hidden_citizen_says_no(city: City) -> None:
    master_id = city.replied()
    child_id = city.registered(OTHER)
    put(city, child_id, confidentiality=Confidentiality.HIDDEN)
    merge(city.context.acting_as(city.screener), child_id, number_of(city, master_id))
    accept_reply(city.context.acting_as(city.reviewer), master_id)
    answered(city, child_id, solved=False)
    assert REASON not in [line.reason for line in ticket_of(city, master_id).history]
    assert REASON in [line.reason for line in ticket_of(city, child_id).history]


def test_three_tries_close_a_child_as_unreached(city: City, clock: FixedClock) -> None:
    master_id, (child_id,) = family(city)
    answered(city, master_id, solved=True)
    telephone = FakeTelephone()
    for _ in range(3):
        due = asked(city, child_id).due_at
        assert due is not None
        clock.set(due)
        assert dial_due(city.context, telephone) == 1
        attempt_ended(city.context, telephone.last_attempt, AttemptOutcome.NO_ANSWER)
    child = ticket_of(city, child_id)
    assert (child.state, child.outcome, child.satisfaction) == (State.CLOSED, "unreached", None)


def test_who_left_no_number_is_not_called(city: City) -> None:
    master_id, (child_id,) = family(city, "anonymous")
    answered(city, master_id, solved=True)
    assert dial_due(city.context, FakeTelephone()) == 0
    assert (states(city, child_id), ticket_of(city, child_id).outcome) == ([State.CLOSED], "anonymous")


def test_a_ticket_that_is_merged_after_the_reply_is_asked_at_once(city: City) -> None:
    master_id, _ = city.owed()
    assert asked(city, under(city, master_id)).state is FollowUpState.DUE


def unsolved_ids(city: City) -> list[int]:
    with city.context.reading() as session:
        return [ticket.id for ticket in unsolved(session)]


def test_a_no_after_the_closing_is_for_the_supervisor_who_reopens_the_master(
    city: City, clock: FixedClock
) -> None:
    master_id, (child_id,) = family(city)
    answered(city, master_id, solved=True)
    assert unsolved_ids(city) == []
    answered(city, child_id, solved=False)
    assert (states(city, master_id, child_id), unsolved_ids(city)) == (
        [State.CLOSED, State.MERGED],
        [child_id],
    )
    assert ask_the_rest(city.context) == 0, "they were asked"
    with pytest.raises(MoveNotPermitted):
        reopen_master(city.context.acting_as(city.screener), child_id, REASON)
    with pytest.raises(GuardFailed, match="reason"):
        reopen_master(city.context.acting_as(city.supervisor), child_id, "  ")
    clock.advance(days=30)
    reopen_master(city.context.acting_as(city.supervisor), child_id, REASON)
    master = ticket_of(city, master_id)
    assert (master.state, master.closed_at, master.outcome) == (State.TO_DISPATCH, None, None)
    assert (states(city, child_id), unsolved_ids(city)) == ([State.MERGED], [])
    dispatch(city.context.acting_as(city.dispatcher), master_id, city.water_id)
    sign(city.context.acting_as(city.handler), master_id)
    with city.context.reading() as session:
        current = lead_assignment(session, master_id)
        assert current is not None
        assert current.dispatched_at == clock.now(), "one clock, and a new one"
    city.reply(master_id)
    accept_reply(city.context.acting_as(city.reviewer), master_id)
    for ticket_id in (child_id, master_id):
        answered(city, ticket_id, solved=True)
    assert states(city, master_id, child_id) == [State.CLOSED, State.CLOSED]


def test_after_thirty_days_it_is_another_matter(city: City, clock: FixedClock) -> None:
    master_id, (child_id,) = family(city)
    answered(city, master_id, solved=True)
    supervising = city.context.acting_as(city.supervisor)
    with pytest.raises(MergeRefused) as refused:
        reopen_master(supervising, child_id, REASON)
    assert refused.value.obstacle is Obstacle.NOTHING_UNSOLVED
    answered(city, child_id, solved=False)
    clock.advance(days=30, seconds=1)
    with pytest.raises(MergeRefused) as refused:
        reopen_master(supervising, child_id, REASON)
    assert refused.value.obstacle is Obstacle.CLOSED_TOO_LONG
    unmerge(supervising, child_id, "超过 30 天，单独办理")
    assert (states(city, child_id), unsolved_ids(city)) == ([State.REGISTERED], [])


def test_a_supervisor_takes_a_ticket_out_with_the_reason_on_record(city: City) -> None:
    master_id, (child_id,) = family(city)
    for actor in (city.screener, city.agent, city.callback_agent):
        with pytest.raises(MoveNotPermitted):
            unmerge(city.context.acting_as(actor), child_id, "不是同一件事")
    supervising = city.context.acting_as(city.supervisor)
    with pytest.raises(GuardFailed, match="reason"):
        unmerge(supervising, child_id, "")
    unmerge(supervising, child_id, "不是同一件事")
    child, master = ticket_of(city, child_id), ticket_of(city, master_id)
    assert (child.state, child.master_id, master.children) == (State.REGISTERED, None, [])
    assert (child.history[-1].event, child.history[-1].reason) == ("unmerge", "不是同一件事")
    assert child.history[-1].changes["other_number"] == master.number
    assert (master.history[-1].event, master.history[-1].changes) == (
        "unmerged",
        {"other_number": child.number},
    )
    assert asked(city, child_id).state is FollowUpState.DROPPED
    with pytest.raises(IllegalMove):
        unmerge(supervising, child_id, "再一次")


def test_a_direct_answer_to_the_master_is_asked_about_once(city: City) -> None:
    master_id = city.accepted()
    child_id = under(city, master_id)
    assert ask_the_rest(city.context) == 0, "while it is handled"
    answer_backoffice(city.context.acting_as(city.dispatcher), master_id, "今晚十点恢复。", "供水公告")
    sweep = passes(city.context, FakeTelephone())["merged"]
    assert (sweep(), sweep()) == (1, 0)
    assert told(city, child_id).reply == "今晚十点恢复。"
    answered(city, child_id, solved=True)
    assert (states(city, child_id), sweep()) == ([State.CLOSED], 0)


def test_a_child_reads_what_is_done_with_the_matter_and_nothing_of_the_other_citizen(
    city: City, clock: FixedClock
) -> None:
    master_id = city.signed()
    child_id = under(city, master_id)
    remind(city.context, number_of(city, master_id))
    progress = told(city, child_id)
    assert (progress.number, progress.stage, progress.is_merged) == (
        number_of(city, child_id),
        Stage.HANDLING,
        True,
    )
    assert (progress.due_at, progress.department and progress.department.code) == (
        ticket_of(city, master_id).due_at,
        "water",
    )
    assert {step.event for step in progress.steps} == {"submit", "merge", "accept", "dispatch", "sign"}
    clock.advance(minutes=5)
    city.reply(master_id)
    assert told(city, child_id).reply == "", "not before the hotline has accepted it"
    accept_reply(city.context.acting_as(city.reviewer), master_id)
    answered(city, master_id, solved=True, satisfaction=2)
    progress = told(city, child_id)
    assert (progress.stage, progress.reply) == (Stage.REPLIED, "水压已恢复，加压泵已更换。")
    others = {"citizen_contacted", "answered_follow_up", "close", "reminded"}
    assert not others & {step.event for step in progress.steps}
    answered(city, child_id, solved=True)
    progress = told(city, child_id)
    assert (progress.stage, progress.reply) == (Stage.CLOSED, "水压已恢复，加压泵已更换。")


def test_a_hidden_childs_page_tells_its_stage_alone(city: City) -> None:
    master_id = city.signed()
    child_id = city.registered(OTHER)
    put(city, child_id, confidentiality=Confidentiality.HIDDEN)
    merge(city.context.acting_as(city.screener), child_id, number_of(city, master_id))
    assert told(city, child_id) == Progress(number_of(city, child_id), Stage.MERGED, is_confidential=True)

"""Merging: what may go under what, everybody asked for themselves, a no that takes the master to rework."""

from collections.abc import Callable

import pytest

from hotline.citizens.deeds import Deed, allowed, rate, remind, withdraw
from hotline.citizens.deeds import NotNow as DeedNotNow
from hotline.citizens.progress import Progress, Stage, progress_of
from hotline.citizens.queries import marks_of
from hotline.dispatch.queries import lead_assignment
from hotline.dispatch.service import dispatch, sign
from hotline.follow_up.models import AttemptOutcome, FollowUp, FollowUpState
from hotline.follow_up.queries import of_ticket
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
from hotline.sealing.service import refer_lead
from hotline.sweep import passes
from hotline.tickets.lifecycle import GuardFailed, IllegalMove, MoveNotPermitted
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, State
from tests.factories import CITIZEN, City, FakeTelephone, FixedClock, user
from tests.threads import at_once

OTHER, THIRD = "13900000001", "13900000002"
REASON = "水压仍然不足"


def ticket_of(city: City, ticket_id: int) -> Ticket:
    with city.context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        _ = ticket.history, ticket.master, ticket.children
        return ticket


def number_of(city: City, ticket_id: int) -> str:
    return ticket_of(city, ticket_id).number or ""


def events(city: City, ticket_id: int) -> list[str]:
    return [line.event for line in ticket_of(city, ticket_id).history]


def put(city: City, ticket_id: int, **values: object) -> None:
    with city.context.writing() as session:
        ticket = session.get_one(Ticket, ticket_id)
        for name, value in values.items():
            setattr(ticket, name, value)


def under(city: City, master_id: int, phone: str = OTHER) -> int:
    """Another citizen's ticket, merged under the master; returns its id."""
    ticket_id = city.registered(phone)
    merge(city.context.acting_as(city.screener), ticket_id, number_of(city, master_id))
    return ticket_id


def family(city: City, *phones: str) -> tuple[int, list[int]]:
    """A master whose reply is accepted, and what is merged under it; returns the ids."""
    master_id = city.replied()
    children = [under(city, master_id, phone) for phone in phones or (OTHER,)]
    accept_reply(city.context.acting_as(city.reviewer), master_id)
    return master_id, children


def asked(city: City, ticket_id: int) -> FollowUp:
    """The ticket's latest follow-up."""
    with city.context.reading() as session:
        return of_ticket(session, ticket_id)[-1]


def answered(city: City, ticket_id: int, solved: bool, satisfaction: int = 1) -> None:
    """A callback agent has asked the ticket's citizen, and found the cause of a no."""
    calling = city.context.acting_as(city.callback_agent)
    follow_up_id = asked(city, ticket_id).id
    record_by_hand(calling, follow_up_id, solved, satisfaction)
    if not solved:
        find(calling, follow_up_id, Finding.SUBJECTIVE, REASON)


def states(city: City, *ticket_ids: int) -> list[State]:
    return [ticket_of(city, ticket_id).state for ticket_id in ticket_ids]


def told(city: City, ticket_id: int) -> Progress:
    with city.context.reading() as session:
        return progress_of(session, session.get_one(Ticket, ticket_id))


def test_both_histories_name_the_other_and_the_due_time_stays(city: City, clock: FixedClock) -> None:
    master_id = city.signed()
    due = ticket_of(city, master_id).due_at
    clock.advance(hours=3)
    child_id = under(city, master_id)
    child, master = ticket_of(city, child_id), ticket_of(city, master_id)
    assert (child.state, child.master_id, child.due_at) == (State.MERGED, master_id, None)
    assert (master.state, master.due_at) == (State.HANDLING, due)
    assert child.history[-1].changes["other_number"] == master.number
    assert (master.history[-1].event, master.history[-1].changes) == (
        "merged_under",
        {"other_number": child.number},
    )


def hidden(city: City) -> int:
    ticket_id = city.accepted(THIRD)
    put(city, ticket_id, confidentiality=Confidentiality.HIDDEN)
    return ticket_id


def sealed(city: City) -> int:
    ticket_id = city.registered(THIRD)
    refer_lead(city.context.acting_as(city.screener), ticket_id)
    return ticket_id


def closed(city: City) -> int:
    ticket_id, _ = city.owed(THIRD)
    answered(city, ticket_id, solved=True)
    return ticket_id


@pytest.mark.parametrize(
    ("master", "obstacle"),
    [
        (hidden, Obstacle.MASTER_IS_HIDDEN),
        (sealed, Obstacle.NO_SUCH_TICKET),
        (closed, Obstacle.MASTER_IS_OVER),
        (lambda city: under(city, city.signed(THIRD)), Obstacle.MASTER_IS_MERGED),
    ],
)
def test_what_cannot_be_a_master(city: City, master: Callable[[City], int], obstacle: Obstacle) -> None:
    ticket_id, master_id = city.registered(), master(city)
    before = events(city, master_id)
    with pytest.raises(MergeRefused) as refused:
        merge(city.context.acting_as(city.screener), ticket_id, number_of(city, master_id))
    assert refused.value.obstacle is obstacle
    assert (states(city, ticket_id), events(city, master_id)) == ([State.REGISTERED], before)


def test_a_ticket_goes_under_no_unknown_number_nor_itself(city: City) -> None:
    ticket_id, screening = city.registered(), city.context.acting_as(city.screener)
    for number, obstacle in (
        ("20200430DH9999999", Obstacle.NO_SUCH_TICKET),
        ("", Obstacle.NO_SUCH_TICKET),
        (number_of(city, ticket_id), Obstacle.ITSELF),
    ):
        with pytest.raises(MergeRefused) as refused:
            merge(screening, ticket_id, number)
        assert refused.value.obstacle is obstacle


def test_a_sealed_ticket_is_merged_with_nothing_and_a_hidden_one_only_as_a_child(city: City) -> None:
    screening, master = city.context.acting_as(city.screener), number_of(city, city.signed())
    for level, refusal in ((Confidentiality.SEALED, NotPermitted), (Confidentiality.HIDDEN, None)):
        ticket_id = city.registered(OTHER)
        put(city, ticket_id, confidentiality=level)
        if refusal is None:
            merge(screening, ticket_id, master)
            assert states(city, ticket_id) == [State.MERGED]
            continue
        with pytest.raises(refusal):
            merge(screening, ticket_id, master)
    both = user(city.context, city.hotline_id, Role.SCREENER, Role.DISCIPLINE)
    put(city, ticket_id := city.registered(OTHER), confidentiality=Confidentiality.SEALED)
    with pytest.raises(MergeRefused) as refused:
        merge(city.context.acting_as(both), ticket_id, master)
    assert refused.value.obstacle is Obstacle.SEALED


def test_only_screeners_merge_and_only_what_is_registered(city: City) -> None:
    master, ticket_id = number_of(city, city.signed()), city.registered(OTHER)
    for actor in (city.agent, city.dispatcher, city.supervisor, city.handler):
        with pytest.raises(MoveNotPermitted):
            merge(city.context.acting_as(actor), ticket_id, master)
    with pytest.raises(IllegalMove):
        merge(city.context.acting_as(city.screener), city.accepted(THIRD), master)


def test_whoever_has_others_under_them_stays_where_they_are(city: City) -> None:
    master_id = city.registered()
    under(city, master_id)
    other = number_of(city, city.signed(THIRD))
    screening = city.context.acting_as(city.screener)
    for deed in (
        lambda: merge(screening, master_id, other),
        lambda: refer_lead(screening, master_id),
    ):
        with pytest.raises(GuardFailed, match="merged under this one"):
            deed()
    with city.context.reading() as session:
        assert Deed.WITHDRAW not in allowed(session, city.context, session.get_one(Ticket, master_id))
    with pytest.raises(DeedNotNow):
        withdraw(city.context, number_of(city, master_id), "不用了")
    assert states(city, master_id) == [State.REGISTERED]


def test_two_who_merge_crosswise_make_one_family(city: City) -> None:
    one, two = city.registered(), city.registered(OTHER)
    numbers = {one: number_of(city, two), two: number_of(city, one)}

    def merged(ticket_id: int) -> bool:
        try:
            merge(city.context.acting_as(city.screener), ticket_id, numbers[ticket_id])
        except (MergeRefused, GuardFailed):
            return False
        return True

    assert sorted(at_once([lambda: merged(one), lambda: merged(two)])) == [False, True]
    assert sorted(states(city, one, two)) == [State.MERGED, State.REGISTERED]


def test_a_repeat_of_the_same_telephone_is_a_reminder_and_is_not_asked_twice(city: City) -> None:
    master_id, (child_id,) = family(city, CITIZEN)
    with city.context.reading() as session:
        assert marks_of(session, [master_id])[master_id].reminders == 1
        assert of_ticket(session, child_id) == []
    answered(city, master_id, solved=True, satisfaction=2)
    child = ticket_of(city, child_id)
    assert (child.state, child.outcome, child.solved, child.satisfaction) == (State.CLOSED, "solved", True, 2)


def test_anothers_reminder_does_not_use_up_ones_own(city: City) -> None:
    master_id = city.signed()
    child_id = under(city, master_id)
    remind(city.context, number_of(city, child_id))
    remind(city.context, number_of(city, master_id))
    with city.context.reading() as session:
        marks = marks_of(session, [master_id, child_id])
    assert (marks[master_id].reminders, marks[child_id].reminders) == (2, 1)
    assert [step.event for step in told(city, master_id).steps].count("reminded") == 1


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

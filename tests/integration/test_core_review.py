"""The review of replies: signals from the record, verdicts, counts and proposals, on both databases."""

from functools import partial

import pytest

from hotline import events
from hotline.follow_up.models import FollowUp
from hotline.people.actors import NotPermitted, Role
from hotline.replies.models import ContactWay, ReplyState
from hotline.replies.queries import latest_reply
from hotline.replies.service import record_contact, submit_reply, write_reply
from hotline.review.models import Ground
from hotline.review.queries import (
    last_rejection,
    signals_of,
    times_perfunctory,
    times_perfunctory_of,
    verdict_of,
    waiting_proposals,
)
from hotline.review.rules import Signal, WordList, score
from hotline.review.service import Obstacle, ReviewRefused, accept_reply, reject_reply
from hotline.review.wording import WordsRefused, change_words, word_lists
from hotline.tickets.lifecycle import GuardFailed, IllegalMove
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, State
from tests.factories import City, FixedClock, local, user
from tests.threads import at_once

EMPTY = "我局高度重视，将出方案，在研究中"
GOOD = "5月2日城南供水所维修队到现场更换了加压泵的损坏阀门，当晚水压恢复到0.3兆帕，已请您试水确认。"
HOLDS = {Signal.PROMISE: True, Signal.ATTITUDE: True}
HOLDS_NOT = {Signal.PROMISE: False, Signal.ATTITUDE: False}


def replied(city: City, text: str, reached: bool = True, ticket_id: int | None = None) -> int:
    """The reply waits for review; the citizen was reached, or not in three tries."""
    ticket_id = city.signed() if ticket_id is None else ticket_id
    handling = city.context.acting_as(city.handler)
    for _ in range(1 if reached else 3):
        record_contact(handling, ticket_id, ContactWay.PHONE, reached=reached)
    city.visited(ticket_id)
    write_reply(handling, ticket_id, city.reply_form(ticket_id, text))
    submit_reply(city.context.acting_as(city.leader), ticket_id)
    return ticket_id


def noticed(city: City, ticket_id: int) -> set[Signal]:
    with city.context.reading() as session:
        reply = latest_reply(session, ticket_id)
        assert reply is not None
        return {one.signal for one in signals_of(session, reply, city.context.now())}


def state(city: City, ticket_id: int) -> State:
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id).state


def refusal(deed: object, *arguments: object) -> Obstacle:
    with pytest.raises(ReviewRefused) as refused:
        deed(*arguments)  # type: ignore[operator]
    return refused.value.obstacle


def test_the_lists_are_there_from_the_beginning(city: City) -> None:
    with city.context.reading() as session:
        lists = word_lists(session)
    assert list(lists) == list(WordList)
    assert "将出方案" in lists[WordList.PROMISE].phrases


def test_an_ordinary_reply_is_accepted_without_a_judgement(city: City) -> None:
    ticket_id = replied(city, GOOD)
    assert noticed(city, ticket_id) == set()
    accept_reply(city.context.acting_as(city.reviewer), ticket_id)
    assert state(city, ticket_id) is State.CALLBACK


def test_from_two_points_on_every_signal_is_judged_before_a_reply_is_accepted(city: City) -> None:
    ticket_id = replied(city, EMPTY)
    reviewing = city.context.acting_as(city.reviewer)
    assert noticed(city, ticket_id) == set(HOLDS)
    for judged in ({}, {Signal.PROMISE: False}, {Signal.ECHO: False}):
        assert refusal(accept_reply, reviewing, ticket_id, "", judged) is Obstacle.UNDECIDED
    assert refusal(accept_reply, reviewing, ticket_id, "", HOLDS) is Obstacle.CONFIRMED
    assert state(city, ticket_id) is State.REPLIED
    accept_reply(reviewing, ticket_id, "", {Signal.PROMISE: True, Signal.ATTITUDE: False})
    with city.context.reading() as session:
        reply = latest_reply(session, ticket_id)
        assert reply is not None
        verdict = verdict_of(session, reply.id)
        assert verdict is not None
        assert (verdict.accepted, verdict.perfunctory, verdict.score) == (True, False, 2)
        assert {one.signal: one.confirmed for one in verdict.signals} == {
            Signal.PROMISE: True,
            Signal.ATTITUDE: False,
        }
        assert verdict.signals[0].spans[0]["words"] == "将出方案"
        assert times_perfunctory(session, ticket_id) == 0


def test_confirmed_signals_make_a_rejection_perfunctory_and_count(city: City) -> None:
    ticket_id = replied(city, EMPTY)
    reject_reply(city.context.acting_as(city.reviewer), ticket_id, "请写明何时恢复", HOLDS)
    with city.context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        verdict = last_rejection(session, ticket)
        assert verdict is not None
        assert (verdict.grounds, verdict.perfunctory) == ([Ground.PERFUNCTORY], True)
        assert times_perfunctory(session, ticket_id) == 1
        assert times_perfunctory_of(session, city.water_id, city.context.now()) == 1
        assert times_perfunctory_of(session, city.police_id, city.context.now()) == 0
        assert ticket.history[-1].changes["times_perfunctory"] == 1
        assert waiting_proposals(session) == []


def test_the_second_time_a_notice_is_proposed_and_no_further_one_while_it_waits(city: City) -> None:
    ticket_id, reviewing = city.signed(), city.context.acting_as(city.reviewer)
    for _ in range(3):
        replied(city, EMPTY, ticket_id=ticket_id)
        reject_reply(reviewing, ticket_id, "请写明何时恢复", HOLDS)
    with city.context.reading() as session:
        (proposal,) = waiting_proposals(session)
        assert (proposal.ticket_id, proposal.department_id, proposal.times) == (ticket_id, city.water_id, 2)
        assert proposal.taken_at is None
        assert times_perfunctory(session, ticket_id) == 3
        told = [event for event in events.since(session, 0) if event.kind == "ticket.supervision_proposed"]
        assert [event.subject for event in told] == [f"ticket:{ticket_id}"]
        lines = [line.event for line in session.get_one(Ticket, ticket_id).history]
        assert lines.count("supervision_proposed") == 1


def test_a_rejection_for_something_else_does_not_count(city: City) -> None:
    ticket_id = replied(city, EMPTY)
    grounds = (Ground.WRONG_FACTS, Ground.INCOMPLETE)
    reject_reply(city.context.acting_as(city.reviewer), ticket_id, "数字不对", HOLDS_NOT, grounds)
    with city.context.reading() as session:
        verdict = last_rejection(session, session.get_one(Ticket, ticket_id))
        assert verdict is not None
        assert verdict.grounds == [Ground.INCOMPLETE, Ground.WRONG_FACTS]
        assert times_perfunctory(session, ticket_id) == 0
    replied(city, GOOD, ticket_id=ticket_id)
    accept_reply(city.context.acting_as(city.reviewer), ticket_id)
    with city.context.reading() as session:
        assert last_rejection(session, session.get_one(Ticket, ticket_id)) is None


def test_a_person_decides_where_nothing_was_noticed(city: City) -> None:
    ticket_id = replied(city, GOOD)
    reject_reply(city.context.acting_as(city.reviewer), ticket_id, "答非所问", {}, [Ground.PERFUNCTORY])
    with city.context.reading() as session:
        assert times_perfunctory(session, ticket_id) == 1


def test_perfunctory_with_every_signal_denied_is_a_contradiction(city: City) -> None:
    ticket_id = replied(city, EMPTY)
    reject = partial(reject_reply, city.context.acting_as(city.reviewer), ticket_id)
    assert refusal(reject, "空话", HOLDS_NOT, [Ground.PERFUNCTORY]) is Obstacle.NOTHING_CONFIRMED
    with pytest.raises(GuardFailed, match="reason"):
        reject(" ", HOLDS, [Ground.PERFUNCTORY])
    assert state(city, ticket_id) is State.REPLIED


def test_contact_that_is_not_on_record_is_noticed(city: City) -> None:
    text = "我局已联系您说明情况，5月2日城南供水所更换了加压泵阀门，水压已经恢复到正常范围。"
    assert Signal.NO_CONTACT in noticed(city, replied(city, text, reached=False))
    assert Signal.NO_CONTACT not in noticed(city, replied(city, text))


def test_a_copy_is_noticed_on_another_matter_alone(city: City) -> None:
    first, other = replied(city, GOOD), replied(city, GOOD)
    assert Signal.COPIED not in noticed(city, other)  # the same matter at the same place
    with city.context.writing() as session:
        session.get_one(Ticket, other).address = "长江路 3 号"
    assert Signal.COPIED in noticed(city, other)
    with city.context.writing() as session:
        session.get_one(Ticket, first).confidentiality = Confidentiality.SEALED
    assert Signal.COPIED not in noticed(city, other)


def test_a_reply_as_the_limit_ends_is_noticed_unless_something_was_done(
    city: City, clock: FixedClock
) -> None:
    """Dispatched on 30 April 2020, 16:00; due on 7 May, 24:00."""
    idle, busy = city.signed(), city.signed()
    clock.set(local("2020-05-04 10:00"))
    record_contact(city.context.acting_as(city.handler), busy, ContactWay.PHONE, reached=True)
    clock.set(local("2020-05-07 20:00"))
    assert noticed(city, replied(city, GOOD, ticket_id=idle)) == {Signal.LAST_MINUTE}
    assert noticed(city, replied(city, GOOD, ticket_id=busy)) == set()


def test_solved_is_doubted_where_the_citizen_has_said_no(city: City, clock: FixedClock) -> None:
    ticket_id = replied(city, GOOD)
    with city.context.writing() as session:
        session.add(
            FollowUp(
                ticket_id=ticket_id,
                owed_at=clock.now(),
                done_at=clock.now(),
                solved=False,
            )
        )
    assert noticed(city, ticket_id) == {Signal.NOT_SOLVED}
    reject_reply(city.context.acting_as(city.reviewer), ticket_id, "市民说没有解决")
    clock.advance(hours=1)
    assert noticed(city, replied(city, GOOD, ticket_id=ticket_id)) == set()  # spoken with since


def test_solved_is_doubted_where_the_same_was_solved_a_month_ago(city: City, clock: FixedClock) -> None:
    before = city.signed()
    with city.context.writing() as session:
        ticket = session.get_one(Ticket, before)
        ticket.solved, ticket.closed_at = True, clock.now()
    clock.advance(days=29)
    assert noticed(city, replied(city, GOOD)) == {Signal.NOT_SOLVED}
    clock.advance(days=2)
    assert noticed(city, replied(city, GOOD)) == set()


def test_what_is_noticed_is_what_was_on_record_when_the_reply_was_sent(city: City, clock: FixedClock) -> None:
    text = "我局已联系您说明情况，5月2日城南供水所更换了加压泵阀门，水压已经恢复到正常范围。"
    ticket_id = replied(city, text, reached=False)
    clock.advance(days=9)
    assert noticed(city, ticket_id) == {Signal.NO_CONTACT}


def test_supervisors_edit_the_lists_and_the_next_look_goes_by_them(city: City) -> None:
    ticket_id = replied(city, f"{GOOD}请您放心。")
    assert noticed(city, ticket_id) == set()
    change_words(city.context.acting_as(city.supervisor), WordList.PROMISE, [" 请您 放心 ", "", "请您放心"])
    assert noticed(city, ticket_id) == {Signal.PROMISE}
    with city.context.reading() as session:
        row = word_lists(session)[WordList.PROMISE]
        assert (row.phrases, row.changed_by) == (["请您放心"], city.supervisor.name)


@pytest.mark.parametrize(
    ("phrases", "named"), [([], ""), (["好"], "好"), (["长" * 31], "长" * 31), ([" "], "")]
)
def test_a_list_that_does_not_fit_is_refused(city: City, phrases: list[str], named: str) -> None:
    with pytest.raises(WordsRefused) as refused:
        change_words(city.context.acting_as(city.supervisor), WordList.PROMISE, phrases)
    assert refused.value.phrase == named


def test_others_do_not_edit_the_lists(city: City) -> None:
    for actor in (city.reviewer, city.handler, city.leader, city.agent):
        with pytest.raises(NotPermitted):
            change_words(city.context.acting_as(actor), WordList.PROMISE, ["正在研究"])


def test_two_reviewers_at_once_give_one_verdict(city: City) -> None:
    ticket_id = replied(city, GOOD)
    second = user(city.context, city.hotline_id, Role.REVIEWER)
    accepting = partial(accept_reply, city.context.acting_as(city.reviewer), ticket_id)
    rejecting = partial(reject_reply, city.context.acting_as(second), ticket_id, "再核实")
    outcomes = at_once([partial(_tried, accepting), partial(_tried, rejecting)])
    assert sorted(outcomes) == [False, True]
    with city.context.reading() as session:
        reply = latest_reply(session, ticket_id)
        assert reply is not None
        verdict = verdict_of(session, reply.id)
        assert verdict is not None
        assert verdict.accepted is (reply.state is ReplyState.ACCEPTED)


def _tried(deed: partial[object]) -> bool:
    try:
        deed()
    except IllegalMove:
        return False
    return True


def test_the_score_is_of_what_was_found(city: City) -> None:
    ticket_id = replied(city, "我局已联系您，将出方案，在研究中", reached=False)
    with city.context.reading() as session:
        reply = latest_reply(session, ticket_id)
        assert reply is not None
        assert score(signals_of(session, reply, city.context.now())) == 4  # R1, R5 twice, R8

"""What citizens do with their own matter, and every refusal."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from hotline.appeals.models import AppealKind
from hotline.citizens.deeds import (
    SUPPLEMENTS_A_DAY,
    Deed,
    NotNow,
    allowed,
    ask_to_reopen,
    ask_to_withdraw,
    object_to_refusal,
    rate,
    remind,
    supplement,
    take_up_again,
    withdraw,
)
from hotline.citizens.queries import Marks, marks_of
from hotline.context import Context
from hotline.dispatch.service import dispatch
from hotline.events import Event
from hotline.follow_up.models import FollowUpState
from hotline.follow_up.queries import of_ticket
from hotline.follow_up.service import begin_attempt, record_answers
from hotline.screening.asking import ask
from hotline.screening.queries import requests_of
from hotline.tickets.models import Ticket
from hotline.tickets.service import DraftRefused
from hotline.tickets.states import Confidentiality, State, Urgency
from tests.factories import City, FixedClock
from tests.threads import at_once

DEEDS: dict[Deed, Callable[[Context, str], None]] = {
    Deed.REMIND: remind,
    Deed.SUPPLEMENT: lambda context, number: supplement(context, number, "补充：停水三天了。"),
    Deed.RATE: lambda context, number: rate(context, number, solved=True, satisfaction=1),
    Deed.WITHDRAW: lambda context, number: withdraw(context, number, "已自行解决"),
    Deed.ASK_TO_WITHDRAW: lambda context, number: ask_to_withdraw(context, number, "已自行解决"),
    Deed.TAKE_UP_AGAIN: take_up_again,
    Deed.REOPEN: lambda context, number: ask_to_reopen(context, number, AppealKind.RELAPSE, "又停水了"),
    Deed.OBJECT: lambda context, number: object_to_refusal(context, number, "应当受理"),
}
GOING_ON = {Deed.REMIND, Deed.SUPPLEMENT}
ALLOWED = {
    State.DRAFT: {Deed.SUPPLEMENT},
    State.REGISTERED: {*GOING_ON, Deed.WITHDRAW},
    State.NEED_INFO: {Deed.SUPPLEMENT},
    State.TO_DISPATCH: {*GOING_ON, Deed.WITHDRAW},
    State.DISPATCHED: {*GOING_ON, Deed.ASK_TO_WITHDRAW},
    State.RETURN_PENDING: GOING_ON,
    State.HANDLING: {*GOING_ON, Deed.ASK_TO_WITHDRAW},
    State.NEED_INFO_UNIT: {Deed.SUPPLEMENT},
    State.SUSPENDED: GOING_ON,
    State.REPLIED: GOING_ON,
    State.REWORK: GOING_ON,
}
"""Without a follow-up that is owed, a withdrawal, a closing or a refusal; every other state: nothing."""


def number_of(city: City, ticket_id: int) -> str:
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id).number or ""


def ticket_of(city: City, ticket_id: int) -> Ticket:
    with city.context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        _ = ticket.history
        return ticket


def put(city: City, ticket_id: int, **values: object) -> None:
    with city.context.writing() as session:
        ticket = session.get_one(Ticket, ticket_id)
        for name, value in values.items():
            setattr(ticket, name, value)


def refuse_all(city: City, ticket_id: int, but: set[Deed]) -> None:
    """Every deed but these is refused, and leaves nothing behind."""
    number, before = number_of(city, ticket_id), ticket_of(city, ticket_id)
    for deed in set(Deed) - but:
        with pytest.raises(NotNow) as refused:
            DEEDS[deed](city.context, number)
        assert refused.value.deed is deed
    after = ticket_of(city, ticket_id)
    assert (after.state, len(after.history)) == (before.state, len(before.history))


def test_each_state_allows_what_the_lifecycle_allows(city: City) -> None:
    ticket_id = city.registered()
    for state in State:
        put(city, ticket_id, state=state)
        with city.context.reading() as session:
            may = allowed(session, city.context, session.get_one(Ticket, ticket_id))
        assert may == ALLOWED.get(state, set()), state
        refuse_all(city, ticket_id, but=set(may))


@pytest.mark.parametrize("level", [Confidentiality.HIDDEN, Confidentiality.SEALED])
def test_a_confidential_ticket_allows_nothing(level: Confidentiality, city: City) -> None:
    for ticket_id in (city.registered(), city.signed(), city.owed()[0]):
        put(city, ticket_id, confidentiality=level)
        refuse_all(city, ticket_id, but=set())


def test_a_number_that_is_none_allows_nothing(city: City) -> None:
    for deed in Deed:
        with pytest.raises(NotNow) as refused:
            DEEDS[deed](city.context, "20200430DH9999990")
        assert refused.value.deed is deed


def test_a_reminder_is_counted_noted_and_told_once_a_day(city: City, clock: FixedClock) -> None:
    ticket_id = city.signed()
    number, due_at = number_of(city, ticket_id), ticket_of(city, ticket_id).due_at
    remind(city.context, number)
    with pytest.raises(NotNow):
        remind(city.context, number)
    clock.advance(hours=24)
    remind(city.context, number)
    with city.context.reading() as session:
        assert marks_of(session, [ticket_id]) == {ticket_id: Marks(reminders=2)}
        kinds = session.scalars(select(Event.kind).where(Event.subject == f"ticket:{ticket_id}")).all()
    assert kinds.count("ticket.reminded") == 2
    ticket = ticket_of(city, ticket_id)
    lines = [line for line in ticket.history if line.event == "reminded"]
    assert [line.actor_roles for line in lines] == ["citizen", "citizen"]
    assert (ticket.state, ticket.due_at) == (State.HANDLING, due_at)


def test_two_presses_at_once_remind_once(city: City) -> None:
    number = number_of(city, ticket_id := city.signed())

    def press() -> bool:
        try:
            remind(city.context, number)
        except NotNow:
            return False
        return True

    assert sorted(at_once([press] * 4)) == [False, False, False, True]
    with city.context.reading() as session:
        assert marks_of(session, [ticket_id]) == {ticket_id: Marks(reminders=1)}


def test_a_supplement_is_kept_word_by_word_and_not_twice(city: City, clock: FixedClock) -> None:
    number = number_of(city, ticket_id := city.signed())
    supplement(city.context, number, "  五楼也没有水了。\n")
    supplement(city.context, number, "五楼也没有水了。")
    lines = [line.reason for line in ticket_of(city, ticket_id).history if line.event == "supplemented"]
    assert lines == ["五楼也没有水了。"]
    for n in range(SUPPLEMENTS_A_DAY - 1):
        supplement(city.context, number, f"第 {n} 次")
    with pytest.raises(NotNow):
        supplement(city.context, number, "太多了")
    clock.advance(hours=24)
    supplement(city.context, number, "第二天")
    with city.context.reading() as session:
        assert marks_of(session, [ticket_id]) == {ticket_id: Marks(supplements=SUPPLEMENTS_A_DAY + 1)}


@pytest.mark.parametrize("words", ["", "  \n ", "字" * 2001, "\x00"])
def test_no_words_too_many_and_odd_ones_are_refused(words: str, city: City) -> None:
    number = number_of(city, city.registered())
    with pytest.raises(DraftRefused):
        supplement(city.context, number, words)
    with pytest.raises(DraftRefused):
        withdraw(city.context, number, words)
    assert ticket_of(city, city.registered()).state is State.REGISTERED


def test_what_was_asked_for_goes_with_its_question_and_the_ticket_goes_on(city: City) -> None:
    ticket_id = city.registered()
    ask(city.context.acting_as(city.screener), ticket_id, "是哪一栋楼？")
    supplement(city.context, number_of(city, ticket_id), "三号楼")
    with city.context.reading() as session:
        (request,) = requests_of(session, ticket_id)
        assert (request.answer, request.written_by_id) == ("三号楼", None)
    ticket = ticket_of(city, ticket_id)
    assert ticket.state is State.REGISTERED
    assert ticket.history[-1].actor_roles == "citizen"


def test_what_the_department_asked_for_lets_it_go_on(city: City) -> None:
    ticket_id = city.signed()
    put(city, ticket_id, state=State.NEED_INFO_UNIT)
    supplement(city.context, number_of(city, ticket_id), "三号楼")
    ticket = ticket_of(city, ticket_id)
    assert (ticket.state, ticket.history[-1].changes) == (State.HANDLING, {"supplement": "三号楼"})


@pytest.mark.parametrize(
    ("solved", "state", "follow_up"),
    [
        (True, State.CLOSED, FollowUpState.DONE),
        (False, State.CALLBACK, FollowUpState.NEEDS_FINDING),  # a person finds out why
    ],
)
def test_a_rating_stands_for_the_follow_up_call(
    solved: bool, state: State, follow_up: FollowUpState, city: City
) -> None:
    ticket_id, _ = city.owed()
    number = number_of(city, ticket_id)
    rate(city.context, number, solved, 4, " 拖了太久 ")
    ticket = ticket_of(city, ticket_id)
    assert (ticket.state, ticket.solved, ticket.satisfaction) == (state, solved, 4)
    assert [line.reason for line in ticket.history if line.event == "rated_on_page"] == ["拖了太久"]
    with city.context.reading() as session:
        assert [found.state for found in of_ticket(session, ticket_id)] == [follow_up]
    with pytest.raises(NotNow):
        rate(city.context, number, solved=True, satisfaction=1)


def test_nobody_rates_while_the_hotline_calls_them(city: City) -> None:
    ticket_id, follow_up_id = city.owed()
    attempt = begin_attempt(city.context, follow_up_id)
    with pytest.raises(NotNow):
        rate(city.context, number_of(city, ticket_id), solved=True, satisfaction=1)
    record_answers(city.context, attempt.attempt_id, solved=True, satisfaction=2)
    assert ticket_of(city, ticket_id).satisfaction == 2


@pytest.mark.parametrize("grade", [0, 6, -1])
def test_a_grade_that_is_none_is_refused(grade: int, city: City) -> None:
    ticket_id, _ = city.owed()
    with pytest.raises(ValueError, match="1 to 5"):
        rate(city.context, number_of(city, ticket_id), solved=True, satisfaction=grade)
    assert ticket_of(city, ticket_id).state is State.CALLBACK


def test_a_matter_is_withdrawn_and_taken_up_again_within_thirty_days(city: City, clock: FixedClock) -> None:
    early, late = city.registered(), city.accepted()
    for ticket_id in (early, late):
        withdraw(city.context, number_of(city, ticket_id), "已自行解决")
        ticket = ticket_of(city, ticket_id)
        assert (ticket.state, ticket.history[-1].reason) == (State.WITHDRAWN, "已自行解决")
        refuse_all(city, ticket_id, but={Deed.TAKE_UP_AGAIN})
    clock.advance(days=29)
    take_up_again(city.context, number_of(city, early))
    assert ticket_of(city, early).state is State.REGISTERED
    clock.advance(days=1)
    with pytest.raises(NotNow):
        take_up_again(city.context, number_of(city, late))
    assert ticket_of(city, late).state is State.WITHDRAWN


def test_what_is_dispatched_or_endangers_people_is_not_withdrawn(city: City) -> None:
    danger, dispatched = city.accepted(urgency=Urgency.FLASH), city.accepted()
    dispatch(city.context.acting_as(city.dispatcher), dispatched, city.water_id)
    for ticket_id in (danger, dispatched, city.signed()):
        with pytest.raises(NotNow):
            withdraw(city.context, number_of(city, ticket_id), "不要办了")

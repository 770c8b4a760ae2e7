"""Asking the citizen before a ticket is accepted: what is kept, who may, how long the clock stands still."""

from datetime import timedelta

import pytest

from hotline.people.actors import NotPermitted, Role
from hotline.screening import asking, queries
from hotline.screening.models import InfoRequest
from hotline.screening.service import Screened, accept
from hotline.tickets.lifecycle import GuardFailed, IllegalMove, MoveNotPermitted
from hotline.tickets.models import Ticket
from hotline.tickets.service import DraftRefused
from hotline.tickets.states import Confidentiality, State
from tests.factories import City, FixedClock, local, user

QUESTION = "请问是几号楼几单元？"


def asked(city: City) -> int:
    ticket_id = city.registered()
    asking.ask(city.context.acting_as(city.screener), ticket_id, QUESTION)
    return ticket_id


def ticket(city: City, ticket_id: int) -> Ticket:
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id)


def requests(city: City, ticket_id: int) -> list[InfoRequest]:
    with city.context.reading() as session:
        return list(queries.requests_of(session, ticket_id))


def paused(city: City, ticket_id: int) -> timedelta:
    return queries.paused(requests(city, ticket_id), city.context.now())


def test_the_question_waits_with_the_ticket_and_the_answer_is_kept_with_it(
    city: City, clock: FixedClock
) -> None:
    ticket_id = asked(city)
    assert ticket(city, ticket_id).state is State.NEED_INFO
    clock.advance(hours=3)
    asking.write_answer(city.context.acting_as(city.callback_agent), ticket_id, "  3 号楼 2 单元 ")
    assert ticket(city, ticket_id).state is State.REGISTERED
    [request] = requests(city, ticket_id)
    assert (request.question, request.answer) == (QUESTION, "3 号楼 2 单元")
    assert (request.asked_by_id, request.written_by_id) == (
        city.screener.user_id,
        city.callback_agent.user_id,
    )
    assert paused(city, ticket_id) == timedelta(hours=3)
    accept(city.context.acting_as(city.screener), ticket_id, Screened())


def test_the_citizen_has_five_working_days(city: City) -> None:
    """Asked on Thursday 30 April 2020, 16:00: 1 to 5 May are holidays, 9 May is worked."""
    [request] = requests(city, asked(city))
    assert request.answer_by == local("2020-05-12 00:00")  # 6, 7, 8, 9, 11 May


def test_asked_once_nobody_is_closed(city: City, clock: FixedClock) -> None:
    ticket_id = asked(city)
    clock.set(local("2020-05-12 00:00"))
    assert asking.close_unanswered(city.context) == 1
    assert asking.close_unanswered(city.context) == 0
    found = ticket(city, ticket_id)
    assert found.state is State.NEED_INFO
    with city.context.reading() as session:
        events = [line.event for line in session.get_one(Ticket, ticket_id).history]
    assert events[-1] == "answer_overdue"


def test_asked_twice_and_silent_it_closes_and_can_be_reopened(city: City, clock: FixedClock) -> None:
    ticket_id = asked(city)
    clock.set(local("2020-05-11 10:00"))
    asking.ask_again(city.context.acting_as(city.agent), ticket_id)
    clock.set(local("2020-05-12 00:00"))
    assert asking.close_unanswered(city.context) == 0, "the second request has its own five working days"
    clock.set(local("2020-05-19 00:00"))
    assert asking.close_unanswered(city.context) == 1
    found = ticket(city, ticket_id)
    assert (found.state, found.outcome, found.closed_at) == (
        State.CLOSED,
        asking.NO_INFORMATION,
        local("2020-05-19 00:00"),
    )
    assert [request.question for request in requests(city, ticket_id)] == [QUESTION, QUESTION]
    with city.context.writing() as session:
        again = session.get_one(Ticket, ticket_id)
        again.move("reopen", city.supervisor, clock.now(), "市民来电补充了地址")
    assert ticket(city, ticket_id).state is State.TO_DISPATCH


def test_the_clock_stands_still_for_five_working_days_at_most(city: City, clock: FixedClock) -> None:
    ticket_id = asked(city)
    asked_at = clock.now()
    clock.set(local("2020-05-11 10:00"))
    asking.ask_again(city.context.acting_as(city.screener), ticket_id, "请告知门牌号。")
    clock.set(local("2020-05-14 09:00"))
    asking.write_answer(city.context.acting_as(city.agent), ticket_id, "8 号")
    assert paused(city, ticket_id) == local("2020-05-12 00:00") - asked_at
    clock.advance(days=1)
    asking.ask(city.context.acting_as(city.screener), ticket_id, "几单元？")
    clock.advance(hours=2)
    asking.write_answer(city.context.acting_as(city.agent), ticket_id, "2 单元")
    assert paused(city, ticket_id) == local("2020-05-12 00:00") - asked_at + timedelta(hours=2)


def test_an_answer_that_came_stops_the_sweep(city: City, clock: FixedClock) -> None:
    ticket_id = asked(city)
    asking.write_answer(city.context.acting_as(city.agent), ticket_id, "3 号楼")
    clock.advance(days=30)
    assert asking.close_unanswered(city.context) == 0
    assert ticket(city, ticket_id).state is State.REGISTERED


def test_nobody_else_asks_or_writes(city: City) -> None:
    ticket_id = city.registered()
    for actor in (city.agent, city.dispatcher, city.handler, city.supervisor):
        with pytest.raises(MoveNotPermitted):
            asking.ask(city.context.acting_as(actor), ticket_id, QUESTION)
    asking.ask(city.context.acting_as(city.screener), ticket_id, QUESTION)
    for actor in (city.screener, city.handler, city.dispatcher):
        with pytest.raises(MoveNotPermitted):
            asking.write_answer(city.context.acting_as(actor), ticket_id, "3 号楼")
    with pytest.raises(NotPermitted):
        asking.ask_again(city.context.acting_as(city.handler), ticket_id)
    assert len(requests(city, ticket_id)) == 1


def test_what_is_empty_too_long_or_too_late_is_refused(city: City) -> None:
    screening, ticket_id = city.context.acting_as(city.screener), city.registered()
    with pytest.raises(GuardFailed):
        asking.ask(screening, ticket_id, "  ")
    for text in ("长" * 8001, "\x00"):
        with pytest.raises(DraftRefused):
            asking.ask(screening, ticket_id, text)
    with pytest.raises(IllegalMove):
        asking.ask_again(screening, ticket_id)
    assert requests(city, ticket_id) == []
    asking.ask(screening, ticket_id, QUESTION)
    with pytest.raises(GuardFailed):
        asking.write_answer(city.context.acting_as(city.agent), ticket_id, " ")
    with pytest.raises(IllegalMove):
        asking.ask(screening, ticket_id, QUESTION)
    assert len(requests(city, ticket_id)) == 1


def test_a_sealed_matter_is_asked_about_by_nobody_of_the_hotline(city: City) -> None:
    ticket_id = city.registered()
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = Confidentiality.SEALED
    both = user(city.context, city.hotline_id, Role.SCREENER, Role.AGENT)
    with pytest.raises(NotPermitted):
        asking.ask(city.context.acting_as(both), ticket_id, QUESTION)

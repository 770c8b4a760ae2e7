"""A department asks the citizen: once, and the clock stands still meanwhile (T23, T24)."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from hotline.citizens.deeds import supplement
from hotline.context import Context
from hotline.database import Database
from hotline.dispatch.models import Assignment
from hotline.dispatch.service import dispatch, sign
from hotline.people.actors import SYSTEM, NotPermitted
from hotline.questions.queries import open_question, questions_of, waiting_questions
from hotline.questions.service import Obstacle, QuestionRefused, answer, ask, go_on_unanswered
from hotline.screening import asking
from hotline.tickets.lifecycle import IllegalMove, MoveNotPermitted
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, State
from tests.factories import City, FixedClock, local, make_context
from tests.integration.families import put
from tests.integration.units import Units

ANSWER_BY = local("2020-05-12 00:00")  # 6, 7, 8, 9 and 11 May are the next five working days
WHERE = "请问是几号楼几单元？"


@pytest.fixture
def context(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> Context:
    """Nothing here differs between the databases."""
    return make_context(sqlite_database, clock, tmp_path)


def asked(city: City) -> int:
    """On 30 April 2020, 16:00; due on 7 May, 24:00."""
    ticket_id = city.signed()
    assert ask(city.context.acting_as(city.handler), ticket_id, f" {WHERE} ") == ANSWER_BY
    return ticket_id


def now(city: City, ticket_id: int) -> tuple[State, datetime | None]:
    with city.context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        return ticket.state, ticket.due_at


def refusal(deed: object, *arguments: object) -> Obstacle:
    with pytest.raises(QuestionRefused) as refused:
        deed(*arguments)  # type: ignore[operator]
    return refused.value.obstacle


def test_the_ticket_waits_for_its_citizen(city: City) -> None:
    ticket_id = asked(city)
    assert now(city, ticket_id)[0] is State.NEED_INFO_UNIT
    with city.context.reading() as session:
        (waiting,) = waiting_questions(session)
        line = session.get_one(Ticket, ticket_id).history[-1]
    assert (waiting.question, waiting.answer_by) == (WHERE, ANSWER_BY)
    assert (line.event, line.changes["question"]) == ("ask_info", WHERE)


def test_the_clock_goes_on_with_what_was_left_of_it(city: City, clock: FixedClock) -> None:
    ticket_id = asked(city)
    clock.set(local("2020-05-06 10:00"))
    answer(city.context.acting_as(city.agent), ticket_id, " 3 号楼 2 单元 ")
    assert now(city, ticket_id) == (State.HANDLING, local("2020-05-14 00:00"))
    with city.context.reading() as session:
        (one,) = questions_of(session, ticket_id)
        assert (one.answer, one.written_by_id) == ("3 号楼 2 单元", city.agent.user_id)
        assert open_question(session, ticket_id) is None
    with pytest.raises(IllegalMove):
        answer(city.context.acting_as(city.agent), ticket_id, "again")


def test_an_answer_to_screening_is_none_to_the_department(city: City) -> None:
    """As from a page that was opened while the ticket was still with screening."""
    ticket_id = asked(city)
    for role in (city.agent, SYSTEM):
        with pytest.raises(IllegalMove):
            asking.write_answer(city.context.acting_as(role), ticket_id, "3 号楼")
    assert now(city, ticket_id)[0] is State.NEED_INFO_UNIT
    with city.context.reading() as session:
        assert open_question(session, ticket_id) is not None


def test_a_handler_does_not_ask_as_screening_does(city: City) -> None:
    ticket_id = city.signed()
    with pytest.raises(IllegalMove):
        asking.ask(city.context.acting_as(city.handler), ticket_id, WHERE)
    assert now(city, ticket_id)[0] is State.HANDLING


def test_the_citizen_answers_on_their_page(city: City, clock: FixedClock) -> None:
    ticket_id = asked(city)
    clock.set(local("2020-05-06 10:00"))
    with city.context.reading() as session:
        number = session.get_one(Ticket, ticket_id).number or ""
    supplement(city.context, number, "3 号楼 2 单元")
    assert now(city, ticket_id) == (State.HANDLING, local("2020-05-14 00:00"))
    with city.context.reading() as session:
        assert questions_of(session, ticket_id)[0].answer == "3 号楼 2 单元"


def test_the_department_goes_on_without_after_five_working_days(city: City, clock: FixedClock) -> None:
    """However late the sweep comes, the clock stood still no longer than that."""
    ticket_id = asked(city)
    clock.set(local("2020-05-11 23:59"))
    assert go_on_unanswered(city.context) == 0
    clock.set(local("2020-05-12 09:00"))
    assert (go_on_unanswered(city.context), go_on_unanswered(city.context)) == (1, 0)
    assert now(city, ticket_id) == (State.HANDLING, local("2020-05-20 00:00"))
    with city.context.reading() as session:
        line = session.get_one(Ticket, ticket_id).history[-1]
    assert (line.event, line.changes["unanswered"]) == ("info_received", True)


def test_it_is_asked_once_and_in_words(city: City) -> None:
    ticket_id, handling = city.signed(), city.context.acting_as(city.handler)
    assert refusal(ask, handling, ticket_id, "  ") is Obstacle.NO_QUESTION
    ask(handling, ticket_id, WHERE)
    assert refusal(answer, city.context.acting_as(city.agent), ticket_id, " ") is Obstacle.NO_ANSWER
    answer(city.context.acting_as(city.agent), ticket_id, "3 号楼")
    assert refusal(ask, handling, ticket_id, "还有呢？") is Obstacle.ASKED_ONCE
    assert now(city, ticket_id)[0] is State.HANDLING


def test_others_neither_ask_nor_answer(city: City) -> None:
    units, ticket_id = Units.of(city), city.signed()
    for actor in (units.police_handler, city.leader, city.agent):
        with pytest.raises(NotPermitted):
            ask(city.context.acting_as(actor), ticket_id, WHERE)
    ask(city.context.acting_as(city.handler), ticket_id, WHERE)
    for actor in (city.handler, city.leader, city.screener):
        with pytest.raises(MoveNotPermitted):
            answer(city.context.acting_as(actor), ticket_id, "3 号楼")
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = Confidentiality.SEALED
    with pytest.raises(NotPermitted):
        answer(city.context.acting_as(city.agent), ticket_id, "3 号楼")


def test_a_reopened_ticket_that_is_dispatched_anew_may_ask_again(city: City, clock: FixedClock) -> None:
    ticket_id = asked(city)
    answer(city.context.acting_as(city.agent), ticket_id, "3 号楼")
    city.reply(ticket_id)
    put(city, ticket_id, state=State.TO_DISPATCH)
    with city.context.writing() as session:  # as reopening does
        session.execute(update(Assignment).values(is_current=False))
    clock.advance(days=1)
    dispatch(city.context.acting_as(city.dispatcher), ticket_id, city.water_id)
    sign(city.context.acting_as(city.handler), ticket_id)
    ask(city.context.acting_as(city.handler), ticket_id, WHERE)
    answer(city.context.acting_as(city.agent), ticket_id, "还是 3 号楼")
    assert refusal(ask, city.context.acting_as(city.handler), ticket_id, WHERE) is Obstacle.ASKED_ONCE

"""Matters that cannot be solved now: asked, approved, reviewed, and the clock (B5.8), on both databases."""

from datetime import date, datetime
from functools import partial

import pytest

from hotline.dispatch.queries import lead_assignment
from hotline.extensions.models import ExtensionGround
from hotline.extensions.service import ExtensionForm, approve_extension, ask_extension
from hotline.people.actors import NotPermitted, Role
from hotline.replies.models import ContactWay
from hotline.replies.service import record_contact
from hotline.suspension.models import SuspensionState
from hotline.suspension.queries import on_record, suspensions_of, waiting_suspensions
from hotline.suspension.rules import Obstacle
from hotline.suspension.service import (
    SuspensionForm,
    SuspensionRefused,
    approve_suspension,
    ask_suspension,
    refuse_suspension,
    resume,
    resume_due,
)
from hotline.tickets.lifecycle import GuardFailed, IllegalMove, MoveNotPermitted
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from tests.factories import City, FixedClock, local, user
from tests.integration.units import Units
from tests.threads import at_once

# The clock of the tests stands on Thursday 30 April 2020, 16:00; due on 7 May, 24:00.
REVIEW = date(2020, 6, 30)
DUE = local("2020-05-08 00:00")


def form(
    review_on: date = REVIEW, reason: str = "管网要等路段改造", plan: str = "列入下半年改造"
) -> SuspensionForm:
    return SuspensionForm(reason, plan, review_on)


def handled(city: City, told: bool = True) -> int:
    ticket_id = city.signed()
    if told:
        tell(city, ticket_id)
    return ticket_id


def tell(city: City, ticket_id: int) -> None:
    record_contact(city.context.acting_as(city.handler), ticket_id, ContactWay.PHONE, reached=True)


def ask(city: City, ticket_id: int, asked: SuspensionForm | None = None) -> None:
    ask_suspension(city.context.acting_as(city.leader), ticket_id, asked or form())


def suspended(city: City) -> int:
    ticket_id = handled(city)
    ask(city, ticket_id)
    approve_suspension(city.context.acting_as(city.supervisor), ticket_id, "同意")
    return ticket_id


def ticket_of(city: City, ticket_id: int) -> Ticket:
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id)


def refusal(deed: object, *arguments: object) -> Obstacle:
    with pytest.raises(SuspensionRefused) as refused:
        deed(*arguments)  # type: ignore[operator]
    return refused.value.obstacle


def test_a_request_changes_nothing_and_an_approval_suspends(city: City) -> None:
    ticket_id = handled(city)
    ask(city, ticket_id)
    assert ticket_of(city, ticket_id).state is State.HANDLING
    with city.context.reading() as session:
        assert [one.ticket_id for one in waiting_suspensions(session)] == [ticket_id]
    approve_suspension(city.context.acting_as(city.supervisor), ticket_id, "同意")
    assert ticket_of(city, ticket_id).state is State.SUSPENDED
    with city.context.reading() as session:
        assert waiting_suspensions(session) == []
        (one,) = on_record(session)
        assert (one.ticket_id, one.review_at) == (ticket_id, local("2020-06-30 09:00"))
        lines = session.get_one(Ticket, ticket_id).history
        assert lines[-1].event == "suspend"
        assert lines[-1].changes["plan"] == "列入下半年改造"


@pytest.mark.parametrize(
    ("asked", "obstacle"),
    [
        (form(reason=" "), Obstacle.NO_REASON),
        (form(plan=" "), Obstacle.NO_PLAN),
        (form(date(2020, 4, 30)), Obstacle.REVIEW_DATE),
        (form(date(2020, 7, 30)), Obstacle.REVIEW_DATE),  # the ninety-first day
    ],
)
def test_an_incomplete_request_is_refused(city: City, asked: SuspensionForm, obstacle: Obstacle) -> None:
    assert refusal(ask, city, handled(city), asked) is obstacle


@pytest.mark.parametrize("day", [date(2020, 5, 1), date(2020, 7, 29)])
def test_the_day_of_review_is_tomorrow_to_ninety_days_from_now(city: City, day: date) -> None:
    ask(city, handled(city), form(day))


def test_one_request_at_a_time_and_a_refusal_says_why(city: City) -> None:
    ticket_id = handled(city)
    ask(city, ticket_id)
    assert refusal(ask, city, ticket_id) is Obstacle.WAITING
    supervisor = city.context.acting_as(city.supervisor)
    assert refusal(refuse_suspension, supervisor, ticket_id, " ") is Obstacle.NO_REASON
    refuse_suspension(supervisor, ticket_id, "可以先临时供水")
    assert refusal(refuse_suspension, supervisor, ticket_id, "再次") is Obstacle.NOTHING_WAITS
    assert ticket_of(city, ticket_id).state is State.HANDLING
    ask(city, ticket_id)


def test_the_citizen_has_been_told_why(city: City) -> None:
    ticket_id = handled(city, told=False)
    ask(city, ticket_id)
    supervisor = city.context.acting_as(city.supervisor)
    assert refusal(approve_suspension, supervisor, ticket_id) is Obstacle.NOT_TOLD
    tell(city, ticket_id)
    approve_suspension(supervisor, ticket_id)


def test_a_day_of_review_that_has_come_meanwhile_is_no_plan(city: City, clock: FixedClock) -> None:
    ticket_id = handled(city)
    ask(city, ticket_id)
    clock.set(local("2020-06-30 08:00"))
    assert (
        refusal(approve_suspension, city.context.acting_as(city.supervisor), ticket_id)
        is Obstacle.REVIEW_DATE
    )


def test_only_the_leader_asks_only_a_supervisor_decides_and_never_on_their_own(city: City) -> None:
    units = Units.of(city)
    ticket_id = handled(city)
    for actor in (city.handler, city.supervisor, units.police_leader):
        with pytest.raises(NotPermitted):
            ask_suspension(city.context.acting_as(actor), ticket_id, form())
    both = user(city.context, city.water_id, Role.UNIT_REVIEWER, Role.SUPERVISOR)
    ask_suspension(city.context.acting_as(both), ticket_id, form())
    for deed in (approve_suspension, refuse_suspension):
        assert refusal(deed, city.context.acting_as(both), ticket_id, "x") is Obstacle.OWN_REQUEST
        for actor in (city.leader, city.handler, city.dispatcher, city.agent, units.director):
            with pytest.raises(NotPermitted):
                deed(city.context.acting_as(actor), ticket_id, "x")


def test_what_was_left_is_left_when_it_is_taken_up_again(city: City, clock: FixedClock) -> None:
    ticket_id = suspended(city)
    clock.set(local("2020-05-20 16:00"))  # twenty days later
    assert resume(city.context.acting_as(city.handler), ticket_id) == local("2020-05-28 00:00")
    ticket = ticket_of(city, ticket_id)
    assert (ticket.state, ticket.due_at) == (State.HANDLING, local("2020-05-28 00:00"))
    with city.context.reading() as session:
        lead = lead_assignment(session, ticket_id)
        assert lead is not None
        assert lead.due_at == local("2020-05-28 00:00")
        (one,) = suspensions_of(session, ticket_id)
        assert (one.state, one.due_at, one.ended_at) == (SuspensionState.ENDED, None, clock.now())
    with pytest.raises(IllegalMove):
        resume(city.context.acting_as(city.handler), ticket_id)


def test_what_was_overdue_stays_overdue(city: City, clock: FixedClock) -> None:
    ticket_id = handled(city)
    ask(city, ticket_id)
    clock.set(local("2020-05-11 10:00"))
    approve_suspension(city.context.acting_as(city.supervisor), ticket_id)
    clock.set(local("2020-05-20 10:00"))
    assert resume(city.context.acting_as(city.handler), ticket_id) == DUE


def test_only_its_department_takes_it_up(city: City) -> None:
    units = Units.of(city)
    ticket_id = suspended(city)
    with pytest.raises(GuardFailed, match="holds the ticket"):
        resume(city.context.acting_as(units.police_handler), ticket_id)
    for actor in (city.supervisor, city.dispatcher, city.agent):
        with pytest.raises(MoveNotPermitted):
            resume(city.context.acting_as(actor), ticket_id)


def test_the_sweep_takes_it_up_on_the_day_of_review(city: City, clock: FixedClock) -> None:
    ticket_id = suspended(city)
    clock.set(local("2020-06-30 08:59"))
    assert resume_due(city.context) == 0
    clock.set(local("2020-06-30 09:00"))
    assert resume_due(city.context) == 1
    assert resume_due(city.context) == 0
    ticket = ticket_of(city, ticket_id)
    assert (ticket.state, ticket.due_at) == (State.HANDLING, local("2020-07-08 00:00"))
    with city.context.reading() as session:
        line = session.get_one(Ticket, ticket_id).history[-1]
        assert (line.event, line.actor_id, line.actor_roles) == ("resume", None, "system")


def test_several_sweeps_at_once_take_each_up_once(city: City, clock: FixedClock) -> None:
    ids = {suspended(city) for _ in range(6)}
    clock.set(local("2020-07-01 09:00"))
    assert sum(at_once([partial(resume_due, city.context)] * 3)) == len(ids)
    with city.context.reading() as session:
        for ticket_id in ids:
            history = session.get_one(Ticket, ticket_id).history
            assert [line.event for line in history].count("resume") == 1


def test_it_may_be_suspended_again(city: City, clock: FixedClock) -> None:
    ticket_id = suspended(city)
    clock.set(local("2020-06-30 09:00"))
    resume_due(city.context)
    ask(city, ticket_id, form(date(2020, 9, 1)))
    approve_suspension(city.context.acting_as(city.supervisor), ticket_id)
    clock.set(local("2020-09-01 09:00"))
    assert resume_due(city.context) == 1


def test_an_extension_asked_for_before_counts_from_the_moved_limit(city: City, clock: FixedClock) -> None:
    ticket_id = handled(city)
    leader = city.context.acting_as(city.leader)
    ask_extension(leader, ticket_id, ExtensionForm(ExtensionGround.NEEDS_WORKS, 2, "更换水泵"))
    ask(city, ticket_id)
    approve_suspension(city.context.acting_as(city.supervisor), ticket_id)
    clock.set(local("2020-05-20 16:00"))
    resume(city.context.acting_as(city.handler), ticket_id)
    due: datetime = approve_extension(city.context.acting_as(city.dispatcher), ticket_id)
    assert due == local("2020-05-30 00:00")  # 27 May and two working days

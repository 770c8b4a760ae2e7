"""More time for a department: when it is asked for, who gives it, what moves (B5.5), on both databases."""

from datetime import datetime
from functools import partial

import pytest
from sqlalchemy import select

from hotline.context import Context
from hotline.deadlines.profiles import working_days
from hotline.dispatch.models import Assignment, AssignmentRole
from hotline.dispatch.service import dispatch, sign
from hotline.extensions.models import ExtensionGround, ExtensionState
from hotline.extensions.queries import extensions_of, waiting_extensions
from hotline.extensions.rules import Obstacle
from hotline.extensions.service import (
    ExtensionForm,
    ExtensionRefused,
    approve_extension,
    ask_extension,
    chance_of,
    refuse_extension,
)
from hotline.people.actors import NotPermitted, Role
from hotline.replies.models import ContactWay
from hotline.replies.service import record_contact
from hotline.tickets.lifecycle import IllegalMove
from hotline.tickets.models import Ticket
from hotline.tickets.states import Urgency
from tests.factories import City, FixedClock, local, user
from tests.integration.units import Units
from tests.threads import at_once

DISPATCHED = local("2020-05-06 16:00")  # a Wednesday
DUE = local("2020-05-14 00:00")  # seven natural days: 13 May 24:00
PLAN = "等水泵到货后更换，已与市民说明"


@pytest.fixture
def units(city: City) -> Units:
    return Units.of(city)


def form(days: int = 3, plan: str = PLAN) -> ExtensionForm:
    return ExtensionForm(ExtensionGround.NEEDS_WORKS, days, plan)


def handled(city: City, clock: FixedClock, urgency: Urgency = Urgency.NORMAL, told: bool = True) -> int:
    ticket_id = city.accepted(urgency=urgency)
    clock.set(DISPATCHED)
    dispatch(city.context.acting_as(city.dispatcher), ticket_id, city.water_id, (city.police_id,))
    sign(city.context.acting_as(city.handler), ticket_id)
    if told:
        tell(city, ticket_id)
    return ticket_id


def tell(city: City, ticket_id: int) -> None:
    record_contact(city.context.acting_as(city.handler), ticket_id, ContactWay.PHONE, reached=True)


def ask(city: City, ticket_id: int, days: int = 3) -> datetime:
    return ask_extension(city.context.acting_as(city.leader), ticket_id, form(days))


def due(city: City, ticket_id: int) -> datetime | None:
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id).due_at


def refusal(deed: object, *arguments: object) -> Obstacle:
    with pytest.raises(ExtensionRefused) as refused:
        deed(*arguments)  # type: ignore[operator]
    return refused.value.obstacle


def test_only_an_approval_moves_the_due_times(city: City, clock: FixedClock) -> None:
    ticket_id = handled(city, clock)
    with city.context.reading() as session:
        before = {a.role: a.due_at for a in session.scalars(select(Assignment))}
    assert ask(city, ticket_id) == local("2020-05-19 00:00")  # Thursday, Friday, Monday
    assert due(city, ticket_id) == DUE
    assert approve_extension(city.context.acting_as(city.dispatcher), ticket_id, "同意") == local(
        "2020-05-19 00:00"
    )
    assert due(city, ticket_id) == local("2020-05-19 00:00")
    with city.context.reading() as session:
        after = {a.role: a.due_at for a in session.scalars(select(Assignment))}
        assert {role: after[role] - before[role] for role in AssignmentRole} == dict.fromkeys(
            AssignmentRole, local("2020-05-19 00:00") - DUE
        )
        history = session.get_one(Ticket, ticket_id).history
        asked, approved = [line for line in history if line.event.startswith("extension")]
        assert (asked.event, asked.reason, asked.changes["days"]) == ("extension_asked", PLAN, 3)
        assert (approved.event, approved.reason) == ("extension_approved", "同意")
        assert datetime.fromisoformat(approved.changes["due_before"]) == DUE
        assert datetime.fromisoformat(approved.changes["due_at"]) == local("2020-05-19 00:00")


@pytest.mark.parametrize("deed", [approve_extension, refuse_extension])
def test_what_is_decided_is_not_decided_again(city: City, clock: FixedClock, deed: object) -> None:
    ticket_id = handled(city, clock)
    ask(city, ticket_id)
    approve_extension(city.context.acting_as(city.dispatcher), ticket_id)
    assert refusal(deed, city.context.acting_as(city.supervisor), ticket_id, "x") is Obstacle.NOTHING_WAITS


def test_a_refusal_moves_nothing_and_may_be_asked_again(city: City, clock: FixedClock) -> None:
    ticket_id = handled(city, clock)
    ask(city, ticket_id)
    supervisor = city.context.acting_as(city.supervisor)
    assert refusal(refuse_extension, supervisor, ticket_id, " ") is Obstacle.NO_REASON
    refuse_extension(supervisor, ticket_id, "材料今天已到")
    assert due(city, ticket_id) == DUE
    with city.context.reading() as session:
        (request,) = extensions_of(session, ticket_id)
        assert (request.state, request.decision) == (ExtensionState.REFUSED, "材料今天已到")
    ask(city, ticket_id, 2)


@pytest.mark.parametrize(
    ("asked", "possible"),
    [("2020-05-13 23:59", True), ("2020-05-14 00:00", False), ("2020-05-14 00:01", False)],
)
def test_it_is_asked_for_before_the_due_time(
    city: City, clock: FixedClock, asked: str, possible: bool
) -> None:
    """B16.10: a request one minute after the due time is refused."""
    ticket_id = handled(city, clock)
    clock.set(local(asked))
    if possible:
        ask(city, ticket_id)
    else:
        assert refusal(ask, city, ticket_id) is Obstacle.OVERDUE


def test_a_request_in_time_may_be_approved_after_the_due_time(city: City, clock: FixedClock) -> None:
    ticket_id = handled(city, clock)
    clock.set(local("2020-05-13 23:00"))
    ask(city, ticket_id)
    clock.set(local("2020-05-14 09:00"))
    approve_extension(city.context.acting_as(city.dispatcher), ticket_id)
    assert due(city, ticket_id) == local("2020-05-19 00:00")


def test_a_flash_ticket_has_no_extension(city: City, clock: FixedClock) -> None:
    ticket_id = handled(city, clock, Urgency.FLASH)
    assert refusal(ask, city, ticket_id) is Obstacle.FLASH


@pytest.mark.parametrize("days", [-1, 0, 11])
def test_the_profile_limits_the_days(city: City, clock: FixedClock, days: int) -> None:
    assert refusal(ask, city, handled(city, clock), days) is Obstacle.TOO_LONG


@pytest.mark.parametrize(("profile", "most"), [("seed-2011", 10), ("shandong-2017-prov", 7)])
def test_it_is_the_profile_that_the_ticket_was_dispatched_by(
    city: City, clock: FixedClock, profile: str, most: int
) -> None:
    ticket_id = handled(city, clock)
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).deadline_profile = profile
    with city.context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        assert chance_of(session, city.context.acting_as(city.leader), ticket).most == working_days(most)
    assert refusal(ask, city, ticket_id, most + 1) is Obstacle.TOO_LONG
    ask(city, ticket_id, most)


def test_a_plan_is_needed_and_one_request_at_a_time(city: City, clock: FixedClock) -> None:
    ticket_id = handled(city, clock)
    leader = city.context.acting_as(city.leader)
    assert refusal(ask_extension, leader, ticket_id, form(plan="  ")) is Obstacle.NO_PLAN
    ask(city, ticket_id)
    assert refusal(ask, city, ticket_id) is Obstacle.WAITING


def test_the_citizen_is_told_before(city: City, clock: FixedClock) -> None:
    ticket_id = handled(city, clock, told=False)
    ask(city, ticket_id)
    dispatcher = city.context.acting_as(city.dispatcher)
    assert refusal(approve_extension, dispatcher, ticket_id) is Obstacle.NOT_TOLD
    assert due(city, ticket_id) == DUE
    tell(city, ticket_id)
    approve_extension(dispatcher, ticket_id)


def test_the_second_is_the_directors_and_there_is_no_third(
    city: City, units: Units, clock: FixedClock
) -> None:
    ticket_id = handled(city, clock)
    director = city.context.acting_as(units.director)
    ask(city, ticket_id, 4)
    with pytest.raises(NotPermitted):
        approve_extension(director, ticket_id)
    approve_extension(city.context.acting_as(city.supervisor), ticket_id)
    assert refusal(ask, city, ticket_id, 7) is Obstacle.TOO_LONG  # ten in all
    ask(city, ticket_id, 6)
    for actor in (city.dispatcher, city.supervisor):
        with pytest.raises(NotPermitted):
            approve_extension(city.context.acting_as(actor), ticket_id)
    approve_extension(director, ticket_id)
    assert due(city, ticket_id) == local("2020-05-28 00:00")  # ten working days after 13 May
    assert refusal(ask, city, ticket_id, 1) is Obstacle.TOO_OFTEN


def test_nobody_decides_on_their_own_departments_request(city: City, clock: FixedClock) -> None:
    ticket_id = handled(city, clock)
    both = user(city.context, city.water_id, Role.UNIT_REVIEWER, Role.SUPERVISOR)
    ask_extension(city.context.acting_as(both), ticket_id, form())
    for deed in (approve_extension, refuse_extension):
        assert refusal(deed, city.context.acting_as(both), ticket_id, "x") is Obstacle.OWN_REQUEST


def test_others_neither_ask_nor_decide(city: City, units: Units, clock: FixedClock) -> None:
    ticket_id = handled(city, clock)
    for actor in (city.handler, city.dispatcher, units.police_leader):
        with pytest.raises(NotPermitted):
            ask_extension(city.context.acting_as(actor), ticket_id, form())
    ask(city, ticket_id)
    for actor in (city.leader, city.handler, city.agent, city.screener, city.reviewer, city.callback_agent):
        with pytest.raises(NotPermitted):
            approve_extension(city.context.acting_as(actor), ticket_id)


def test_nothing_is_extended_that_is_not_being_handled(city: City, clock: FixedClock) -> None:
    ticket_id = handled(city, clock)
    ask(city, ticket_id)
    city_reply(city, ticket_id)
    with pytest.raises(IllegalMove):
        approve_extension(city.context.acting_as(city.dispatcher), ticket_id)
    with city.context.reading() as session:
        assert waiting_extensions(session) == []
    assert due(city, ticket_id) == DUE


def city_reply(city: City, ticket_id: int) -> None:
    with city.context.writing() as session:
        for assignment in session.scalars(select(Assignment)):
            if assignment.role is AssignmentRole.ASSIST:
                assignment.finished_at = city.context.now()
    city.reply(ticket_id)


def test_of_two_decisions_at_once_one_counts(city: City, clock: FixedClock) -> None:
    ticket_id = handled(city, clock)
    ask(city, ticket_id)

    def decide(deed: object, context: Context) -> str:
        try:
            deed(context, ticket_id, "理由")  # type: ignore[operator]
        except ExtensionRefused as refused:
            return refused.obstacle
        return "decided"

    outcomes = at_once(
        [
            partial(decide, approve_extension, city.context.acting_as(city.dispatcher)),
            partial(decide, refuse_extension, city.context.acting_as(city.supervisor)),
        ]
    )
    assert sorted(outcomes) == ["decided", "nothing_waits"]
    with city.context.reading() as session:
        (request,) = extensions_of(session, ticket_id)
        moved = session.get_one(Ticket, ticket_id).due_at != DUE
        assert moved == (request.state is ExtensionState.APPROVED)


def test_a_new_lead_begins_without_the_old_ones_extensions(city: City, clock: FixedClock) -> None:
    ticket_id = handled(city, clock)
    ask(city, ticket_id, 10)
    approve_extension(city.context.acting_as(city.dispatcher), ticket_id)
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).holder_id = city.police_id
    with city.context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        assert chance_of(session, city.context, ticket).most == working_days(10)

"""Departments return tickets: windows, grounds, decisions, disputes (rulebook B5.4), on both databases."""

from datetime import datetime

import pytest
from sqlalchemy import select

from hotline.dispatch.models import Assignment, CatalogueRule, ReturnBasis, ReturnGround, ReturnState
from hotline.dispatch.queries import (
    designated_lead,
    lead_assignment,
    returns_of,
    suggest_lead,
    waiting_returns,
)
from hotline.dispatch.returns import (
    ReturnForm,
    accept_return,
    designate,
    reject_return,
    request_return,
    return_window,
)
from hotline.dispatch.service import dispatch, sign
from hotline.people.actors import Role
from hotline.tickets.lifecycle import GuardFailed, IllegalMove, MoveNotPermitted
from hotline.tickets.models import Ticket
from hotline.tickets.states import State, Urgency
from tests.factories import City, FixedClock, local, user
from tests.integration.units import Units

DISPATCHED = local("2020-05-06 16:00")  # a Wednesday; Saturday 9 May is worked


@pytest.fixture
def units(city: City) -> Units:
    return Units.of(city)


def form(suggested_id: int, **fields: object) -> ReturnForm:
    whole = {
        "ground": ReturnGround.NOT_OUR_REMIT,
        "basis": ReturnBasis.THREE_FIXED,
        "cited": "三定方案第二条：二次供水设施由物业主管部门监管",
        "suggested_id": suggested_id,
        "reason": "不属本局职责",
    }
    return ReturnForm(**{**whole, **fields})  # type: ignore[arg-type]


def dispatched(city: City, clock: FixedClock, urgency: Urgency = Urgency.NORMAL) -> int:
    ticket_id = city.accepted(urgency=urgency)
    clock.set(DISPATCHED)
    dispatch(city.context.acting_as(city.dispatcher), ticket_id, city.water_id)
    return ticket_id


def returned(city: City, ticket_id: int, **fields: object) -> datetime:
    whole = form(**{"suggested_id": city.police_id, **fields})  # type: ignore[arg-type]
    return request_return(city.context.acting_as(city.leader), ticket_id, whole)


def disputed(city: City, units: Units, clock: FixedClock) -> int:
    """The water bureau's return was accepted, and the police return it as well."""
    ticket_id = dispatched(city, clock)
    returned(city, ticket_id)
    dispatcher = city.context.acting_as(city.dispatcher)
    accept_return(dispatcher, ticket_id, "同意")
    dispatch(dispatcher, ticket_id, city.police_id)
    request_return(city.context.acting_as(units.police_leader), ticket_id, form(units.management_id))
    return ticket_id


def ticket_of(city: City, ticket_id: int) -> Ticket:
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id)


@pytest.mark.parametrize(
    ("urgency", "last", "too_late"),
    [
        (Urgency.FLASH, "2020-05-06 16:14", "2020-05-06 16:15"),
        (Urgency.URGENT, "2020-05-06 19:59", "2020-05-06 20:00"),
        (Urgency.NORMAL, "2020-05-08 23:59", "2020-05-09 00:00"),  # B16.5: the third working day
    ],
)
def test_a_return_is_possible_within_its_window_only(
    city: City, clock: FixedClock, urgency: Urgency, last: str, too_late: str
) -> None:
    ticket_id = dispatched(city, clock, urgency)
    clock.set(local(too_late))
    with pytest.raises(GuardFailed, match="window for returning"):
        returned(city, ticket_id)
    assert ticket_of(city, ticket_id).state is State.DISPATCHED
    with city.context.reading() as session:
        window = return_window(session, city.context.acting_as(city.leader), ticket_of(city, ticket_id))
        assert window is not None
        assert window.ends_at == local(too_late)
        assert window.refusal == "the window for returning this ticket is over"
    clock.set(local(last))
    returned(city, ticket_id)
    assert ticket_of(city, ticket_id).state is State.RETURN_PENDING


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"cited": "  "}, "cites its legal basis"),
        ({"reason": "  "}, "a reason is needed"),
        ({"suggested_id": 987}, "names the right department"),
        ({"suggested_id": "own"}, "another department than one's own"),
    ],
)
def test_an_incomplete_return_is_refused(
    city: City, clock: FixedClock, wrong: dict[str, object], refusal: str
) -> None:
    ticket_id = dispatched(city, clock)
    given = {key: city.water_id if value == "own" else value for key, value in wrong.items()}
    with pytest.raises(GuardFailed, match=refusal):
        returned(city, ticket_id, **given)


def test_after_signing_somebody_has_been_there(city: City, clock: FixedClock) -> None:
    ticket_id = dispatched(city, clock)
    sign(city.context.acting_as(city.handler), ticket_id)
    with pytest.raises(GuardFailed, match="check on the spot"):
        returned(city, ticket_id)
    returned(city, ticket_id, field_checked=True)
    assert ticket_of(city, ticket_id).state is State.RETURN_PENDING


def test_only_the_reviewing_leader_of_the_holder_returns(city: City, units: Units, clock: FixedClock) -> None:
    ticket_id = dispatched(city, clock)
    for actor in (city.handler, city.dispatcher):
        with pytest.raises(MoveNotPermitted):
            request_return(city.context.acting_as(actor), ticket_id, form(city.police_id))
    with pytest.raises(GuardFailed, match="holds the ticket"):
        request_return(city.context.acting_as(units.police_leader), ticket_id, form(city.water_id))


@pytest.mark.parametrize(
    ("urgency", "asked", "decided_by"),
    [
        (Urgency.FLASH, "2020-05-06 16:05", "2020-05-06 16:20"),
        (Urgency.URGENT, "2020-05-06 16:30", "2020-05-07 11:30"),
        (Urgency.NORMAL, "2020-05-08 20:00", "2020-05-09 15:00"),
        (Urgency.NORMAL, "2020-05-07 09:30", "2020-05-07 15:30"),
    ],
)
def test_a_return_is_decided_within_four_working_hours(
    city: City, clock: FixedClock, urgency: Urgency, asked: str, decided_by: str
) -> None:
    ticket_id = dispatched(city, clock, urgency)
    clock.set(local(asked))
    assert returned(city, ticket_id) == local(decided_by)
    with city.context.reading() as session:
        (waiting,) = waiting_returns(session)
        assert (waiting.ticket_id, waiting.due_at) == (ticket_id, local(decided_by))


def test_an_accepted_return_is_dispatched_anew_with_a_clock_of_its_own(
    city: City, units: Units, clock: FixedClock
) -> None:
    ticket_id = dispatched(city, clock)
    first_due = ticket_of(city, ticket_id).due_at
    returned(city, ticket_id)
    dispatcher = city.context.acting_as(city.dispatcher)
    with pytest.raises(GuardFailed, match="a reason is needed"):
        accept_return(dispatcher, ticket_id, " ")
    accept_return(dispatcher, ticket_id, "二次供水属物业管理")
    ticket = ticket_of(city, ticket_id)
    assert (ticket.state, ticket.holder_id, ticket.due_at) == (State.TO_DISPATCH, None, first_due)
    with pytest.raises(GuardFailed, match="return was accepted"):
        dispatch(dispatcher, ticket_id, city.water_id)
    clock.set(local("2020-05-07 10:00"))
    due = dispatch(dispatcher, ticket_id, city.police_id)
    ticket = ticket_of(city, ticket_id)
    assert (ticket.holder_id, ticket.due_at) == (city.police_id, due.result_at)
    assert due.result_at == local("2020-05-15 00:00")
    with city.context.reading() as session:
        lead = lead_assignment(session, ticket_id)
        assert lead is not None
        assert (lead.department_id, lead.dispatched_at) == (city.police_id, clock.now())
        current = select(Assignment).where(Assignment.ticket_id == ticket_id, Assignment.is_current)
        assert len(session.scalars(current).all()) == 1
        (first,) = returns_of(session, ticket_id)
        assert (first.state, first.decision, first.decided_by_id) == (
            ReturnState.ACCEPTED,
            "二次供水属物业管理",
            city.dispatcher.user_id,
        )
    sign(city.context.acting_as(units.police_handler), ticket_id)


def test_a_rejected_return_binds_and_stops_no_clock(city: City, clock: FixedClock) -> None:
    ticket_id = dispatched(city, clock)
    due_at = ticket_of(city, ticket_id).due_at
    returned(city, ticket_id)
    reject_return(city.context.acting_as(city.supervisor), ticket_id, "三定方案写明由你局负责")
    ticket = ticket_of(city, ticket_id)
    assert (ticket.state, ticket.holder_id, ticket.due_at) == (State.DISPATCHED, city.water_id, due_at)
    with pytest.raises(GuardFailed, match="once already"):  # B16.5
        returned(city, ticket_id)
    with pytest.raises(IllegalMove):
        reject_return(city.context.acting_as(city.supervisor), ticket_id, "再次驳回")


def test_who_asks_does_not_decide(city: City, clock: FixedClock) -> None:
    ticket_id = dispatched(city, clock)
    both = user(city.context, city.water_id, Role.UNIT_REVIEWER, Role.DISPATCHER)
    colleague = user(city.context, city.water_id, Role.SUPERVISOR)
    request_return(city.context.acting_as(both), ticket_id, form(city.police_id))
    for actor in (both, colleague):
        with pytest.raises(GuardFailed, match="does not decide"):
            accept_return(city.context.acting_as(actor), ticket_id, "同意")
    for actor in (city.leader, city.handler, city.agent, city.reviewer):
        with pytest.raises(MoveNotPermitted):
            accept_return(city.context.acting_as(actor), ticket_id, "同意")


def test_the_director_has_no_part_in_a_first_return(city: City, units: Units, clock: FixedClock) -> None:
    ticket_id = dispatched(city, clock)
    returned(city, ticket_id)
    with pytest.raises(GuardFailed, match="disputed returns only"):
        accept_return(city.context.acting_as(units.director), ticket_id, "同意")


def test_a_second_return_is_a_dispute_and_not_the_dispatchers(
    city: City, units: Units, clock: FixedClock
) -> None:
    ticket_id = disputed(city, units, clock)
    with city.context.reading() as session:
        (waiting,) = waiting_returns(session)
        assert waiting.is_disputed
        assert waiting.due_at == local("2020-05-09 00:00")  # two working days
    for decide in (accept_return, reject_return):
        with pytest.raises(GuardFailed, match="supervisor or director"):
            decide(city.context.acting_as(city.dispatcher), ticket_id, "同意")
        with pytest.raises(GuardFailed, match="ends with a designated lead"):
            decide(city.context.acting_as(city.supervisor), ticket_id, "同意")


def test_arbitration_designates_and_only_that_lead_can_be_dispatched_to(
    city: City, units: Units, clock: FixedClock
) -> None:
    ticket_id = disputed(city, units, clock)
    with city.context.writing() as session:
        ticket = session.get_one(Ticket, ticket_id)
        here = {"category_code": ticket.category_code, "district": ticket.district, "lead_id": city.water_id}
        session.add(CatalogueRule(**here, assist_ids=[city.police_id, units.management_id]))
    supervisor, dispatcher = (city.context.acting_as(who) for who in (city.supervisor, city.dispatcher))
    with pytest.raises(GuardFailed, match="reviewing leader and a handler"):
        designate(supervisor, ticket_id, city.hotline_id, "会商一致")
    designate(supervisor, ticket_id, units.management_id, "会商一致", into_catalogue=True)
    assert ticket_of(city, ticket_id).state is State.TO_DISPATCH
    for other in (city.police_id, city.water_id):
        with pytest.raises(GuardFailed, match="designated another lead"):
            dispatch(dispatcher, ticket_id, other)
    dispatch(dispatcher, ticket_id, units.management_id)
    leader = city.context.acting_as(units.management_leader)
    with pytest.raises(GuardFailed, match="was designated"):
        request_return(leader, ticket_id, form(city.water_id))
    with city.context.reading() as session:
        assert designated_lead(session, ticket_id) == units.management_id
        suggestion = suggest_lead(session, session.get_one(Ticket, ticket_id))
        assert suggestion is not None
        assert (suggestion.rule.lead_id, suggestion.rule.version) == (units.management_id, 2)
        assert suggestion.rule.assist_ids == [city.police_id], "who assisted assists on"


def test_the_holder_that_is_designated_keeps_the_ticket_and_its_clock(
    city: City, units: Units, clock: FixedClock
) -> None:
    ticket_id = disputed(city, units, clock)
    due_at = ticket_of(city, ticket_id).due_at
    designate(city.context.acting_as(city.supervisor), ticket_id, city.police_id, "公安牵头")
    ticket = ticket_of(city, ticket_id)
    assert (ticket.state, ticket.holder_id, ticket.due_at) == (State.DISPATCHED, city.police_id, due_at)
    with city.context.reading() as session:
        assert session.scalars(select(CatalogueRule)).all() == []


def test_a_first_returner_can_be_designated_after_all(city: City, units: Units, clock: FixedClock) -> None:
    ticket_id = disputed(city, units, clock)
    designate(city.context.acting_as(units.director), ticket_id, city.water_id, "水务局牵头")
    clock.advance(minutes=5)
    dispatch(city.context.acting_as(city.dispatcher), ticket_id, city.water_id)
    assert ticket_of(city, ticket_id).holder_id == city.water_id


def test_after_two_working_days_only_the_director_designates(
    city: City, units: Units, clock: FixedClock
) -> None:
    ticket_id = disputed(city, units, clock)
    clock.set(local("2020-05-09 00:00"))
    with pytest.raises(GuardFailed, match="the director designates"):
        designate(city.context.acting_as(city.supervisor), ticket_id, city.police_id, "会商一致")
    with pytest.raises(MoveNotPermitted):
        designate(city.context.acting_as(city.reviewer), ticket_id, city.police_id, "会商一致")
    designate(city.context.acting_as(units.director), ticket_id, city.police_id, "指定公安牵头")
    assert ticket_of(city, ticket_id).state is State.DISPATCHED


def test_the_catalogue_gets_a_new_version_and_keeps_the_old_row(
    city: City, units: Units, clock: FixedClock
) -> None:
    with city.context.writing() as session:
        old = CatalogueRule(
            category_code="water.pressure", district="城关区", lead_id=city.water_id, version=4
        )
        session.add(old)
    ticket_id = disputed(city, units, clock)
    designate(city.context.acting_as(units.director), ticket_id, city.police_id, "指定", into_catalogue=True)
    with city.context.reading() as session:
        rules = session.scalars(select(CatalogueRule).order_by(CatalogueRule.id)).all()
        assert [(rule.lead_id, rule.version, rule.is_active) for rule in rules] == [
            (city.water_id, 4, False),
            (city.police_id, 5, True),
        ]


def test_history_tells_what_was_asked_and_decided(city: City, clock: FixedClock, units: Units) -> None:
    ticket_id = disputed(city, units, clock)
    designate(city.context.acting_as(units.director), ticket_id, units.management_id, "指定城管局")
    with city.context.reading() as session:
        lines = [line for line in session.get_one(Ticket, ticket_id).history if "return" in line.event]
        asked, accepted, again, designated = lines
        assert asked.changes["suggested_name"] == "公安局"
        assert asked.changes["legal_basis"].startswith("三定方案")
        assert (accepted.reason, accepted.actor_id) == ("同意", city.dispatcher.user_id)
        assert (asked.changes["disputed"], again.changes["disputed"]) == (False, True)
        assert designated.changes["designated_name"] == "城管局"

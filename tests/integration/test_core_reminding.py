"""Reminders that callers give an agent: counted on the ticket, told at the third, never another ticket."""

import pytest
from sqlalchemy import func, select

from hotline.citizens.deeds import remind
from hotline.citizens.queries import marks_of
from hotline.merging.queries import often_reminded
from hotline.merging.reminding import remind_in_call
from hotline.merging.rules import Obstacle
from hotline.merging.service import MergeRefused
from hotline.people.actors import NotPermitted
from hotline.sealing.service import refer_lead
from hotline.tickets.lifecycle import IllegalMove
from hotline.tickets.links import linked
from hotline.tickets.models import Ticket, TicketLink
from hotline.tickets.states import State
from tests.factories import City, FixedClock
from tests.integration.test_core_merging import OTHER, closed, events, number_of, states, under
from tests.threads import at_once


def reminders(city: City, ticket_id: int) -> int:
    with city.context.reading() as session:
        marks = marks_of(session, [ticket_id])
        return marks[ticket_id].reminders if ticket_id in marks else 0


def often(city: City) -> list[int]:
    with city.context.reading() as session:
        return [ticket.id for ticket in often_reminded(session)]


def test_a_call_reminds_once_and_makes_no_ticket(city: City) -> None:
    ticket_id, draft_id = city.signed(), city.drafted()
    agent, number = city.context.acting_as(city.agent), number_of(city, ticket_id)
    assert [remind_in_call(agent, draft_id, number) for _ in range(2)] == [1, 1]
    assert (reminders(city, ticket_id), states(city, ticket_id, draft_id)) == (
        1,
        [State.HANDLING, State.DRAFT],
    )
    assert "reminder_taken" in events(city, draft_id)
    with city.context.reading() as session:
        assert linked(session, ticket_id) == [], "a draft has no number to be shown by"
        assert session.scalar(select(func.count()).select_from(TicketLink)) == 1


def test_two_presses_of_one_call_at_once_remind_once(city: City) -> None:
    ticket_id, draft_id = city.signed(), city.drafted()
    agent, number = city.context.acting_as(city.agent), number_of(city, ticket_id)
    assert at_once([lambda: remind_in_call(agent, draft_id, number)] * 3) == [1, 1, 1]
    assert reminders(city, ticket_id) == 1


def test_the_third_reminder_is_told_once_whoever_gives_it(city: City, clock: FixedClock) -> None:
    ticket_id = city.signed()
    agent, number = city.context.acting_as(city.agent), number_of(city, ticket_id)
    remind(city.context, number)
    assert remind_in_call(agent, city.drafted(), number) == 2
    assert often(city) == []
    assert remind_in_call(agent, city.drafted(), number) == 3
    assert often(city) == [ticket_id]
    clock.advance(days=2)
    remind(city.context, number)
    assert (reminders(city, ticket_id), events(city, ticket_id).count("reminded_often")) == (4, 1)


def test_a_reminder_of_a_merged_ticket_stands_on_its_master(city: City) -> None:
    master_id = city.signed()
    child_id = under(city, master_id)
    remind_in_call(city.context.acting_as(city.agent), city.drafted(OTHER), number_of(city, child_id))
    assert (reminders(city, child_id), reminders(city, master_id)) == (1, 1)


def test_only_the_callers_own_open_tickets(city: City) -> None:
    agent = city.context.acting_as(city.agent)
    sealed = city.registered()
    refer_lead(city.context.acting_as(city.screener), sealed)
    for ticket_id, phone, obstacle in (
        (city.signed(OTHER), "13800001234", Obstacle.NOT_THEIRS),
        (city.signed("anonymous"), "anonymous", Obstacle.NOT_THEIRS),
        (sealed, "13800001234", Obstacle.NOT_THEIRS),
        (closed(city), "13900000002", Obstacle.NOBODY_HAS_IT),
    ):
        with pytest.raises(MergeRefused) as refused:
            remind_in_call(agent, city.drafted(phone), number_of(city, ticket_id))
        assert refused.value.obstacle is obstacle
        assert reminders(city, ticket_id) == 0


def test_only_agents_and_only_from_a_draft(city: City) -> None:
    ticket_id, draft_id = city.signed(), city.drafted()
    number = number_of(city, ticket_id)
    for actor in (city.screener, city.supervisor, city.handler):
        with pytest.raises(NotPermitted):
            remind_in_call(city.context.acting_as(actor), draft_id, number)
    with pytest.raises(IllegalMove):
        remind_in_call(city.context.acting_as(city.agent), city.registered(), number)
    with city.context.reading() as session:
        assert session.get_one(Ticket, ticket_id).state is State.HANDLING
    assert reminders(city, ticket_id) == 0

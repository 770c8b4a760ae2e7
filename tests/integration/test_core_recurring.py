"""A matter that has come back is registered anew and linked; what comes again is counted (B7, B8)."""

from pathlib import Path

import pytest

from hotline.appeals.models import AppealKind
from hotline.appeals.service import decide, write_down
from hotline.context import Context
from hotline.database import Database
from hotline.follow_up.service import record_by_hand
from hotline.merging.recurring import link_recurrence, unlink_recurrence
from hotline.merging.reminding import remind_in_call
from hotline.merging.rules import Obstacle
from hotline.merging.service import MergeRefused
from hotline.people.actors import NotPermitted
from hotline.supervision.repeats import repeats
from hotline.tickets.again import Again, counted
from hotline.tickets.lifecycle import IllegalMove
from hotline.tickets.links import recurrences
from hotline.tickets.service import register
from hotline.tickets.states import Confidentiality, State
from tests.factories import City, FixedClock, complete_draft, make_context
from tests.integration.families import OTHER, events, number_of, put, ticket_of


def closed(city: City) -> int:
    ticket_id, follow_up_id = city.owed()
    record_by_hand(city.context.acting_as(city.callback_agent), follow_up_id, True, 2)
    return ticket_id


def came_back(city: City, earlier_id: int) -> int:
    """The same citizen calls; the agent links and registers."""
    draft_id, agent = city.drafted(), city.context.acting_as(city.agent)
    link_recurrence(agent, draft_id, number_of(city, earlier_id))
    register(agent, draft_id, complete_draft())
    return draft_id


def shown(city: City, ticket_id: int) -> tuple[list[int], list[int]]:
    with city.context.reading() as session:
        before, after = recurrences(session, ticket_id)
        return [one.id for one in before], [one.id for one in after]


def counts(city: City) -> list[tuple[int, ...]]:
    """Department, and then as the page has it."""
    with city.context.reading() as session:
        found = repeats(session, city.context.now())
    return [
        (
            one.department.id,
            one.dispatched,
            one.reminded,
            one.returned,
            one.reworked,
            one.reopened,
            one.recurred,
        )
        for one in found
    ]


def test_what_comes_again_is_linked_and_counted_with_its_department(city: City, clock: FixedClock) -> None:
    """On both databases."""
    first = closed(city)
    clock.advance(days=40)
    draft_id = city.drafted()
    agent = city.context.acting_as(city.agent)
    for _ in range(2):
        link_recurrence(agent, draft_id, number_of(city, first))
    assert (shown(city, first), counts(city)) == (([], []), []), "a draft may yet come to nothing"
    register(agent, draft_id, complete_draft())
    third = came_back(city, first)
    assert shown(city, first) == ([], [draft_id, third])
    assert shown(city, third) == ([first], [])
    assert events(city, draft_id).count("recurrence_linked") == 1
    assert counts(city) == [(city.water_id, 1, 0, 0, 0, 0, 2)]
    handled = city.signed()
    remind_in_call(agent, city.drafted(), number_of(city, handled))
    assert counts(city) == [(city.water_id, 2, 1, 0, 0, 0, 2)]
    put(city, third, confidentiality=Confidentiality.SEALED)
    put(city, handled, confidentiality=Confidentiality.SEALED)
    assert (shown(city, first)[1], counts(city)) == ([draft_id], [(city.water_id, 1, 0, 0, 0, 0, 1)])
    clock.advance(days=91)
    assert counts(city) == []


@pytest.fixture
def on_sqlite(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> City:
    return City.founded(make_context(sqlite_database, clock, tmp_path))


def refusal(context: Context, ticket_id: int, number: str) -> Obstacle:
    with pytest.raises(MergeRefused) as refused:
        link_recurrence(context, ticket_id, number)
    return refused.value.obstacle


def test_a_reopening_counts_with_the_department_that_had_it(on_sqlite: City) -> None:
    city = on_sqlite
    ticket_id = closed(city)
    write_down(city.context.acting_as(city.agent), ticket_id, AppealKind.RELAPSE, "又没有水了")
    decide(city.context.acting_as(city.supervisor), ticket_id, True, "属于复发")
    assert counts(city) == [(city.water_id, 1, 0, 0, 0, 1, 0)]
    assert counted(line.event for line in ticket_of(city, ticket_id).history) == Again(0, 0, 0, 0, 1)
    again = counted(["dispatch", "approve_return", "dispatch", "reminded", "not_satisfied", "dispatch"])
    assert again == Again(reminded=1, handed_on=2, returned=1, reworked=1, reopened=0)


def test_only_a_closed_ticket_of_the_same_telephone_comes_back(on_sqlite: City) -> None:
    city = on_sqlite
    first, still_open, elsewhere = closed(city), city.registered(), city.registered(OTHER)
    new = city.registered()
    screener, number = city.context.acting_as(city.screener), number_of(city, first)
    assert refusal(screener, new, number_of(city, still_open)) is Obstacle.NOT_OVER
    for wrong in ("20200430DH0000000", number_of(city, elsewhere), number_of(city, new)):
        assert refusal(screener, new, wrong) is Obstacle.NOT_SAME_CALLER
    with pytest.raises(NotPermitted):
        link_recurrence(city.context.acting_as(city.handler), new, number)
    link_recurrence(screener, new, number)
    unlink_recurrence(screener, new, number)
    assert (shown(city, first), events(city, new)[-1]) == (([], []), "recurrence_unlinked")
    unlink_recurrence(screener, new, number)
    assert events(city, new).count("recurrence_unlinked") == 1
    put(city, new, state=State.TO_DISPATCH)
    with pytest.raises(IllegalMove):
        link_recurrence(screener, new, number)
    put(city, first, confidentiality=Confidentiality.SEALED)
    assert refusal(screener, still_open, number) is Obstacle.NOT_SAME_CALLER

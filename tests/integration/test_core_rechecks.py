"""A department looks again on a day: it is told, records it, and keeps at it until all is put right."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from hotline.archiving.service import archive_due
from hotline.people.actors import NotPermitted, Role
from hotline.rechecks.models import Recheck
from hotline.rechecks.queries import due_of
from hotline.rechecks.rules import MOST_DAYS, Obstacle, RecheckRefused
from hotline.rechecks.service import record, set_day, tell_due
from hotline.tickets.lifecycle import IllegalMove
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, State
from hotline.today.queries import Place, waiting_for
from tests.factories import City, FixedClock, user

WHAT = "围挡是否拆除"


def today(city: City) -> date:
    return city.context.now().astimezone(city.context.settings.zone).date()


def line(city: City, ticket_id: int) -> tuple[str, str, dict[str, object]]:
    """The last of the ticket's history."""
    with city.context.reading() as session:
        last = session.get_one(Ticket, ticket_id).history[-1]
        return last.event, last.reason, last.changes


def due(city: City) -> list[int]:
    with city.context.reading() as session:
        return [one.ticket_id for one in due_of(session, city.water_id)]


def test_the_day_is_told_and_what_was_found_recorded(city: City, clock: FixedClock) -> None:
    handling, ticket_id = city.context.acting_as(city.handler), city.signed()
    day = today(city) + timedelta(days=3)
    set_day(handling, ticket_id, day + timedelta(days=1), "x")
    set_day(handling, ticket_id, day, f" {WHAT} ")  # moved
    assert line(city, ticket_id) == ("recheck_set", WHAT, {"recheck_on": day.isoformat()})
    city.reply(ticket_id)
    clock.advance(days=2)
    assert tell_due(city.context) == 0
    assert due(city) == []
    clock.advance(days=1)
    assert [tell_due(city.context) for _ in range(2)] == [1, 0]
    assert line(city, ticket_id)[0] == "recheck_due"
    assert due(city) == [ticket_id]
    with city.context.reading() as session:
        (waits,) = [one for one in waiting_for(session, city.handler) if one.place is Place.UNIT]
        assert waits.count == 1
        local = waits.due_at.astimezone(city.context.settings.zone) if waits.due_at else None
        assert local is not None
        assert (local.date(), local.hour) == (day + timedelta(days=1), 0)
    with pytest.raises(RecheckRefused) as refused:
        record(handling, ticket_id, False, "还在")
    assert (refused.value.field, refused.value.obstacle) == ("next_day", Obstacle.NO_DAY)
    assert due(city) == [ticket_id]  # nothing of it is kept
    record(handling, ticket_id, False, "还在", today(city) + timedelta(days=1))
    assert due(city) == []
    clock.advance(days=1)
    assert tell_due(city.context) == 1
    record(handling, ticket_id, True, "已拆除")
    assert line(city, ticket_id) == ("rechecked", "已拆除", {"is_mended": True})
    with city.context.reading() as session:
        rows = session.scalars(select(Recheck).order_by(Recheck.id)).all()
        assert [(one.what, one.is_mended, one.found) for one in rows] == [
            (WHAT, False, "还在"),
            (WHAT, True, "已拆除"),
        ]
    with pytest.raises(RecheckRefused) as refused:
        record(handling, ticket_id, True, "再看")
    assert refused.value.obstacle is Obstacle.NOTHING_SET


def test_a_former_departments_day_is_told_to_nobody_until_the_ticket_comes_back(
    city: City, clock: FixedClock
) -> None:
    ticket_id = city.signed()
    set_day(city.context.acting_as(city.handler), ticket_id, today(city) + timedelta(days=1), WHAT)
    held_by(city, ticket_id, city.hotline_id)
    clock.advance(days=1)
    assert tell_due(city.context) == 0
    assert line(city, ticket_id)[0] == "recheck_set"
    assert due(city) == []
    held_by(city, ticket_id, city.water_id)
    assert due(city) == [ticket_id]


def held_by(city: City, ticket_id: int, department_id: int) -> None:
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).holder_id = department_id


@pytest.mark.parametrize(
    ("days", "what", "field", "obstacle"),
    [
        (None, WHAT, "day", Obstacle.NO_DAY),
        (0, WHAT, "day", Obstacle.DAY_PAST),
        (MOST_DAYS + 1, WHAT, "day", Obstacle.TOO_FAR),
        (1, " ", "what", Obstacle.NO_PURPOSE),
        (1, "x\x00", "what", Obstacle.TOO_LONG),
    ],
)
def test_what_is_not_set(city: City, days: int | None, what: str, field: str, obstacle: Obstacle) -> None:
    day = None if days is None else today(city) + timedelta(days=days)
    with pytest.raises(RecheckRefused) as refused:
        set_day(city.context.acting_as(city.handler), city.signed(), day, what)
    assert (refused.value.field, refused.value.obstacle) == (field, obstacle)


def test_only_its_department_looks(city: City) -> None:
    ticket_id, day = city.signed(), today(city) + timedelta(days=1)
    other = user(city.context, city.hotline_id, Role.HANDLER)
    for actor in (other, city.leader, city.reviewer):
        with pytest.raises(NotPermitted):
            set_day(city.context.acting_as(actor), ticket_id, day, WHAT)
    set_day(city.context.acting_as(city.handler), ticket_id, day, WHAT)
    for actor in (other, city.leader):
        with pytest.raises(NotPermitted):
            record(city.context.acting_as(actor), ticket_id, True, "好")
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = Confidentiality.SEALED
    with pytest.raises(NotPermitted):
        record(city.context.acting_as(city.handler), ticket_id, True, "好")
    with pytest.raises(IllegalMove):
        set_day(city.context.acting_as(city.handler), city.replied(), day, WHAT)


def test_what_is_to_be_looked_at_is_not_archived(city: City, clock: FixedClock) -> None:
    handling, ticket_id = city.context.acting_as(city.handler), city.signed()
    set_day(handling, ticket_id, today(city) + timedelta(days=1), WHAT)
    with city.context.writing() as session:
        ticket = session.get_one(Ticket, ticket_id)
        ticket.state, ticket.closed_at = State.CLOSED, city.context.now()
    clock.advance(days=40)
    assert archive_due(city.context) == 0
    tell_due(city.context)
    assert due(city) == [ticket_id]
    record(handling, ticket_id, True, "好")
    assert archive_due(city.context) == 1

"""Citizens shown in full for a reason, and the log of who saw what, on both kinds of database."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.calls.models import Call
from hotline.context import Context
from hotline.people.actors import Actor, NotPermitted, Role
from hotline.sealing.service import refer_lead
from hotline.tickets import privacy
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality
from hotline.viewing import queries, service
from hotline.viewing.models import TicketView, What
from hotline.viewing.queries import Wanted
from hotline.viewing.service import UnmaskingRefused, View
from tests.factories import CITIZEN, City, FixedClock, make_context, user

WHY, KEPT = f"市民投诉号码{CITIZEN}被泄露，核对来电", "市民投诉号码〔电话〕被泄露，核对来电"


def read(context: Context, reading: Callable[[Session], Any]) -> Any:
    with context.reading() as session:
        return reading(session)


def looking(city: City, actor: Actor) -> Actor:
    """The actor as the console has them act now."""
    with city.context.reading() as session:
        return replace(actor, unmasked=queries.unmasked_tickets(session, actor, city.context.now()))


def sees(city: City, actor: Actor, ticket_id: int) -> bool:
    acting = looking(city, actor)
    with city.context.reading() as session:
        return privacy.sees_identity(acting, session.get_one(Ticket, ticket_id))


def view(city: City, ticket_id: int, what: What = What.PAGE, in_full: bool = False) -> View:
    who = city.supervisor
    assert who.user_id
    return View(ticket_id, what, in_full, who.user_id, who.name, who.department_name, city.context.now())


def logged(context: Context) -> int:
    with context.reading() as session:
        return session.scalar(select(func.count(TicketView.id))) or 0


def test_one_ticket_to_one_person_for_ten_minutes(city: City, clock: FixedClock) -> None:
    ticket_id, another = city.registered(), city.registered()
    other_supervisor = user(city.context, city.hotline_id, Role.SUPERVISOR)
    service.unmask(city.context.acting_as(city.supervisor), ticket_id, f"  {WHY} ")
    assert sees(city, city.supervisor, ticket_id)
    assert not sees(city, city.supervisor, another)
    assert not sees(city, other_supervisor, ticket_id)
    clock.advance(minutes=10)
    assert not sees(city, city.supervisor, ticket_id)
    (line,) = read(city.context, lambda session: queries.unmaskings(session, Wanted(), 1)).lines
    assert (line.viewer, line.ticket_id, line.reason) == (city.supervisor.name, ticket_id, KEPT)


def test_what_was_shown_is_masked_again_once_it_is_sealed(city: City) -> None:
    ticket_id = city.registered()
    service.unmask(city.context.acting_as(city.supervisor), ticket_id, WHY)
    refer_lead(city.context.acting_as(city.screener), ticket_id)
    assert not sees(city, city.supervisor, ticket_id)


@pytest.mark.parametrize(
    ("role", "confidentiality"),
    [
        (Role.AUDITOR, Confidentiality.NORMAL),
        (Role.LEADER, Confidentiality.NORMAL),
        (Role.HANDLER, Confidentiality.HIDDEN),
        (Role.INSPECTION_OFFICE, Confidentiality.HIDDEN),
        (Role.SUPERVISOR, Confidentiality.SEALED),
        (Role.ADMINISTRATOR, Confidentiality.NORMAL),
    ],
)
def test_who_may_not(sqlite_city: City, role: Role, confidentiality: Confidentiality) -> None:
    city = sqlite_city
    ticket_id = city.registered()
    with city.context.writing() as session:
        ticket = session.get_one(Ticket, ticket_id)
        ticket.confidentiality = confidentiality
        call_id = session.scalars(select(Call.id)).one()
    acting = city.context.acting_as(user(city.context, city.hotline_id, role))
    with pytest.raises(NotPermitted):
        service.unmask(acting, ticket_id, WHY)
    with pytest.raises(NotPermitted):
        service.unmask_call(acting, call_id, WHY)


@pytest.fixture
def sqlite_city(sqlite_database: object, clock: FixedClock, tmp_path: object) -> City:
    return City.founded(make_context(sqlite_database, clock, tmp_path))  # type: ignore[arg-type]


def test_no_reason_no_sight(sqlite_city: City) -> None:
    ticket_id = sqlite_city.registered()
    with pytest.raises(UnmaskingRefused):
        service.unmask(sqlite_city.context.acting_as(sqlite_city.supervisor), ticket_id, " \n")
    assert not sees(sqlite_city, sqlite_city.supervisor, ticket_id)


def test_a_view_is_written_once_in_ten_minutes(city: City, clock: FixedClock) -> None:
    ticket_id, context = city.registered(), city.context
    first = view(city, ticket_id)
    service.write(context, [first, first])
    clock.advance(minutes=1)
    service.write(context, [view(city, ticket_id)])
    assert logged(context) == 1
    service.write(context, [view(city, ticket_id, What.SOUND), view(city, ticket_id, in_full=True)])
    assert logged(context) == 3
    clock.advance(minutes=10)
    service.write(context, [view(city, ticket_id)])
    assert logged(context) == 4


def test_a_sealed_ticket_leaves_the_log(city: City) -> None:
    ticket_id = city.registered()
    service.unmask(city.context.acting_as(city.supervisor), ticket_id, WHY)
    service.write(city.context, [view(city, ticket_id)])
    refer_lead(city.context.acting_as(city.screener), ticket_id)
    for log in (queries.views, queries.unmaskings):
        assert read(city.context, lambda session, log=log: log(session, Wanted(), 1)).lines == []
    (line,) = read(city.context, queries.before_sealing)
    assert line.ticket_id == ticket_id


def test_old_lines_are_deleted(city: City, clock: FixedClock) -> None:
    ticket_id, context = city.registered(), city.context
    service.unmask(context.acting_as(city.supervisor), ticket_id, WHY)
    service.write(context, [view(city, ticket_id)])
    clock.advance(days=1094)
    service.write(context, [view(city, ticket_id)])
    assert service.forget_old(context) == 0
    clock.advance(days=2)
    assert service.forget_old(context) == 2
    assert logged(context) == 1

"""Who has a ticket open, on both kinds of database."""

from sqlalchemy import select

from hotline.events import Event
from hotline.people.actors import Role
from hotline.presence import service
from hotline.presence.queries import others_at
from hotline.presence.service import HOLDS, RENEWED_EVERY
from hotline.sealing.service import refer_lead
from hotline.tickets.rows import get
from hotline.tickets.states import Confidentiality
from tests.factories import City, FixedClock, user


def names(city: City, ticket_id: int, besides: int | None = None) -> list[str]:
    with city.context.reading() as session:
        here = others_at(session, [ticket_id], besides, city.context.now())
    return [one.name for one in here.get(ticket_id, ())]


def told(city: City) -> list[str]:
    with city.context.reading() as session:
        return list(session.scalars(select(Event.subject).where(Event.kind == "presence.changed")))


def test_people_come_stay_and_go(city: City, clock: FixedClock) -> None:
    ticket_id, came = city.accepted(), clock.now()
    dispatching, supervising = (city.context.acting_as(who) for who in (city.dispatcher, city.supervisor))
    first = service.enter(dispatching, ticket_id)
    clock.advance(seconds=5)
    assert first
    assert service.enter(supervising, ticket_id)
    both = [city.dispatcher.name, city.supervisor.name]
    assert (names(city, ticket_id), told(city)) == (both, [f"presence:{ticket_id}"] * 2)
    assert names(city, ticket_id, city.dispatcher.user_id) == both[1:]

    second = service.enter(dispatching, ticket_id)  # another page of theirs: nobody is told
    service.leave(dispatching, first)
    with city.context.reading() as session:
        here = others_at(session, [ticket_id], city.supervisor.user_id, clock.now())[ticket_id]
    assert ([(one.name, one.since) for one in here], len(told(city))) == ([(both[0], came)], 2)
    assert second
    service.leave(dispatching, second)
    assert (names(city, ticket_id), len(told(city))) == (both[1:], 3)


def test_who_is_not_heard_of_is_gone_by_itself(city: City, clock: FixedClock) -> None:
    ticket_id, dispatching = city.accepted(), city.context.acting_as(city.dispatcher)
    presence_id = service.enter(dispatching, ticket_id)
    assert presence_id
    clock.advance(seconds=RENEWED_EVERY.total_seconds())
    assert service.renew(dispatching, presence_id)
    clock.advance(seconds=HOLDS.total_seconds() - 1)
    assert (names(city, ticket_id), service.forget_gone(city.context)) == ([city.dispatcher.name], 0)
    clock.advance(seconds=1)
    assert (names(city, ticket_id), len(told(city))) == ([], 1)
    assert (service.forget_gone(city.context), len(told(city))) == (1, 2)
    assert not service.renew(dispatching, presence_id)


def test_nobody_is_seen_at_what_is_sealed_or_not_theirs(city: City) -> None:
    ticket_id, other = city.registered(), city.registered()
    screening = city.context.acting_as(city.screener)
    assert service.enter(screening, ticket_id)
    refer_lead(screening, ticket_id)
    assert names(city, ticket_id) == []
    with city.context.reading() as session:
        assert get(session, ticket_id).confidentiality is Confidentiality.SEALED
    inspector = user(city.context, city.hotline_id, Role.DISCIPLINE)
    assert service.enter(city.context.acting_as(inspector), ticket_id) is None
    assert service.enter(city.context.acting_as(city.handler), other) is None
    assert service.enter(screening, 10**6) is None

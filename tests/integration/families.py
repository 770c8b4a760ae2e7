"""Tickets of one matter, and what became of each: for tests of merging."""

from hotline.citizens.progress import Progress, progress_of
from hotline.follow_up.models import FollowUp
from hotline.follow_up.queries import of_ticket
from hotline.follow_up.rules import Finding
from hotline.follow_up.service import (
    find,
    record_by_hand,
)
from hotline.merging.service import merge
from hotline.review.service import accept_reply
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from tests.factories import City

OTHER, THIRD = "13900000001", "13900000002"
REASON = "水压仍然不足"


def ticket_of(city: City, ticket_id: int) -> Ticket:
    with city.context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        _ = ticket.history, ticket.master, ticket.children
        return ticket


def number_of(city: City, ticket_id: int) -> str:
    return ticket_of(city, ticket_id).number or ""


def events(city: City, ticket_id: int) -> list[str]:
    return [line.event for line in ticket_of(city, ticket_id).history]


def put(city: City, ticket_id: int, **values: object) -> None:
    with city.context.writing() as session:
        ticket = session.get_one(Ticket, ticket_id)
        for name, value in values.items():
            setattr(ticket, name, value)


def under(city: City, master_id: int, phone: str = OTHER) -> int:
    """Another citizen's ticket, merged under the master; returns its id."""
    ticket_id = city.registered(phone)
    merge(city.context.acting_as(city.screener), ticket_id, number_of(city, master_id))
    return ticket_id


def family(city: City, *phones: str) -> tuple[int, list[int]]:
    """A master whose reply is accepted, and what is merged under it; returns the ids."""
    master_id = city.replied()
    children = [under(city, master_id, phone) for phone in phones or (OTHER,)]
    accept_reply(city.context.acting_as(city.reviewer), master_id)
    return master_id, children


def asked(city: City, ticket_id: int) -> FollowUp:
    """The ticket's latest follow-up."""
    with city.context.reading() as session:
        return of_ticket(session, ticket_id)[-1]


def answered(city: City, ticket_id: int, solved: bool, satisfaction: int = 1) -> None:
    """A callback agent has asked the ticket's citizen, and found the cause of a no."""
    calling = city.context.acting_as(city.callback_agent)
    follow_up_id = asked(city, ticket_id).id
    record_by_hand(calling, follow_up_id, solved, satisfaction)
    if not solved:
        find(calling, follow_up_id, Finding.SUBJECTIVE, REASON)


def states(city: City, *ticket_ids: int) -> list[State]:
    return [ticket_of(city, ticket_id).state for ticket_id in ticket_ids]


def told(city: City, ticket_id: int) -> Progress:
    with city.context.reading() as session:
        return progress_of(session, session.get_one(Ticket, ticket_id))

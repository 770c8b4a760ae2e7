"""Visits on the spot (现场核查): who of the department was where, when, and what they found."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from hotline.context import Context
from hotline.dispatch.holding import held
from hotline.people.actors import Role
from hotline.replies.models import SiteVisit
from hotline.tickets import rows
from hotline.tickets.models import Ticket


class Obstacle(StrEnum):
    """Why a visit is not recorded."""

    NOT_YET = "not_yet"  # it lies ahead
    TOO_EARLY = "too_early"  # it was before the matter was told
    NO_VISITORS = "no_visitors"
    NO_FINDING = "no_finding"


class VisitRefused(ValueError):
    """A visit is not recorded: `obstacle` says why, `field` of the form says where."""

    def __init__(self, field: str, obstacle: Obstacle) -> None:
        super().__init__(obstacle)
        self.field, self.obstacle = field, obstacle


@dataclass(frozen=True)
class VisitForm:
    """What a handler writes. `visitors` are people of the department, by name; `place` may be left out where
    it is the ticket's."""

    visited_at: datetime
    visitors: str
    found: str
    place: str = ""


def record_visit(context: Context, ticket_id: int, form: VisitForm) -> None:
    """Somebody of the department that has the ticket was there. Raises `VisitRefused`."""
    with context.writing() as session:
        ticket = held(session, context, ticket_id, "record a visit", Role.HANDLER)
        _check(form, ticket, context.now())
        place = form.place.strip() or f"{ticket.district}{ticket.street}{ticket.address}"
        visitors, found = form.visitors.strip(), form.found.strip()
        session.add(
            SiteVisit(
                ticket_id=ticket.id,
                department_id=ticket.holder_id,
                user_id=context.actor.user_id,
                at=context.now(),
                visited_at=form.visited_at,
                visitors=visitors,
                place=place,
                found=found,
            )
        )
        facts: dict[str, Any] = {"visitors": visitors, "place": place, "found": found}
        facts["visited_at"] = form.visited_at
        ticket.note("site_visited", context.actor, context.now(), **facts)
        rows.announce(session, context, ticket, "site_visited")


def is_since(visited_at: datetime, moment: datetime) -> bool:
    """Whether a visit was not before that. People tell the minute at which they went, not the second."""
    return visited_at >= moment.replace(second=0, microsecond=0)


def _check(form: VisitForm, ticket: Ticket, now: datetime) -> None:
    if form.visited_at > now:
        raise VisitRefused("visited_at", Obstacle.NOT_YET)
    if not is_since(form.visited_at, ticket.received_at):
        raise VisitRefused("visited_at", Obstacle.TOO_EARLY)
    if not form.visitors.strip():
        raise VisitRefused("visitors", Obstacle.NO_VISITORS)
    if not form.found.strip():
        raise VisitRefused("found", Obstacle.NO_FINDING)

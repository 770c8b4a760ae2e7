"""Reads of incidents and of signals that wait for a decision."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from hotline.asked_once import asked_once
from hotline.context import Context
from hotline.incidents.groups import Spot, groups_at
from hotline.incidents.models import GroupSignal, Incident, IncidentState
from hotline.incidents.rules import About, in_common
from hotline.merging.rules import OPEN, as_master
from hotline.suggestions.similar import Matter, Why
from hotline.tickets.models import Ticket
from hotline.tickets.service import Draft
from hotline.tickets.states import Confidentiality, State

_UNDER = (State.MERGED, State.CLOSED, State.ARCHIVED)
MOST_TICKETS_NAMED = 5


@dataclass(frozen=True)
class Raised:
    """A signal as it stands now; `masters` are numbers of tickets under which the others can be merged."""

    signal: GroupSignal
    citizens: int
    tickets: int
    masters: Sequence[str]


@dataclass(frozen=True)
class Fit:
    """An open incident and what a caller's matter has in common with it."""

    incident: Incident
    why: tuple[Why, ...]


def waiting_signals(session: Session, context: Context, least: int = 0) -> list[Raised]:
    """Signals without a decision whose group still is large enough, the largest first.

    `least` leaves out smaller ones than it: leaders are told of large groups only.
    """
    least = max(least, context.settings.group_signal_citizens)
    since = context.now() - timedelta(days=context.settings.group_signal_days)
    undecided = select(GroupSignal).where(GroupSignal.decided_at.is_(None), GroupSignal.seen_at > since)
    waiting = session.scalars(undecided).all()
    spots = {(one.category_code, one.district) for one in waiting}
    counted = {
        (*spot, group.place): group for spot in spots for group in groups_at(session, context, Spot(*spot))
    }
    found = [(one, counted.get((one.category_code, one.district, one.place))) for one in waiting]
    large = [(one, group) for one, group in found if group is not None and group.citizens >= least]
    raised = [
        Raised(one, group.citizens, len(group.ticket_ids), _masters(session, group.ticket_ids))
        for one, group in large
    ]
    return sorted(raised, key=lambda one: (-one.citizens, one.signal.id))


def _masters(session: Session, ticket_ids: Collection[int]) -> Sequence[str]:
    query = select(Ticket.number).where(
        Ticket.id.in_(ticket_ids),
        Ticket.state.in_(OPEN),
        Ticket.confidentiality == Confidentiality.NORMAL,
    )
    found = session.scalars(query.order_by(Ticket.id).limit(MOST_TICKETS_NAMED))
    return [number for number in found if number]


def signal(session: Session, signal_id: int) -> GroupSignal | None:
    """A signal, decided or not."""
    return session.get(GroupSignal, signal_id)


def decided_signals(session: Session, limit: int = 20) -> Sequence[GroupSignal]:
    """What was said of signals, the latest first."""
    query = select(GroupSignal).where(GroupSignal.decided_at.is_not(None))
    return session.scalars(
        query.order_by(GroupSignal.decided_at.desc(), GroupSignal.id.desc()).limit(limit)
    ).all()


def incidents(session: Session, state: IncidentState, limit: int = 50) -> Sequence[Incident]:
    """Incidents in a state with their masters, the latest first."""
    query = select(Incident).options(joinedload(Incident.master)).where(Incident.state == state)
    return session.scalars(query.order_by(Incident.id.desc()).limit(limit)).all()


def going_on(session: Session) -> Sequence[Incident]:
    """Incidents that go on, the latest first, for whoever may see no ticket: without those of sealed ones."""
    query = select(Incident).join(Ticket, Ticket.id == Incident.master_id)
    seen = (Incident.state == IncidentState.OPEN, Ticket.confidentiality != Confidentiality.SEALED)
    return session.scalars(query.where(*seen).order_by(Incident.id.desc())).all()


def incident(session: Session, incident_id: int) -> Incident | None:
    """An incident, or None."""
    return session.get(Incident, incident_id)


@asked_once
def of_master(session: Session, ticket: Ticket) -> Incident | None:
    """The open incident that the ticket, or the one under which it is merged, is the master of."""
    master_id = ticket.id if ticket.master_id is None else ticket.master_id
    query = select(Incident).where(Incident.master_id == master_id, Incident.state == IncidentState.OPEN)
    return session.scalar(query)


def citizens_of(session: Session, found: Collection[Incident]) -> Mapping[int, int]:
    """How many different citizens have told of each, by the incident's id; sealed tickets left out.

    Tickets without a telephone count one each: nobody knows that two of them are of one citizen.
    """
    masters = [one.master_id for one in found]
    family = func.coalesce(Ticket.master_id, Ticket.id)
    phone = func.nullif(Ticket.complainant_phone, "")
    citizens = func.count(phone.distinct()) + func.count(Ticket.id) - func.count(phone)
    query = select(family, citizens).where(
        or_(Ticket.id.in_(masters), Ticket.master_id.in_(masters) & Ticket.state.in_(_UNDER)),
        Ticket.confidentiality != Confidentiality.SEALED,
    )
    by_master = {master: int(count) for master, count in session.execute(query.group_by(family))}
    return {one.id: by_master.get(one.master_id, 0) for one in found}


def takes_tickets(one: Incident) -> bool:
    """Whether its master still is one under which tickets can be merged."""
    return as_master(one.master) is None


def fitting(going_on: Sequence[Incident], matter: Matter) -> tuple[list[Fit], list[Incident]]:
    """Incidents that have something in common with a matter, the most first; and the others."""
    about = About(matter.category_code, matter.district, matter.address, matter.text)
    fits, others = [], []
    for one in going_on:
        if why := in_common(About(one.category_code, one.district, one.address, one.title), about):
            fits.append(Fit(one, why))
        else:
            others.append(one)
    return sorted(fits, key=lambda fit: -len(fit.why)), others


def filled(one: Incident, draft: Draft) -> Draft:
    """The draft with what the incident says of the fields that the agent has not filled in."""
    offered = {
        "type": one.master.type,
        "category_code": one.category_code,
        "district": one.district,
        "address": one.address,
        "description": one.title,
        "demands": [one.demand],
    }
    if draft.district and one.district and draft.district != one.district:
        del offered["address"]  # it lies in the other district
    empty = {
        name: value for name, value in offered.items() if value and not _is_written(getattr(draft, name))
    }
    return replace(draft, **empty)  # type: ignore[arg-type]


def _is_written(value: object) -> bool:
    return (
        any(str(text).strip() for text in value)
        if isinstance(value, list)
        else bool(str(value or "").strip())
    )

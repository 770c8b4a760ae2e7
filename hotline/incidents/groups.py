"""Signals that many citizens tell of the same (rulebook B8): found by the sweep, decided by people.

The sweep reads the event log on from where it stood and looks at the places of the tickets that it tells of.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from hotline import events
from hotline.context import Context
from hotline.gazetteer.models import Place, PlaceKind
from hotline.incidents.models import GroupLogPosition, GroupSignal, Incident, IncidentState
from hotline.incidents.rules import EDITORS, Group, IncidentRefused, Obstacle, Told, grouped
from hotline.screening.opening import kept_text
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, State

LOOKED_AT = ("ticket.registered", "ticket.accepted", "ticket.sent_back")
"""What may bring a ticket to a group: at screening its category or place may become another, and a lead
that was none is unsealed."""
LONGEST_REASON = 500
_BATCH = 500
_NOT_COUNTED = (State.DRAFT, State.NOT_ACCEPTED, State.WITHDRAWN)


@dataclass(frozen=True)
class Spot:
    """Where groups are looked for: tickets of one category in one district."""

    category_code: str
    district: str


def watch(context: Context) -> int:
    """Raise a signal for every group that has become large enough. Returns how many.

    The first look remembers the end of the log: an upgrade raises nothing for calls of last week.
    """
    with context.reading() as session:
        position = session.scalar(select(GroupLogPosition.last_id))
        news = events.since(session, position, _BATCH) if position is not None else []
    told = {one.subject for one in news if one.kind in LOOKED_AT}
    if position is not None and not told and len(news) < _BATCH:
        return 0
    with context.writing() as session:
        row = session.scalar(select(GroupLogPosition).with_for_update())
        if row is None:
            session.add(GroupLogPosition(id=1, last_id=events.latest_id(session)))
            return 0
        if row.last_id != position:
            return 0  # somebody else has looked meanwhile
        row.last_id = news[-1].id
        spots = _spots(session, {int(subject.partition(":")[2]) for subject in told})
        return sum(_raise(session, context, spot) for spot in spots)


def _spots(session: Session, ticket_ids: Iterable[int]) -> list[Spot]:
    query = select(Ticket.category_code, Ticket.district).where(Ticket.id.in_(ticket_ids), *_counted())
    found = session.execute(query.distinct().order_by(Ticket.category_code, Ticket.district))
    return [Spot(code, district) for code, district in found if code is not None]


def _raise(session: Session, context: Context, spot: Spot) -> int:
    where = (GroupSignal.category_code == spot.category_code, GroupSignal.district == spot.district)
    waiting = session.scalars(select(GroupSignal).where(*where, GroupSignal.decided_at.is_(None)))
    known = {one.place: one for one in waiting}
    least, now, new = context.settings.group_signal_citizens, context.now(), 0
    for group in groups_at(session, context, spot):
        if group.citizens < least:
            continue
        if group.place in known:
            known[group.place].seen_at = now
            continue
        signal = GroupSignal(**vars(spot), place=group.place, raised_at=now, seen_at=now)
        session.add(signal)
        session.flush()
        events.record(session, now, "group_signal.raised", f"group_signal:{signal.id}")
        new += 1
    return new


def groups_at(session: Session, context: Context, spot: Spot) -> list[Group]:
    """Who tells of what, by community, over the last days. A sealed ticket is never counted, nor one that
    stands under an open incident already, nor one without a telephone: nobody knows whose it is."""
    columns = (Ticket.id, Ticket.complainant_phone, Ticket.street, Ticket.address, Ticket.received_at)
    since = context.now() - timedelta(days=context.settings.group_signal_days)
    query = select(*columns).where(
        Ticket.category_code == spot.category_code,
        Ticket.district == spot.district,
        Ticket.received_at > since,
        *_counted(),
    )
    told = [Told(*row) for row in session.execute(query.order_by(Ticket.id))]
    decided = select(GroupSignal.place, func.max(GroupSignal.decided_at)).where(
        GroupSignal.category_code == spot.category_code,
        GroupSignal.district == spot.district,
        GroupSignal.decided_at.is_not(None),
    )
    found = session.execute(decided.group_by(GroupSignal.place))
    latest = {place: at for place, at in found if at is not None}
    return grouped(told, _communities(session, spot.district), latest)


def dismiss(context: Context, signal_id: int, reason: str) -> None:
    """There is nothing to do about it; the reason is kept. Raises `IncidentRefused`, `DraftRefused`."""
    context.actor.must_have("dismiss a group signal", *EDITORS)
    why = kept_reason(reason)
    with context.writing() as session:
        decide(session, context, signal_id, why)


def decide(session: Session, context: Context, signal_id: int, reason: str) -> GroupSignal:
    """Somebody has said what becomes of a signal: the count of its place begins anew.

    Raises `IncidentRefused` where it was decided on already.
    """
    signal = session.get(GroupSignal, signal_id, with_for_update=True, populate_existing=True)
    if signal is None or signal.decided_at is not None:
        raise IncidentRefused(Obstacle.DECIDED)
    spot = Spot(signal.category_code, signal.district)
    now = {one.place: one.citizens for one in groups_at(session, context, spot)}
    signal.citizens = now.get(signal.place, 0)
    signal.decided_at, signal.reason = context.now(), reason
    signal.decided_by_id, signal.decided_by_name = context.actor.user_id, context.actor.name[:60]
    events.record(session, context.now(), "group_signal.decided", f"group_signal:{signal.id}")
    return signal


def kept_reason(reason: str) -> str:
    """Why, without blanks around it. Raises `IncidentRefused` where nothing is said."""
    why = kept_text("reason", reason, LONGEST_REASON)
    if not why:
        raise IncidentRefused(Obstacle.NO_REASON, "reason")
    return why


def _counted() -> tuple[ColumnElement[bool], ...]:
    under_way = select(Incident.master_id).where(Incident.state == IncidentState.OPEN)
    return (
        Ticket.number.is_not(None),
        Ticket.state.not_in(_NOT_COUNTED),
        Ticket.confidentiality != Confidentiality.SEALED,
        Ticket.category_code.is_not(None),
        Ticket.complainant_phone != "",
        func.coalesce(Ticket.master_id, Ticket.id).not_in(under_way),
    )


def _communities(session: Session, district: str) -> Sequence[str]:
    """Names of the district's communities, also by their other names, the longest first."""
    query = select(Place).where(Place.kind == PlaceKind.COMMUNITY, Place.retired_at.is_(None))
    if district:
        query = query.where(Place.district.in_(("", district)))
    names = {name for place in session.scalars(query) for name in (place.name, *place.aliases)}
    return sorted(names, key=lambda name: (-len(name), name))

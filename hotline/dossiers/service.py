"""Ordering a ticket's file, making it part by part, and deleting it again."""

from datetime import timedelta

import structlog
from sqlalchemy import select, update

from hotline.context import Context
from hotline.dossiers.contents import parts_of
from hotline.dossiers.models import (
    LONGEST_REASON,
    LONGEST_RECEIVER,
    Dossier,
    DossierState,
    Ground,
)
from hotline.dossiers.ports import Workshop
from hotline.dossiers.rules import ROLES, DossierRefused, may_order
from hotline.dossiers.zipping import add_part, place_of, restart
from hotline.people.actors import NotPermitted
from hotline.people.models import User
from hotline.tickets import rows

KEPT_FOR = timedelta(days=3)
_LEASE = timedelta(minutes=5)
MOST_FAILURES = 3

_log = structlog.get_logger()


def order(context: Context, ticket_id: int, ground: Ground, receiver: str, reason: str) -> int:
    """Have the file made. Returns the order's id. Raises `NotPermitted`, `DossierRefused`."""
    context.actor.must_have("take a ticket's file out", *ROLES)
    told = {"receiver": (receiver.strip(), LONGEST_RECEIVER), "reason": (reason.strip(), LONGEST_REASON)}
    for field, (words, longest) in told.items():
        if not words or len(words) > longest or "\x00" in words:
            raise DossierRefused(field)
    with context.writing() as session:
        ticket = rows.locked(session, ticket_id)
        if not may_order(context.actor, ticket) or context.actor.user_id is None:
            raise DossierRefused("")
        # As they are without what is shown to them for ten minutes: making it takes longer.
        person = session.get_one(User, context.actor.user_id).actor()
        dossier = Dossier(
            ticket_id=ticket.id,
            ground=ground,
            receiver=told["receiver"][0],
            reason=told["reason"][0],
            ordered_by_id=context.actor.user_id,
            ordered_at=context.now(),
            due_at=context.now(),
            parts=parts_of(session, person, ticket, ground),
        )
        session.add(dossier)
        ticket.note(
            "dossier_ordered", context.actor, context.now(), dossier.reason, receiver=dossier.receiver
        )
        session.flush()
        return dossier.id


def make_due(context: Context, workshop: Workshop) -> int:
    """One part of one file: whoever waits for the next call waits no longer than that. Returns 1 or 0."""
    dossier_id = _claim(context)
    if dossier_id is None:
        return 0
    try:
        _make(context, workshop, dossier_id)
    except (OSError, ValueError) as error:
        _log.error("a part of a file was not made", dossier=dossier_id, error=type(error).__name__)
        _failed(context, dossier_id)
    return 1


def forget_old(context: Context) -> int:
    """Files that lay ready long enough are deleted; the orders stay. Returns how many."""
    old = select(Dossier).where(Dossier.state == DossierState.READY, Dossier.due_at <= context.now())
    with context.writing() as session:
        found = session.scalars(old).all()
        for dossier in found:
            place_of(context, dossier.id).unlink(missing_ok=True)
            dossier.state, dossier.due_at = DossierState.GONE, None
    return len(found)


def fetched(context: Context, dossier_id: int) -> None:
    """Somebody downloads it: whoever ordered it, and nobody else. Raises `NotPermitted`, `DossierRefused`."""
    with context.writing() as session:
        dossier = session.get(Dossier, dossier_id)
        if dossier is None or dossier.ordered_by_id != context.actor.user_id:
            raise NotPermitted(context.actor, "take out a file that others ordered")
        if dossier.state is not DossierState.READY or not may_order(context.actor, dossier.ticket):
            raise DossierRefused("")
        dossier.fetched_at = dossier.fetched_at or context.now()
        dossier.ticket.note(
            "dossier_fetched", context.actor, context.now(), dossier.reason, receiver=dossier.receiver
        )


def _claim(context: Context) -> int | None:
    """The oldest file that has a part to make, for us alone until the lease is over."""
    now = context.now()
    due = (Dossier.state == DossierState.MAKING, Dossier.due_at <= now)
    with context.writing() as session:
        query = select(Dossier.id).where(*due).order_by(Dossier.id).limit(1)
        dossier_id = session.scalar(query.with_for_update(skip_locked=True))
        if dossier_id is None:
            return None
        mine = update(Dossier).where(Dossier.id == dossier_id, *due).values(due_at=now + _LEASE)
        return dossier_id if session.execute(mine).rowcount else None  # type: ignore[attr-defined]


def _make(context: Context, workshop: Workshop, dossier_id: int) -> None:
    with context.writing() as session:
        dossier = session.get_one(Dossier, dossier_id)
        if dossier.begun_at is not None:  # somebody died in the middle of a part
            restart(context, dossier)
        dossier.begun_at = context.now()
    with context.reading() as session:
        dossier = session.get_one(Dossier, dossier_id)
        actor = session.get_one(User, dossier.ordered_by_id).actor()
        if not may_order(actor, dossier.ticket):  # sealed meanwhile, or no longer in that role
            raise DossierRefused("")
        part = dossier.parts[dossier.done]
        there = add_part(session, context, workshop, actor, dossier, part)
    with context.writing() as session:
        dossier = session.get_one(Dossier, dossier_id)
        dossier.missing = dossier.missing if there else [*dossier.missing, part]
        dossier.done, dossier.begun_at, dossier.due_at = dossier.done + 1, None, context.now()
        if dossier.done == len(dossier.parts):
            dossier.state, dossier.due_at = DossierState.READY, context.now() + KEPT_FOR
            dossier.size = place_of(context, dossier_id).stat().st_size


def _failed(context: Context, dossier_id: int) -> None:
    """Made anew after a while; given up after three times, and whoever ordered it is told so on the page."""
    with context.writing() as session:
        dossier = session.get_one(Dossier, dossier_id)
        restart(context, dossier)
        dossier.failures += 1
        dossier.due_at = context.now() + _LEASE
        if dossier.failures >= MOST_FAILURES:
            dossier.state, dossier.due_at = DossierState.FAILED, None

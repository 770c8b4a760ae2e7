"""Reads of the list of barred callers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from hotline.calls.models import Call
from hotline.contacts.models import Contact
from hotline.contacts.rules import caller_number
from hotline.harassment.models import BarredCaller, BarState

REMEMBERED = timedelta(days=30)
"""How far back calls can be named in a proposal."""
_MOST_PAST = 100


def barred_now(session: Session, number: str, now: datetime) -> bool:
    """Whether calls of a number, as the trunk tells it, go to the message box. A withheld one never does."""
    plain = caller_number(number).number
    if not plain:
        return False
    approved = select(BarredCaller).where(
        BarredCaller.number == plain, BarredCaller.state == BarState.APPROVED
    )
    return any(row.in_force(now) for row in session.scalars(approved))


def barred_numbers(session: Session, now: datetime) -> frozenset[str]:
    """Every number whose calls go to the message box now."""
    approved = select(BarredCaller).where(BarredCaller.state == BarState.APPROVED, BarredCaller.ends_at > now)
    return frozenset(row.number for row in session.scalars(approved))


@dataclass(frozen=True)
class Lists:
    """Proposals that wait for a second person, those in force, and what is over, the newest first."""

    proposed: Sequence[BarredCaller]
    in_force: Sequence[BarredCaller]
    past: Sequence[BarredCaller]


def lists(session: Session, now: datetime) -> Lists:
    """Everything that the page shows."""
    people = (
        joinedload(BarredCaller.proposed_by),
        joinedload(BarredCaller.decided_by),
        joinedload(BarredCaller.revoked_by),
    )
    rows = session.scalars(select(BarredCaller).options(*people).order_by(BarredCaller.id.desc())).all()
    proposed = [row for row in rows if row.state is BarState.PROPOSED]
    in_force = [row for row in rows if row.in_force(now)]
    past = [row for row in rows if row not in proposed and row not in in_force]
    return Lists(proposed, in_force, past[:_MOST_PAST])


def recent_calls(session: Session, number: str, now: datetime) -> Sequence[Call]:
    """Calls of a number within a month, the newest first."""
    plain = caller_number(number).number
    if not plain:
        return []
    query = select(Call).join(Contact).options(joinedload(Call.agent))
    theirs = query.where(Contact.number == plain, Call.started_at > now - REMEMBERED)
    return session.scalars(theirs.order_by(Call.started_at.desc()).limit(50)).all()


def calls_since(session: Session, row: BarredCaller) -> int:
    """How often the number has called since it was approved: what a reviewer wants to know."""
    return all_calls_since(session, [row]).get(row.id, 0)


def all_calls_since(session: Session, rows: Sequence[BarredCaller]) -> Mapping[int, int]:
    """The same by the row's id; numbers that never called again are left out."""
    query = (
        select(BarredCaller.id, func.count(Call.id))
        .join(Contact, Contact.number == BarredCaller.number)
        .join(Call, Call.contact_id == Contact.id)
        .where(BarredCaller.id.in_([row.id for row in rows]), Call.started_at >= BarredCaller.decided_at)
        .group_by(BarredCaller.id)
    )
    return {row[0]: row[1] for row in session.execute(query)} if rows else {}

"""Reads of findings. Nobody sees those of calls that they may not hear."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, union_all
from sqlalchemy.orm import Session, joinedload, selectinload

from hotline.asked_once import asked_once
from hotline.calls.models import Call
from hotline.consistency.models import Answer, ConsistencyCheck, ReviewFinding
from hotline.consistency.rules import Kind
from hotline.people.actors import Actor
from hotline.search.queries import may_hear
from hotline.tickets.models import Ticket
from hotline.tickets.privacy import sees_identity
from hotline.transcripts.models import Recording, Track

PAGE_SIZE = 50
MOST_SET_ASIDE = 20
MOST_COUNTED = 99


@dataclass(frozen=True)
class Wanted:
    """Which findings: of one kind or all, unanswered (None) or with one answer.

    Unanswered includes what the reader has answered since `stays_since`: it stays at hand, to be corrected.
    """

    kind: Kind | None = None
    answer: Answer | None = None
    stays_since: datetime | None = None


@dataclass(frozen=True)
class Listed:
    """A finding with the ticket under which it is read, and the recording in which it is heard."""

    finding: ReviewFinding
    ticket: Ticket
    recording: Recording


@dataclass(frozen=True)
class FindingPage:
    """Some findings, of the newest calls first; whether older ones follow; how many are of each kind: of more
    than `MOST_COUNTED` one more than that, for to count all that nobody has answered took seconds."""

    listed: Sequence[Listed]
    number: int
    has_more: bool
    counts: dict[Kind, int]


@dataclass(frozen=True)
class SetAside:
    """A call that could not be held against its ticket, and why."""

    check: ConsistencyCheck
    ticket_number: str


def finding_page(session: Session, actor: Actor, wanted: Wanted, number: int = 1) -> FindingPage:
    """A page of the list, for this person."""
    chosen = _chosen(actor, wanted)
    of_kind = chosen if wanted.kind is None else (*chosen, ReviewFinding.kind == wanted.kind)
    rows = (
        select(ReviewFinding)
        .join(Call, ReviewFinding.call_id == Call.id)
        .options(joinedload(ReviewFinding.call))
        .where(*of_kind)
        .order_by(Call.started_at.desc(), Call.id, ReviewFinding.at_s, ReviewFinding.id)
        .limit(PAGE_SIZE + 1)
        .offset((number - 1) * PAGE_SIZE)
    )
    found = session.scalars(rows).all()
    listed = _listed(session, actor, found[:PAGE_SIZE])
    return FindingPage(listed, number, len(found) > PAGE_SIZE, _counts(session, chosen))


def _counts(session: Session, chosen: Sequence[ColumnElement[bool]]) -> dict[Kind, int]:
    chosen_ones = select(ReviewFinding.kind).join(Call, ReviewFinding.call_id == Call.id).where(*chosen)
    some = [chosen_ones.where(ReviewFinding.kind == kind).limit(MOST_COUNTED + 1) for kind in Kind]
    each = union_all(*(select(one.subquery()) for one in some)).subquery()
    counted = select(each.c.kind, func.count()).group_by(each.c.kind)
    return {row[0]: row[1] for row in session.execute(counted)}


def listed_finding(session: Session, actor: Actor, finding_id: int) -> Listed | None:
    """One finding as it stands in the list; None where it is not for this person."""
    finding = session.get(ReviewFinding, finding_id)
    return next(iter(_listed(session, actor, [finding] if finding else [])), None)


@asked_once
def findings_of_ticket(session: Session, actor: Actor, ticket: Ticket) -> Sequence[Listed]:
    """What was found in a ticket's calls, in the order of calls and seconds, what is gone last."""
    rows = (
        select(ReviewFinding)
        .join(Call, ReviewFinding.call_id == Call.id)
        .where(Call.contact_id == ticket.contact_id)
        .order_by(ReviewFinding.gone_at.is_not(None), Call.id, ReviewFinding.at_s, ReviewFinding.id)
    )
    return _listed(session, actor, session.scalars(rows).all(), ticket)


def set_aside(session: Session, actor: Actor) -> Sequence[SetAside]:
    """Calls that could not be looked at, the last first, under a ticket that this person may hear."""
    rows = (
        select(ConsistencyCheck, func.min(Ticket.number))
        .join(Call, ConsistencyCheck.call_id == Call.id)
        .join(Ticket, Ticket.contact_id == Call.contact_id)
        .where(ConsistencyCheck.set_aside_at.is_not(None), may_hear(actor))
        .group_by(ConsistencyCheck.id)
        .order_by(ConsistencyCheck.set_aside_at.desc())
        .limit(MOST_SET_ASIDE)
    )
    return [SetAside(check, number or "") for check, number in session.execute(rows)]


def _chosen(actor: Actor, wanted: Wanted) -> tuple[ColumnElement[bool], ...]:
    heard = select(Ticket.id).where(Ticket.contact_id == Call.contact_id, may_hear(actor))
    answered = (
        ReviewFinding.answer.is_(None) if wanted.answer is None else ReviewFinding.answer == wanted.answer
    )
    if wanted.answer is None and wanted.stays_since is not None:
        just_now = and_(
            ReviewFinding.answered_by_id == actor.user_id, ReviewFinding.answered_at >= wanted.stays_since
        )
        answered = or_(ReviewFinding.answer.is_(None), just_now)
    return heard.exists(), ReviewFinding.gone_at.is_(None), answered


def _listed(
    session: Session, actor: Actor, found: Sequence[ReviewFinding], under: Ticket | None = None
) -> list[Listed]:
    if not found:
        return []
    contacts = {finding.call.contact_id for finding in found}
    tickets: dict[int, Ticket] = {}
    heard = select(Ticket).where(Ticket.contact_id.in_(contacts), may_hear(actor)).order_by(Ticket.id)
    for ticket in session.scalars(heard):
        tickets.setdefault(ticket.contact_id, ticket)
    is_masked = not all(sees_identity(actor, ticket) for ticket in (under, *tickets.values()) if ticket)
    recordings = _recordings(session, {finding.call_id for finding in found}, with_text=is_masked)
    return [
        Listed(finding, under or tickets[finding.call.contact_id], recordings[finding.call_id])
        for finding in found
        if finding.call.contact_id in tickets
    ]


def _recordings(session: Session, call_ids: Collection[int], with_text: bool) -> dict[int, Recording]:
    """By their calls. Words are masked by all that was said around them: nobody else needs the text."""
    tracks = selectinload(Recording.tracks)
    loaded = tracks.selectinload(Track.segments) if with_text else tracks
    found = session.scalars(select(Recording).where(Recording.call_id.in_(call_ids)).options(loaded))
    return {recording.call_id: recording for recording in found}

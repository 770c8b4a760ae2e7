"""Reads for the live board's supervisors and for the audit log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Float, extract, func, literal, select
from sqlalchemy.orm import Session, joinedload

from hotline.calls.models import Call, CallEnd, CallLeg, CallState
from hotline.calls.queries import given_up
from hotline.conversations.models import Party, PartyKind, PartyState
from hotline.monitoring.models import ON_PEOPLE, AuditEntry, Deed, Mode, MonitoringSession

ANSWERED_IN_TIME_SECONDS = 15
"""GB/T 33358: a person answers within 15 seconds."""
ENTRIES_A_PAGE = 50


@dataclass(frozen=True)
class Answering:
    """How the calls of a time went that came as far as the queue."""

    answered: int
    in_time: int
    abandoned: int
    missed: int
    """Nobody answered, and it was not the caller who gave up; or nobody has for over 15 s, and they wait."""

    @property
    def over(self) -> int:
        """Of how many it is known whether they were answered in time."""
        return self.answered + self.abandoned + self.missed

    @property
    def in_time_percent(self) -> int | None:
        """Answered within 15 s, of those of whom it is known (0..100, rounded down); None before any."""
        return 100 * self.in_time // self.over if self.over else None


def answering(session: Session, since: datetime, now: datetime) -> Answering:
    """How the calls went that came after `since`. Nobody waits on the line for calls that we make."""
    came = (Call.started_at >= since, Call.queued_at.is_not(None), Call.outgoing.is_(False))
    answered = Call.answered_at.is_not(None)
    in_time = _seconds_waited(session) <= ANSWERED_IN_TIME_SECONDS
    late_already = Call.queued_at < now - timedelta(seconds=ANSWERED_IN_TIME_SECONDS)
    missed = Call.end.in_((CallEnd.UNANSWERED, CallEnd.CUT_OFF)) | (
        (Call.state != CallState.ENDED) & late_already
    )
    counts = select(
        func.count().filter(answered),
        func.count().filter(answered, in_time),
        func.count().filter(given_up()),
        func.count().filter(~answered, missed),
    )
    return Answering(*session.execute(counts.where(*came)).one())


def _seconds_waited(session: Session) -> ColumnElement[float]:
    if session.get_bind().dialect.name == "sqlite":
        return (func.julianday(Call.answered_at) - func.julianday(Call.queued_at)) * literal(86_400.0)
    return extract("epoch", Call.answered_at - Call.queued_at).cast(Float)


def open_sessions(session: Session) -> Sequence[MonitoringSession]:
    """Supervisors who are with a call now, or whose telephone is being rung."""
    query = (
        select(MonitoringSession)
        .options(joinedload(MonitoringSession.supervisor), joinedload(MonitoringSession.call))
        .where(MonitoringSession.ended_at.is_(None))
    )
    return session.scalars(query.order_by(MonitoringSession.id)).all()


def session_of(session: Session, user_id: int | None) -> MonitoringSession | None:
    """The open session of a supervisor, with its call."""
    query = (
        select(MonitoringSession)
        .options(joinedload(MonitoringSession.call).joinedload(Call.contact))
        .where(MonitoringSession.supervisor_id == user_id, MonitoringSession.ended_at.is_(None))
    )
    return session.scalar(query)


def by_channel(session: Session, channel_id: str) -> MonitoringSession | None:
    """The session of a supervisor's leg."""
    return session.scalar(select(MonitoringSession).where(MonitoringSession.channel_id == channel_id))


def has_taken_over(session: Session, channel_id: str) -> bool:
    """Whether this supervisor's leg is the agent's of its call: then it is a party of the conversation."""
    return session.scalar(select(Party.id).where(Party.channel_id == channel_id)) is not None


def taking_over(session: Session) -> set[str]:
    """The legs of supervisors who are in a talk that they have taken over, or are about to."""
    return {now.channel_id or "" for now in joined_with(session) if now.mode is Mode.TAKE_OVER}


def joined_with(session: Session) -> Sequence[MonitoringSession]:
    """Supervisors who take part in the talk of a call, with the call."""
    query = (
        select(MonitoringSession)
        .options(joinedload(MonitoringSession.call))
        .where(MonitoringSession.ended_at.is_(None), MonitoringSession.joined_at.is_not(None))
    )
    return session.scalars(query).all()


@dataclass(frozen=True)
class AgentsLeg:
    """The channel (uniqueid) on which an agent is in a call, and the seat's extension."""

    uniqueid: str
    extension: str | None


def agents_leg(session: Session, call: Call) -> AgentsLeg | None:
    """Where the call's agent is; None once they have gone. After a transfer that is another agent's."""
    is_agent = (Party.call_id == call.id, Party.kind == PartyKind.AGENT)
    here = Party.state.in_((PartyState.TALKING, PartyState.HELD))
    parties = session.scalars(select(Party).where(*is_agent, here).order_by(Party.id.desc()))
    if party := parties.first():
        return AgentsLeg(party.channel_id, party.extension)
    leg = _leg(session, call, "agent")
    return AgentsLeg(leg.uniqueid, leg.extension) if leg else None


def citizens_leg(session: Session, call: Call) -> str:
    """The citizen's channel (uniqueid)."""
    leg = _leg(session, call, "caller")
    return leg.uniqueid if leg else call.linkedid


def _leg(session: Session, call: Call, role: str) -> CallLeg | None:
    up = (CallLeg.call_id == call.id, CallLeg.role == role, CallLeg.ended_at.is_(None))
    return session.scalars(select(CallLeg).where(*up).order_by(CallLeg.id.desc())).first()


def is_live(call: Call | None) -> bool:
    """Whether somebody is on the line."""
    return call is not None and call.state is not CallState.ENDED


@dataclass(frozen=True)
class AuditFilter:
    """What of the audit log is wanted; None is everything."""

    actor_id: int | None = None
    deed: Deed | None = None
    since: datetime | None = None
    before: datetime | None = None
    """Lines are shown that were written before this moment."""


@dataclass(frozen=True)
class AuditPage:
    """A page of the audit log, the newest line first. `has_more` says that older ones follow."""

    entries: Sequence[AuditEntry]
    number: int
    has_more: bool


def audit_page(session: Session, wanted: AuditFilter, number: int = 1) -> AuditPage:
    """The page of this number, from 1 on."""
    query = select(AuditEntry).options(joinedload(AuditEntry.call)).order_by(AuditEntry.id.desc())
    for condition in _conditions(wanted):
        query = query.where(condition)
    skipped = (number - 1) * ENTRIES_A_PAGE
    found = session.scalars(query.offset(skipped).limit(ENTRIES_A_PAGE + 1)).all()
    return AuditPage(found[:ENTRIES_A_PAGE], number, len(found) > ENTRIES_A_PAGE)


def _conditions(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.actor_id is not None:
        conditions.append(AuditEntry.actor_id == wanted.actor_id)
    if wanted.deed is not None:
        conditions.append(AuditEntry.deed == wanted.deed)
    if wanted.since is not None:
        conditions.append(AuditEntry.at >= wanted.since)
    if wanted.before is not None:
        conditions.append(AuditEntry.at < wanted.before)
    return conditions


@dataclass(frozen=True)
class SessionPage:
    """A page of supervisors' sessions, the newest first."""

    sessions: Sequence[MonitoringSession]
    number: int
    has_more: bool


def session_page(session: Session, number: int = 1) -> SessionPage:
    """Who was with which call, from when until when; the page of this number, from 1 on."""
    people = joinedload(MonitoringSession.supervisor), joinedload(MonitoringSession.agent)
    query = select(MonitoringSession).options(*people).order_by(MonitoringSession.id.desc())
    skipped = (number - 1) * ENTRIES_A_PAGE
    found = session.scalars(query.offset(skipped).limit(ENTRIES_A_PAGE + 1)).all()
    return SessionPage(found[:ENTRIES_A_PAGE], number, len(found) > ENTRIES_A_PAGE)


def acts_on(session: Session, user_id: int) -> Sequence[AuditEntry]:
    """The newest `ENTRIES_A_PAGE` acts of administrators on a user's account, the newest first."""
    query = select(AuditEntry).where(AuditEntry.whom_id == user_id, AuditEntry.deed.in_(ON_PEOPLE))
    return session.scalars(query.order_by(AuditEntry.id.desc()).limit(ENTRIES_A_PAGE)).all()


def actors(session: Session) -> Sequence[tuple[int, str]]:
    """Everybody who is in the audit log: id and name, for the filter."""
    query = (
        select(AuditEntry.actor_id, func.max(AuditEntry.actor_name))
        .where(AuditEntry.actor_id.is_not(None))
        .group_by(AuditEntry.actor_id)
        .order_by(func.max(AuditEntry.actor_name))
    )
    return [(user_id, name) for user_id, name in session.execute(query) if user_id is not None]

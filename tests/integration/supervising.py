"""A call with its agent, and supervisors: what the tests of `hotline.monitoring` begin with."""

import pytest
from sqlalchemy import select

from hotline.calls import service as calls
from hotline.calls.models import Call
from hotline.calls.ports import Supervising
from hotline.calls.seats import seat_of
from hotline.context import Context
from hotline.monitoring.models import AuditEntry, Deed, Mode, MonitoringSession
from hotline.monitoring.queries import open_sessions
from hotline.monitoring.service import heard, joined, supervise
from hotline.people.actors import Role
from tests.factories import CITIZEN, City, FakeTelephone, user

LINKEDID, AGENT_LEG = "1763768000.1", "1763768000.2"
WAITING = "1763768100.9"


@pytest.fixture
def telephone() -> FakeTelephone:
    return FakeTelephone()


@pytest.fixture
def boss(city: City) -> Context:
    """A supervisor with a registered telephone."""
    return boss_at(city, "2001")


@pytest.fixture
def call_id(city: City) -> int:
    """The agent 1001 talks with a citizen."""
    context = city.context
    calls.open_call(context, LINKEDID, CITIZEN, "12345")
    calls.leg_started(context, LINKEDID, LINKEDID, "PJSIP/trunk-00000000")
    calls.call_queued(context, LINKEDID)
    calls.call_answered(context, LINKEDID, "1001", AGENT_LEG, "PJSIP/agent-1001-00000001")
    with context.reading() as session:
        return session.scalars(select(Call.id)).one()


def boss_at(city: City, extension: str) -> Context:
    """A supervisor with a telephone at this seat."""
    actor = user(city.context, city.hotline_id, Role.SUPERVISOR, extension=extension)
    with city.context.writing() as session:
        seat_of(session, extension).registered = True
    return city.context.acting_as(actor)


def session_now(context: Context) -> MonitoringSession:
    """The session that was begun last."""
    with context.reading() as session:
        return session.scalars(select(MonitoringSession).order_by(MonitoringSession.id.desc())).first()  # type: ignore[return-value]


def audit_log(context: Context) -> list[tuple[str, Deed]]:
    """Who did what, in its order."""
    with context.reading() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(row.actor_name, row.deed) for row in rows]


def is_up(context: Context, mode: Mode, call_id: int, telephone: FakeTelephone) -> str:
    """The supervisor is in the call, as the telephone says; returns the leg."""
    supervise(context, telephone, call_id, mode)
    leg = session_now(context).channel_id or ""
    heard(context, leg, Supervising.JOIN if mode.joins else Supervising(mode.value))
    if mode.joins:
        joined(context, telephone, leg)
    return leg


def open_modes(context: Context) -> list[Mode]:
    """Of the sessions that go on."""
    with context.reading() as session:
        return [now.mode for now in open_sessions(session)]


def waiting_call(city: City, linkedid: str = WAITING) -> int:
    """Another citizen waits in the queue; returns the call's id."""
    opened = calls.open_call(city.context, linkedid, CITIZEN, "12345")
    calls.leg_started(city.context, linkedid, linkedid, "PJSIP/trunk-00000009")
    calls.call_queued(city.context, linkedid)
    return opened.call_id

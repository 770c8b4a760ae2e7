"""What people do with incidents: open, change, tell callers, close; and say that a matter belongs to one."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline import events
from hotline.call_plan import queries as call_plan
from hotline.call_plan import service as surges
from hotline.context import Context
from hotline.dispatch.models import Category
from hotline.incidents import groups
from hotline.incidents.models import Incident, IncidentLine, IncidentState, Step
from hotline.incidents.rules import EDITORS, IncidentRefused, Obstacle
from hotline.merging import service as merging
from hotline.merging.rules import as_master
from hotline.merging.service import MergeRefused
from hotline.people.actors import Role
from hotline.screening.opening import kept_text
from hotline.tickets import rows
from hotline.tickets.models import Ticket

LONGEST = {"title": 80, "district": 40, "address": 200, "known": 2000, "demand": 200}


@dataclass(frozen=True)
class Facts:
    """What is known of an incident: see `Incident`."""

    title: str
    category_code: str
    demand: str
    district: str = ""
    address: str = ""
    known: str = ""
    told_zh: str = ""
    told_en: str = ""
    expected_end_at: datetime | None = None


def open_incident(
    context: Context, master_number: str, facts: Facts, reason: str, signal_id: int | None = None
) -> int:
    """An incident with this ticket as its master; `signal_id` is the signal that is answered by it.

    Returns the incident's id. Raises `IncidentRefused`; `MergeRefused` where nothing can be merged under the
    ticket; `DraftRefused`; `NotPermitted`.
    """
    context.actor.must_have("open an incident", *EDITORS)
    with context.writing() as session:
        kept = _kept(session, context, facts)
        why = groups.kept_reason(reason)
        master = _master(session, master_number)
        signal = groups.decide(session, context, signal_id, why) if signal_id is not None else None
        incident = Incident(master_id=master.id, opened_at=context.now(), **asdict(kept))
        session.add(incident)
        session.flush()
        _line(session, context, incident, Step.OPENED, why)
        if signal is not None:
            signal.incident_id = incident.id
        master.note("incident_opened", context.actor, context.now(), incident=incident.title)
        rows.announce(session, context, master, "incident_opened")
        return incident.id


def change(context: Context, incident_id: int, revision: int, facts: Facts, reason: str) -> None:
    """Put other facts in place of those that the person saw at `revision`, with before and after on record.

    Raises as `open_incident`.
    """
    context.actor.must_have("change an incident", *EDITORS)
    with context.writing() as session:
        incident = _open(session, incident_id)
        if incident.revision != revision:
            raise IncidentRefused(Obstacle.STALE)
        kept = _kept(session, context, facts, incident)
        why = groups.kept_reason(reason)
        changes = _differences(incident, kept)
        if not changes:
            raise IncidentRefused(Obstacle.NOTHING_CHANGED)
        for name, value in asdict(kept).items():
            setattr(incident, name, value)
        _line(session, context, incident, Step.CHANGED, why, changes)


def tell_callers(context: Context, incident_id: int) -> None:
    """A supervisor has every call from now on hear the incident's words: the banner of surge mode.

    Raises `IncidentRefused` where there are no words, or a banner of something else is on.
    """
    context.actor.must_have("tell callers of an incident", Role.SUPERVISOR)
    with context.writing() as session:
        incident = _open(session, incident_id)
        if not incident.told_zh:
            raise IncidentRefused(Obstacle.NOTHING_TO_TELL, "told_zh")
        on = call_plan.surge(session)
        if on is not None and on.incident_id != incident_id:
            raise IncidentRefused(Obstacle.ANOTHER_BANNER)
        place = incident.category_code, incident.district, incident.address
        matter = surges.Matter(*place, incident_id=incident_id)
        surges.switch_on(session, context, incident.told_zh, incident.told_en, matter)
        _line(session, context, incident, Step.TOLD, incident.told_zh)


def hush(context: Context, incident_id: int, reason: str) -> None:
    """A supervisor takes the banner off while the incident goes on."""
    context.actor.must_have("take an incident's banner off", Role.SUPERVISOR)
    why = groups.kept_reason(reason)
    with context.writing() as session:
        incident = _found(session, incident_id)
        if surges.switch_off_of(session, context, incident_id):
            _line(session, context, incident, Step.HUSHED, why)


def close(context: Context, incident_id: int, reason: str) -> None:
    """It is over: shown to agents no longer, its banner taken off. Its tickets go on as merging has it."""
    context.actor.must_have("close an incident", *EDITORS)
    why = groups.kept_reason(reason)
    with context.writing() as session:
        incident = _open(session, incident_id)
        surges.switch_off_of(session, context, incident_id)
        incident.state, incident.over_at = IncidentState.OVER, context.now()
        _line(session, context, incident, Step.CLOSED, why)
        incident.master.note("incident_closed", context.actor, context.now(), incident=incident.title)
        rows.announce(session, context, incident.master, "incident_closed")


def join(context: Context, incident_id: int, ticket_id: int) -> None:
    """The agent who registered a ticket says that it belongs to an open incident: merged under its master.

    Raises `IncidentRefused`; `MergeRefused`, `GuardFailed` and the others of `hotline.merging.service.merge`.
    """
    context.actor.must_have("say what belongs to an incident", Role.AGENT)
    with context.reading() as session:
        number = _open(session, incident_id, locks=False).master.number or ""
    merging.merge(context, ticket_id, number, incident_id=incident_id)


def _found(session: Session, incident_id: int, locks: bool = True) -> Incident:
    incident = session.get(Incident, incident_id, with_for_update=locks, populate_existing=True)
    if incident is None:
        raise IncidentRefused(Obstacle.NO_SUCH_INCIDENT)
    return incident


def _open(session: Session, incident_id: int, locks: bool = True) -> Incident:
    incident = _found(session, incident_id, locks)
    if incident.state is IncidentState.OVER:
        raise IncidentRefused(Obstacle.IS_OVER)
    return incident


def _master(session: Session, number: str) -> Ticket:
    """The ticket, locked: of two incidents that are opened at once with one master, the second is refused."""
    found = session.scalar(select(Ticket.id).where(Ticket.number == number.strip().upper()))
    master = rows.locked(session, found) if found is not None else None
    if why := as_master(master):
        raise MergeRefused(why)
    assert master is not None  # noqa: S101 (`as_master` has seen it)
    having = select(Incident.id).where(Incident.master_id == master.id, Incident.state == IncidentState.OPEN)
    if session.scalar(having) is not None:
        raise IncidentRefused(Obstacle.MASTER_HAS_ONE, "master_number")
    return master


def _kept(session: Session, context: Context, facts: Facts, before: Incident | None = None) -> Facts:
    """The facts without blanks around them. Raises `IncidentRefused` for the first that is not right."""
    longest = {**LONGEST, "told_zh": surges.LONGEST_BANNER, "told_en": 2 * surges.LONGEST_BANNER}
    texts = {name: kept_text(name, getattr(facts, name), most) for name, most in longest.items()}
    texts |= {name: " ".join(texts[name].split()) for name in ("told_zh", "told_en")}  # as it is spoken
    if not texts["title"]:
        raise IncidentRefused(Obstacle.NO_TITLE, "title")
    if session.get(Category, facts.category_code) is None:
        raise IncidentRefused(Obstacle.NO_CATEGORY, "category_code")
    if not texts["demand"]:
        raise IncidentRefused(Obstacle.NO_DEMAND, "demand")
    ends_at = facts.expected_end_at
    is_new = before is None or before.expected_end_at != ends_at
    if ends_at is not None and is_new and ends_at <= context.now():
        raise IncidentRefused(Obstacle.EXPECTED_IN_THE_PAST, "expected_end_at")
    return Facts(category_code=facts.category_code, expected_end_at=ends_at, **texts)


def _differences(incident: Incident, facts: Facts) -> dict[str, list[str]]:
    pairs = {name: (getattr(incident, name), value) for name, value in asdict(facts).items()}
    return {name: [_text(old), _text(new)] for name, (old, new) in pairs.items() if old != new}


def _text(value: str | datetime | None) -> str:
    return value.isoformat() if isinstance(value, datetime) else value or ""


def _line(
    session: Session,
    context: Context,
    incident: Incident,
    step: Step,
    reason: str,
    changes: Mapping[str, Any] | None = None,
) -> None:
    """A line of its history, and of the event log; whatever was done is another state to edit."""
    actor = context.actor
    incident.revision += 1
    session.add(
        IncidentLine(
            incident_id=incident.id,
            at=context.now(),
            step=step,
            actor_id=actor.user_id,
            actor_name=actor.name[:60],
            actor_roles=" ".join(sorted(actor.roles))[:200],
            reason=reason,
            changes=dict(changes or {}),
        )
    )
    events.record(session, context.now(), f"incident.{step}", f"incident:{incident.id}", actor=actor.user_id)

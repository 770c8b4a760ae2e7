"""Editing the city's own limits: a draft, two people, and a moment from which they hold.

Nothing here touches a ticket: due times were written at dispatch, with the name of the profile.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hotline import events
from hotline.context import Context
from hotline.deadlines import queries
from hotline.deadlines.checks import Finding, check
from hotline.deadlines.models import DeadlineVersion, VersionState
from hotline.deadlines.places import PLACES, Limits, kept, limits_of_profile
from hotline.deadlines.profiles import Profile, UnknownProfile
from hotline.people.actors import Role
from hotline.refused import FieldRefused

WRITERS = (Role.SUPERVISOR, Role.DIRECTOR, Role.ADMINISTRATOR)
APPROVERS = (Role.DIRECTOR, Role.ADMINISTRATOR)
READERS = (*WRITERS, Role.AUDITOR)
LONGEST_NOTE = 200
_EDIT = "edit the deadline profile"


class Obstacle(StrEnum):
    """Why the limits are not changed."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNKNOWN = "unknown"
    DRAFT_THERE = "draft_there"
    CHANGED_MEANWHILE = "changed_meanwhile"
    FAULTY = "faulty"
    OWN_DRAFT = "own_draft"
    NO_CHANGE = "no_change"
    IN_PAST = "in_past"
    IN_FORCE = "in_force"


class LimitsRefused(FieldRefused):
    """Nothing was changed; `findings` say what is wrong with limits that are faulty."""

    kinds = Obstacle

    def __init__(self, obstacle: StrEnum, name: str = "", findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(obstacle, name)
        self.findings = findings


def begin_draft(context: Context, based_on: str) -> None:
    """Begin with a copy of a profile, packaged or a version of the city's own. Raises `LimitsRefused`, also
    where somebody has a draft already."""
    context.actor.must_have(_EDIT, *WRITERS)
    with context.writing() as session:
        try:
            source = queries.named(session, based_on)
        except (UnknownProfile, KeyError):
            raise LimitsRefused(Obstacle.UNKNOWN, "based_on") from None
        newest = session.scalar(select(func.max(DeadlineVersion.version))) or 0
        made = DeadlineVersion(
            version=newest + 1,
            limits=kept(limits_of_profile(source)),
            based_on=based_on,
            writer_ids=_with_writer(context, []),
            written_by=_name(context),
            written_at=context.now(),
        )
        session.add(made)
        try:
            session.flush()
        except IntegrityError:
            raise LimitsRefused(Obstacle.DRAFT_THERE) from None
        _record(session, context, made.version, "drafted")


def write_draft(context: Context, revision: int, limits: Limits, note: str) -> None:
    """Put these limits in the draft's place, whole or not; `revision` is the one that the writer saw, `note`
    why. Raises `LimitsRefused`."""
    context.actor.must_have(_EDIT, *WRITERS)
    why = LimitsRefused.written("note", note, LONGEST_NOTE)
    with context.writing() as session:
        draft = _draft(session, revision)
        _take(
            session,
            draft,
            revision=revision + 1,
            limits=kept({place: limits[place] for place in PLACES if place in limits}),
            writer_ids=_with_writer(context, draft.writer_ids),
            written_by=_name(context),
            written_at=context.now(),
            note=why,
        )
        _record(session, context, draft.version, "drafted")


def discard_draft(context: Context, revision: int) -> None:
    """Throw the draft away. Its number is not used again."""
    context.actor.must_have(_EDIT, *WRITERS)
    with context.writing() as session:
        draft = _draft(session, revision)
        ended = {"ended_by": _name(context), "ended_at": context.now()}
        _take(session, draft, state=VersionState.DISCARDED, **ended)
        _record(session, context, draft.version, "discarded")


def put_in_force(context: Context, revision: int, since: datetime | None = None) -> str:
    """What is dispatched from `since` on, or from now, is promised by the draft. Returns its name.

    Raises `LimitsRefused`: for whoever wrote in it, for a moment that is over, where nobody has said why or
    something is wrong with the limits, where they say what holds at that moment anyway.
    """
    context.actor.must_have("put a deadline profile in force", *APPROVERS)
    now = context.now()
    begins = since or now
    if begins < now:
        raise LimitsRefused(Obstacle.IN_PAST, "in_force_from")
    with context.writing() as session:
        draft = _draft(session, revision)
        if context.actor.user_id in draft.writer_ids:
            raise LimitsRefused(Obstacle.OWN_DRAFT)
        LimitsRefused.written("note", draft.note, LONGEST_NOTE)
        limits = draft.read_limits
        found = check(limits, queries.reckoner(context), begins)
        if wrong := tuple(one for one in found if one.fault.forbids):
            raise LimitsRefused(Obstacle.FAULTY, findings=wrong)
        if limits == limits_of_profile(_holding_at(session, context, begins)):
            raise LimitsRefused(Obstacle.NO_CHANGE)
        approved = {"approved_by": _name(context), "approved_at": now, "in_force_from": begins}
        _take(session, draft, state=VersionState.APPROVED, **approved)
        _record(session, context, draft.version, "approved", begins=begins.isoformat())
        return draft.name


def call_off(context: Context, version: int, reason: str) -> None:
    """A version whose time has not come does not come into force. Raises `LimitsRefused` once it is."""
    context.actor.must_have("put a deadline profile in force", *APPROVERS)
    why = LimitsRefused.written("reason", reason, LONGEST_NOTE)
    with context.writing() as session:
        waits = (
            DeadlineVersion.version == version,
            DeadlineVersion.state == VersionState.APPROVED,
            DeadlineVersion.in_force_from > context.now(),
        )
        ended = {"ended_by": _name(context), "ended_at": context.now(), "ended_reason": why}
        called = update(DeadlineVersion).where(*waits).values(state=VersionState.CALLED_OFF, **ended)
        if session.execute(called).rowcount != 1:  # type: ignore[attr-defined]
            raise LimitsRefused(Obstacle.IN_FORCE)
        _record(session, context, version, "called_off")


def _holding_at(session: Session, context: Context, at: datetime) -> Profile:
    version = queries.version_in_force(session, at)
    return version.profile if version else queries.named(session, context.settings.deadline_profile)


def _draft(session: Session, revision: int) -> DeadlineVersion:
    draft = queries.draft_of(session)
    if draft is None or draft.revision != revision:
        raise LimitsRefused(Obstacle.CHANGED_MEANWHILE)
    return draft


def _take(session: Session, draft: DeadlineVersion, **values: object) -> None:
    """Change the draft if it still is what was read: of two at once, one gets there."""
    unchanged = (
        DeadlineVersion.id == draft.id,
        DeadlineVersion.revision == draft.revision,
        DeadlineVersion.state == VersionState.DRAFT,
    )
    taken = session.execute(
        update(DeadlineVersion)
        .where(*unchanged)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        raise LimitsRefused(Obstacle.CHANGED_MEANWHILE)


def _with_writer(context: Context, earlier: Sequence[int]) -> list[int]:
    """All who had a hand in it: nobody approves what is their own."""
    user_id = context.actor.user_id
    return sorted({*earlier, user_id} if user_id is not None else set(earlier))


def _name(context: Context) -> str:
    return context.actor.name[:60]


def _record(session: Session, context: Context, version: int, deed: str, **facts: object) -> None:
    subject = f"deadlines:{version}"
    events.record(session, context.now(), f"deadlines.{deed}", subject, actor=context.actor.user_id, **facts)

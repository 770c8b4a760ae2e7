"""What supervisors do with the plan: edit the draft, check it, make it live, go back, switch surge mode."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hotline import events
from hotline.call_plan import queries
from hotline.call_plan.checks import check
from hotline.call_plan.document import Plan
from hotline.call_plan.findings import Finding, Severity
from hotline.call_plan.models import CallPlan, PlanState, Surge
from hotline.context import Context
from hotline.dispatch.models import Category
from hotline.monitoring import audit
from hotline.monitoring.models import Deed
from hotline.people.actors import Role

DRAFT = "draft"
LONGEST_NOTE = 200
LONGEST_BANNER = 120
LONGEST_DISTRICT, LONGEST_ADDRESS = 40, 200


class StalePlan(Exception):
    """Somebody else has changed the plan since it was read; nothing was changed."""

    def __init__(self, by: str = "") -> None:
        super().__init__("the plan was changed meanwhile")
        self.by = by


class NoDraft(LookupError):
    """There is no draft, or no such version."""


class PlanFaulty(Exception):
    """The plan has errors and cannot go live."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(f"{finding.code} at {finding.place.section}" for finding in findings))
        self.findings = findings


class NoteMissing(ValueError):
    """Who makes a plan live says why."""


def begin_draft(context: Context, from_version: int | None = None) -> int:
    """Begin a draft from the live plan (or another version) and return its revision. A draft that is there
    already is kept; with `from_version` its content is replaced."""
    _supervisor(context, "edit the call plan")
    try:
        return _begin(context, from_version)
    except IntegrityError:  # somebody began one at the same moment
        return _begin(context, from_version)


def change_draft(context: Context, revision: int, change: Callable[[Plan], Plan]) -> int:
    """Put `change(plan)` in the draft's place and return the new revision. `revision` is the one that the
    person saw. Raises `StalePlan`, `NoDraft`, and pydantic's `ValidationError` for what is no plan."""
    _supervisor(context, "edit the call plan")
    with context.writing() as session:
        draft = _draft(session, revision)
        plan = change(draft.plan)
        document = Plan.model_validate(plan.model_dump()).model_dump(mode="json")
        changed = {"revision": revision + 1, "document": document, "changed_at": context.now()}
        _take(session, context, draft, revision, **changed)
        _record(session, context, "drafted", DRAFT, revision=revision + 1)
        return revision + 1


def discard_draft(context: Context, revision: int) -> None:
    """Throw the draft away."""
    _supervisor(context, "edit the call plan")
    with context.writing() as session:
        draft = _draft(session, revision)
        _take(session, context, draft, revision, state=PlanState.DISCARDED, changed_at=context.now())
        _record(session, context, "discarded", DRAFT)


def make_live(context: Context, revision: int, note: str) -> int:
    """The draft answers calls from now on; returns its version. Raises `PlanFaulty`, `StalePlan` (also when
    another version went live since the draft began), `NoDraft`, `NoteMissing`."""
    _supervisor(context, "make the call plan live")
    note = _note(note)
    with context.writing() as session:
        draft = _draft(session, revision)
        live = queries.live_row(session)
        if draft.based_on != queries.live_version(session):
            raise StalePlan(live.author_name if live else "")
        found = check(draft.plan, queries.surroundings(context, session))
        if errors := [finding for finding in found if finding.severity is Severity.ERROR]:
            raise PlanFaulty(errors)
        _supersede(session, context)
        number = _next_version(session)
        went_live = {"state": PlanState.LIVE, "version": number, "live_at": context.now(), "note": note}
        _take(session, context, draft, revision, **went_live)
        _record_live(session, context, number, note, warnings=len(found))
        return number


def rebase_draft(context: Context, revision: int) -> int:
    """Keep the draft although another version went live meanwhile: who does this has compared the two."""
    _supervisor(context, "edit the call plan")
    with context.writing() as session:
        draft = _draft(session, revision)
        based_on = queries.live_version(session)
        _take(session, context, draft, revision, based_on=based_on, revision=revision + 1)
        _record(session, context, "drafted", DRAFT, revision=revision + 1)
        return revision + 1


def go_back(context: Context, version: int, live_version: int, note: str) -> int:
    """An older version answers calls again, as a new version; returns its number. `live_version` is the one
    that the person saw as live. Version 0 is the default. Raises as `make_live`."""
    _supervisor(context, "make the call plan live")
    note = _note(note)
    with context.writing() as session:
        live = queries.live_row(session)
        if queries.live_version(session) != live_version:
            raise StalePlan(live.author_name if live else "")
        plan = _plan_of(session, context, version)
        found = check(plan, queries.surroundings(context, session))
        if errors := [finding for finding in found if finding.severity is Severity.ERROR]:
            raise PlanFaulty(errors)
        _supersede(session, context)
        number = _next_version(session)
        row = _new_row(context, plan, PlanState.LIVE, version)
        row.version, row.live_at, row.note = number, context.now(), note
        session.add(row)
        _record_live(session, context, number, note, back_to=version)
        return number


@dataclass(frozen=True)
class Matter:
    """What the calls of a surge are about, as far as can be said: a class of the catalogue, and where; and
    the incident with which the surge ends."""

    category_code: str = ""
    district: str = ""
    address: str = ""
    incident_id: int | None = None


class UnknownCategory(ValueError):
    """The catalogue has no such class."""


def surge_on(
    context: Context, banner_zh: str = "", banner_en: str = "", matter: Matter | None = None
) -> None:
    """Switch surge mode on, or give it other words. Every call from now on hears the banner, and agents are
    offered the matter for their drafts. Raises `UnknownCategory`, and then nothing is changed."""
    with context.writing() as session:
        switch_on(session, context, banner_zh, banner_en, matter or Matter())


def switch_on(session: Session, context: Context, banner_zh: str, banner_en: str, matter: Matter) -> None:
    """The same within a transaction of somebody else."""
    _supervisor(context, "switch surge mode")
    if matter.category_code and session.get(Category, matter.category_code) is None:
        raise UnknownCategory
    _off(session, context)
    session.flush()  # it is on once at most
    actor = context.actor
    row = Surge(is_on=True, on_at=context.now(), on_by_id=actor.user_id, on_by_name=actor.name[:60])
    row.banner_zh = " ".join(banner_zh.split())[:LONGEST_BANNER]
    row.banner_en = " ".join(banner_en.split())[: 2 * LONGEST_BANNER]
    row.category_code = matter.category_code
    row.district = " ".join(matter.district.split())[:LONGEST_DISTRICT]
    row.address = " ".join(matter.address.split())[:LONGEST_ADDRESS]
    row.incident_id = matter.incident_id
    session.add(row)
    events.record(session, context.now(), "surge.on", "surge:plan", actor=actor.user_id)
    audit.note(session, context, Deed.SURGE_ON, reason=row.banner_zh or row.banner_en[:LONGEST_BANNER])


def surge_off(context: Context) -> None:
    """Switch it off. Nothing happens where it is off."""
    _supervisor(context, "switch surge mode")
    with context.writing() as session:
        _off(session, context)


def switch_off_of(session: Session, context: Context, incident_id: int) -> bool:
    """Switch off what this incident has switched on, and nothing that somebody switched on since. Returns
    whether there was something. Dispatchers may: they close incidents, and no caller hears an old banner."""
    context.actor.must_have("end an incident's banner", Role.SUPERVISOR, Role.DISPATCHER)
    return _off(session, context, incident_id)


def _off(session: Session, context: Context, incident_id: int | None = None) -> bool:
    row = queries.surge(session)
    if row is None or (incident_id is not None and row.incident_id != incident_id):
        return False
    actor = context.actor
    row.is_on, row.off_at = None, context.now()
    row.off_by_id, row.off_by_name = actor.user_id, actor.name[:60]
    events.record(session, context.now(), "surge.off", "surge:plan", actor=actor.user_id)
    audit.note(session, context, Deed.SURGE_OFF)
    return True


def _supervisor(context: Context, deed: str) -> None:
    context.actor.must_have(deed, Role.SUPERVISOR)


def _note(note: str) -> str:
    cleaned = " ".join(note.split())[:LONGEST_NOTE]
    if not cleaned:
        raise NoteMissing("say why")
    return cleaned


def _begin(context: Context, from_version: int | None) -> int:
    with context.writing() as session:
        draft = queries.draft_row(session)
        if draft is not None and from_version is None:
            return draft.revision
        based_on = queries.live_version(session)
        source = based_on if from_version is None else from_version
        plan = _plan_of(session, context, source)
        if draft is None:
            draft = _new_row(context, plan, PlanState.DRAFT, based_on)
            session.add(draft)
        else:
            draft.document = plan.model_dump(mode="json")
            draft.revision, draft.based_on, draft.changed_at = draft.revision + 1, based_on, context.now()
        _record(session, context, "drafted", DRAFT, revision=draft.revision)
        return draft.revision


def _draft(session: Session, revision: int) -> CallPlan:
    draft = queries.draft_row(session)
    if draft is None:
        raise NoDraft("no draft")
    if draft.revision != revision:
        raise StalePlan(draft.author_name)
    return draft


def _take(session: Session, context: Context, draft: CallPlan, seen: int, /, **values: object) -> None:
    """Change the draft if it still is what was read: of two at once, one gets there."""
    actor = context.actor
    mine = {"author_id": actor.user_id, "author_name": actor.name[:60]}
    unchanged = (CallPlan.id == draft.id, CallPlan.revision == seen, CallPlan.state == PlanState.DRAFT)
    taken = session.execute(update(CallPlan).where(*unchanged).values(**mine, **values))
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        raise StalePlan


def _supersede(session: Session, context: Context) -> None:
    live = CallPlan.state == PlanState.LIVE
    values = {"state": PlanState.SUPERSEDED, "superseded_at": context.now()}
    session.execute(update(CallPlan).where(live).values(**values))


def _plan_of(session: Session, context: Context, version: int) -> Plan:
    if version == queries.DEFAULT_VERSION:
        return queries.default_version(context.settings).plan
    row = queries.version_row(session, version)
    if row is None:
        raise NoDraft("no such version")
    return row.plan


def _next_version(session: Session) -> int:
    return (session.scalar(select(func.max(CallPlan.version))) or queries.DEFAULT_VERSION) + 1


def _new_row(context: Context, plan: Plan, state: PlanState, based_on: int) -> CallPlan:
    actor, now = context.actor, context.now()
    return CallPlan(
        state=state,
        revision=0,
        document=plan.model_dump(mode="json"),
        based_on=based_on,
        author_id=actor.user_id,
        author_name=actor.name[:60],
        created_at=now,
        changed_at=now,
    )


def _record_live(session: Session, context: Context, version: int, note: str, **facts: object) -> None:
    _record(session, context, "live", str(version), note=note, **facts)
    audit.note(session, context, Deed.PLAN_LIVE, reason=note, details=f"version {version}")


def _record(session: Session, context: Context, kind: str, which: str, **facts: object) -> None:
    """`which` is the number of a version, or `DRAFT`."""
    subject = f"call_plan:{which}"
    events.record(session, context.now(), f"call_plan.{kind}", subject, actor=context.actor.user_id, **facts)

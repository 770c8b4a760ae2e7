"""The city's own limits: what holds, what did, the draft with its faults, and putting it in force."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from flask import abort, render_template, request, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from agent_console.access import open_to
from agent_console.beside import Act, Answer, Page, answered
from agent_console.deadlines import places, words
from agent_console.deadlines.forms import BeginForm, CallOffForm, InForceForm, LimitsForm
from agent_console.deadlines.views import blueprint
from agent_console.house import acting_context, house
from agent_console.labels import TYPES, URGENCIES
from agent_console.row_ids import LARGEST_ID
from agent_console.times import local
from agent_console.words import _
from hotline.context import Context
from hotline.deadlines import queries, service
from hotline.deadlines.calculator import Calculation, Matter, calculate
from hotline.deadlines.checks import check
from hotline.deadlines.models import DeadlineVersion, VersionState
from hotline.deadlines.places import OPTIONAL, PLACES, STAGES, Limits, limits_of_profile
from hotline.deadlines.profiles import PROFILES, Limit, Profile
from hotline.deadlines.service import APPROVERS, READERS, WRITERS, LimitsRefused
from hotline.tickets.states import Urgency

VERSION = f"<int(max={LARGEST_ID}):version>"
FRIDAY, BEFORE_THE_WEEKEND = 4, time(16, 50)


@dataclass(frozen=True)
class Trial:
    """One matter by the profile in force and by the draft."""

    matter: str
    now: Calculation
    then: Calculation


@blueprint.get("/limits")
@open_to(*READERS)
def limits() -> str:
    """What holds now and from when, what waits, every version with who and why."""
    return _overview()


@blueprint.post("/limits")
@open_to(*WRITERS)
def begin() -> Answer:
    """A draft, out of a copy."""
    form = BeginForm()
    with acting_context().reading() as session:
        form.offer(_to_copy(session))

    def act() -> str:
        service.begin_draft(acting_context(), form.based_on.data)
        return url_for("deadlines.draft")

    return _done(form, act, lambda problem: _overview(problem, form), _("草稿已建好，现在还不影响任何工单。"))


@blueprint.get(f"/limits/{VERSION}")
@open_to(*READERS)
def version(version: int) -> str:
    """What one version says, and what it changed."""
    with acting_context().reading() as session:
        row = queries.version_of(session, version)
        if row is None or row.state is VersionState.DRAFT:
            abort(404)
        before = limits_of_profile(queries.named(session, row.based_on))
        said = row.read_limits
        return _page("version.html", row=row, limits=said, changes=_changes(before, said))


@blueprint.post(f"/limits/{VERSION}/call-off")
@open_to(*APPROVERS)
def call_off(version: int) -> Answer:
    """It does not come into force."""
    form = CallOffForm()

    def act() -> str:
        service.call_off(acting_context(), version, form.reason.data or "")
        return url_for("deadlines.limits")

    return _done(form, act, lambda problem: _overview(problem, call_off_of=(version, form)), _("已取消。"))


@blueprint.get("/limits/draft")
@open_to(*READERS)
def draft() -> str:
    """`?at=`: the draft, what is wrong in it, and what a matter of that moment would be promised by it."""
    return _draft_page()


@blueprint.post("/limits/draft")
@open_to(*WRITERS)
def write() -> Answer:
    """Keep what was written, right or not: what is wrong stands beside its field."""
    form = LimitsForm()

    def act() -> str:
        service.write_draft(acting_context(), _revision(form), form.limits(), form.note.data or "")
        return url_for("deadlines.draft")

    return _done(form, act, lambda problem: _draft_page(problem, form), _("已存进草稿。"))


@blueprint.post("/limits/draft/discard")
@open_to(*WRITERS)
def discard() -> Answer:
    """Throw it away."""
    form = InForceForm()  # of which the revision alone matters

    def act() -> str:
        service.discard_draft(acting_context(), _revision(form))
        return url_for("deadlines.limits")

    return _done(form, act, _draft_page, _("草稿已丢弃。"))


@blueprint.post("/limits/draft/in-force")
@open_to(*APPROVERS)
def put_in_force() -> Answer:
    """From a moment on everything that is dispatched is promised by it."""
    form = InForceForm()

    def act() -> str:
        service.put_in_force(acting_context(), _revision(form), form.since())
        return url_for("deadlines.limits")

    told = _("已定。以后派的单按新的时限，已经答应的期限不变。")
    return _done(form, act, lambda problem: _draft_page(problem, in_force=form), told)


def _done(form: FlaskForm, act: Act, page: Page, told: str) -> Answer:
    return answered(form, act, page, LimitsRefused, places.OBSTACLES, told)


def _overview(
    problem: str = "", begins: BeginForm | None = None, call_off_of: tuple[int, CallOffForm] | None = None
) -> str:
    context = acting_context()
    with context.reading() as session:
        holds, now = queries.in_force(session, context), context.now()
        if begins is None:
            begins = BeginForm(formdata=None, data={"based_on": holds.name})
            begins.offer(_to_copy(session))
        return _page(
            "limits.html",
            holds=holds,
            row=queries.version_in_force(session, now),
            limits=limits_of_profile(holds),
            draft=queries.draft_of(session),
            waits=queries.scheduled(session, now),
            versions=queries.versions(session),
            begins=begins,
            call_off_of=call_off_of,
            no_reason=CallOffForm(formdata=None),
            problem=problem,
        )


def _draft_page(
    problem: str = "", form: LimitsForm | None = None, in_force: InForceForm | None = None
) -> str:
    context = acting_context()
    with context.reading() as session:
        row = queries.draft_of(session)
        if row is None:
            return _overview(problem or _("没有草稿，可能已有人处理。"))
        said, holds = row.read_limits, queries.in_force(session, context)
        since = in_force.since() if in_force and not in_force.errors else None
        found = check(said, queries.reckoner(context), since or context.now())
        begins = in_force or InForceForm(formdata=None)
        begins.revision.data = str(row.revision)
        shown = form or LimitsForm.of_limits(said, row.note)
        shown.revision.data = str(row.revision)
        at = _asked_at(context)
        return _page(
            "draft.html",
            row=row,
            form=shown,
            begins=begins,
            findings={one.place: places.finding_words(one, said.get(one.place)) for one in found},
            is_faulty=any(one.fault.forbids for one in found),
            changes=_changes(limits_of_profile(holds), said),
            holds=holds,
            at=at,
            trials=_trials(context, row, holds, at),
            is_own=current_user.user_id in row.writer_ids,
            problem=problem,
        )


def _page(template: str, **shown: object) -> str:
    return render_template(
        f"deadlines/{template}",
        words=words,
        places=places,
        stages=STAGES,
        optional=OPTIONAL,
        may_write=current_user.has(*WRITERS),
        may_approve=current_user.has(*APPROVERS),
        **shown,
    )


def _to_copy(session: Session) -> list[str]:
    """The profile in force, the city's own versions that ever were to hold, and those that came with us."""
    context = house().context
    approved = [one.name for one in queries.versions(session) if one.state is VersionState.APPROVED]
    return list(dict.fromkeys([queries.in_force(session, context).name, *approved, *PROFILES]))


def _changes(before: Limits, after: Limits) -> list[tuple[str, Limit | None, Limit | None]]:
    """Place, what stood there, what stands there now."""
    pairs = ((place, before.get(place), after.get(place)) for place in PLACES)
    return [(place, old, new) for place, old, new in pairs if old != new]


def _asked_at(context: Context) -> datetime:
    """The moment of the trial: as asked, else next Friday at 16:50."""
    try:
        asked = datetime.fromisoformat(request.args.get("at", ""))
        if asked.tzinfo is None and 2000 <= asked.year <= 2100:
            return asked.replace(tzinfo=context.settings.zone)
    except ValueError:
        pass  # an address that somebody typed: the page says which moment it took
    today = local(context.now()).date()
    friday = today + timedelta(days=(FRIDAY - today.weekday()) % 7)
    return datetime.combine(friday, BEFORE_THE_WEEKEND, context.settings.zone)


def _trials(context: Context, row: DeadlineVersion, holds: Profile, at: datetime) -> list[Trial]:
    """Each urgency, and each type for which either profile has a limit of its own; none while the draft is
    not whole."""
    try:
        then = row.profile
    except KeyError:
        return []
    counting = queries.reckoner(context)
    matters = {str(URGENCIES[urgency]): Matter(at, urgency) for urgency in Urgency}
    for kind in {**holds.by_type, **then.by_type}:
        matters[f"{URGENCIES[Urgency.NORMAL]} · {TYPES[kind]}"] = Matter(at, Urgency.NORMAL, type=kind)
    return [
        Trial(label, calculate(counting, holds, matter), calculate(counting, then, matter))
        for label, matter in matters.items()
    ]


def _revision(form: LimitsForm | InForceForm) -> int:
    text = form.revision.data or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1

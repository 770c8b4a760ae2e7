"""Pages of the call plan."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.call_plan.forms import ButtonForm, EntryForm, LiveForm, SurgeForm, entry_of, form_of
from agent_console.call_plan.labels import PLAN_STATES
from agent_console.call_plan.reads import draft_page, known, shown
from agent_console.call_plan.refusals import REFUSALS, explain
from agent_console.call_plan.sections import BY_NAME, Section, differences
from agent_console.house import acting_context
from agent_console.navigation import BOARD_ROLES
from agent_console.words import _
from hotline.call_plan import queries, service
from hotline.call_plan.document import Part, Plan
from hotline.people.actors import Role
from hotline.queueing.reserve import called_in

Answer = Response | str | tuple[str, int]

blueprint = Blueprint("call_plan", __name__, url_prefix="/call-plan")
NEW = "new"


@blueprint.get("/")
@open_to(Role.SUPERVISOR)
def overview() -> Answer:
    """The live plan in plain words, and its versions."""
    return _overview()


@blueprint.post("/draft/begin")
@open_to(Role.SUPERVISOR)
def begin() -> Answer:
    """Begin to edit; a draft that is there is gone on with."""
    if not ButtonForm().validate_on_submit():
        abort(400)
    service.begin_draft(acting_context())
    return redirect(url_for("call_plan.draft"))


@blueprint.get("/draft")
@open_to(Role.SUPERVISOR)
def draft() -> Answer:
    """The draft with what the checker says, beside the live version."""
    return _draft()


@blueprint.route("/draft/<section>/<place>", methods=["GET", "POST"])
@open_to(Role.SUPERVISOR)
def entry(section: str, place: str) -> Answer:
    """An entry of a section, or a new one."""
    part = _known_section(section)
    with acting_context().reading() as session:
        row = queries.draft_row(session)
        if row is None:
            return redirect(url_for("call_plan.overview"))
        plan, choices = row.plan, known(session)
    index = _index(part, plan, place)
    given = None if index is None else part.entries(plan)[index]
    form = form_of(section, plan, choices, given)
    if request.method == "GET":
        form.revision.data = str(row.revision)
        return _entry(part, place, form)
    made = entry_of(section, form)
    if made is None:
        return _entry(part, place, form), 422
    return _change(_revision(form), _put(part, index, made), _("已存进草稿。"))


@blueprint.post("/draft/<section>/<int:index>/remove")
@open_to(Role.SUPERVISOR)
def remove(section: str, index: int) -> Answer:
    """Take an entry out of the draft."""
    part = _known_section(section)
    form = ButtonForm()
    if part.single or not form.validate_on_submit():
        abort(400)

    def without(plan: Plan) -> Plan:
        left = [entry for place, entry in enumerate(part.entries(plan)) if place != index]
        return plan.model_copy(update={part.name: tuple(left)})

    return _change(_revision(form), without, _("已从草稿里删掉。"))


@blueprint.post("/draft/live")
@open_to(Role.SUPERVISOR)
def make_live() -> Answer:
    """The draft answers calls from now on."""
    form = LiveForm()
    if not form.validate_on_submit():
        return _draft(_("请写明为什么改。"), form), 422
    try:
        version = service.make_live(acting_context(), _revision(form), form.note.data or "")
    except REFUSALS as refusal:
        return _draft(explain(refusal), form), 409
    flash(_("第 %(version)s 版已经上线，下一个来电就按它接。", version=version))
    return redirect(url_for("call_plan.overview"))


@blueprint.post("/draft/keep")
@open_to(Role.SUPERVISOR)
def keep() -> Answer:
    """Another version went live meanwhile: the draft is kept, knowing the differences."""
    form = ButtonForm()
    if not form.validate_on_submit():
        abort(400)
    return _do(
        lambda: service.rebase_draft(acting_context(), _revision(form)), _("草稿留下了，请看清差别再上线。")
    )


@blueprint.post("/draft/discard")
@open_to(Role.SUPERVISOR)
def discard() -> Answer:
    """Throw the draft away."""
    form = ButtonForm()
    if not form.validate_on_submit():
        abort(400)
    return _do(lambda: service.discard_draft(acting_context(), _revision(form)), _("草稿已丢弃。"))


@blueprint.get("/versions/<int:version>")
@open_to(Role.SUPERVISOR)
def version(version: int) -> Answer:
    """An older version, and what is different now."""
    return _version(version)


@blueprint.post("/versions/<int:version>/back")
@open_to(Role.SUPERVISOR)
def go_back(version: int) -> Answer:
    """This version answers calls again."""
    form = LiveForm()
    if not form.validate_on_submit():
        return _version(version, _("请写明为什么改。"), form), 422
    try:
        made = service.go_back(acting_context(), version, _revision(form), form.note.data or "")
    except REFUSALS as refusal:
        return _version(version, explain(refusal), form), 409
    flash(_("第 %(version)s 版已经上线，下一个来电就按它接。", version=made))
    return redirect(url_for("call_plan.overview"))


@blueprint.get("/surge")
@open_to(*BOARD_ROLES)
def surge() -> Answer:
    """The switch, for the top of the live board."""
    return _surge()


@blueprint.post("/surge/on")
@open_to(Role.SUPERVISOR)
def surge_on() -> Answer:
    """Every call from now on hears the banner."""
    with acting_context().reading() as session:
        form = SurgeForm.offered(session)
    if not form.validate_on_submit():
        return _surge(form), 422
    matter = service.Matter(form.category_code.data or "", form.district.data or "", form.address.data or "")
    service.surge_on(acting_context(), form.banner_zh.data or "", form.banner_en.data or "", matter)
    return _surge()


@blueprint.post("/surge/off")
@open_to(Role.SUPERVISOR)
def surge_off() -> Answer:
    """Back to the plan."""
    if not ButtonForm().validate_on_submit():
        abort(400)
    service.surge_off(acting_context())
    return _surge()


def _overview(problem: str = "") -> str:
    context = acting_context()
    with context.reading() as session:
        live = queries.live_plan(session, context.settings)
        return render_template(
            "call_plan/overview.html",
            live=live,
            row=queries.live_row(session),
            sections=shown(live.plan),
            draft=queries.draft_row(session),
            versions=queries.versions(session),
            plan_states=PLAN_STATES,
            form=ButtonForm(formdata=None),
            problem=problem,
        )


def _draft(problem: str = "", form: LiveForm | None = None) -> str:
    context = acting_context()
    with context.reading() as session:
        page = draft_page(context, session)
        if page is None:
            return _overview(problem)
        form = form or LiveForm(formdata=None)
        form.revision.data = str(page.row.revision)
        return render_template("call_plan/draft.html", page=page, form=form, problem=problem)


def _entry(part: Section, place: str, form: EntryForm) -> str:
    return render_template("call_plan/entry.html", section=part, place=place, form=form)


def _version(version: int, problem: str = "", form: LiveForm | None = None) -> str:
    context = acting_context()
    with context.reading() as session:
        live = queries.live_plan(session, context.settings)
        row = queries.version_row(session, version)
        if row is None and version != queries.DEFAULT_VERSION:
            abort(404)
        plan = row.plan if row else queries.default_version(context.settings).plan
        form = form or LiveForm(formdata=None)
        form.revision.data = str(live.version)
        return render_template(
            "call_plan/version.html",
            version=version,
            row=row,
            live=live,
            sections=shown(plan),
            differences=differences(live.plan, plan),
            form=form,
            problem=problem,
        )


def _surge(form: SurgeForm | None = None) -> str:
    with acting_context().reading() as session:
        return render_template(
            "call_plan/surge.html",
            surge=queries.surge(session),
            orders=queries.live_plan(session, acting_context().settings).plan.surge,
            extra=called_in(session),
            form=form or SurgeForm.offered(session, formdata=None),
        )


def _change(revision: int, change: Callable[[Plan], Plan], done: str) -> Answer:
    return _do(lambda: service.change_draft(acting_context(), revision, change), done)


def _do(deed: Callable[[], object], done: str) -> Answer:
    try:
        deed()
    except REFUSALS as refusal:
        return _draft(explain(refusal)), 409
    flash(done)
    return redirect(url_for("call_plan.draft"))


def _put(part: Section, index: int | None, made: Part) -> Callable[[Plan], Plan]:
    def put(plan: Plan) -> Plan:
        if part.single:
            return plan.model_copy(update={part.name: made})
        entries = list(part.entries(plan))
        if index is None:
            entries.append(made)
        else:
            entries[index] = made
        return plan.model_copy(update={part.name: tuple(entries)})

    return put


def _known_section(name: str) -> Section:
    section = BY_NAME.get(name)
    if section is None:
        abort(404)
    return section


def _index(part: Section, plan: Plan, place: str) -> int | None:
    """Place of the entry, None for a new one."""
    if place == NEW and not part.single:
        return None
    if not place.isdecimal() or len(place) > 4 or int(place) >= len(part.entries(plan)):
        abort(404)
    return int(place)


def _revision(form: EntryForm | ButtonForm) -> int:
    text = form.revision.data or ""
    return int(text) if text.isdecimal() and len(text) < 10 else -1

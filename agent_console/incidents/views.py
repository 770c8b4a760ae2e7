"""The list of signals and incidents, and what is done with them."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.house import acting_context, house
from agent_console.incidents import reads
from agent_console.incidents.forms import ChangeForm, CloseForm, DismissForm, HushForm, OpenForm, TellForm
from agent_console.refusals import REFUSALS, explain
from agent_console.row_ids import LARGEST_ID, row_id
from agent_console.words import _
from hotline.dispatch.queries import categories
from hotline.incidents import groups, queries, service
from hotline.incidents.rules import EDITORS, READERS, IncidentRefused
from hotline.merging.service import MergeRefused
from hotline.people.actors import Role

Answer = Response | str | tuple[str, int]

blueprint = Blueprint("incidents", __name__, url_prefix="/incidents")
INCIDENT = f"<int(max={LARGEST_ID}):incident_id>"
SIGNAL = f"<int(max={LARGEST_ID}):signal_id>"

# The core's names of fields, where the page calls them otherwise.
_FIELDS = {"expected_end_at": "expected_end"}


@blueprint.get("/")
@open_to(*READERS)
def listed() -> Answer:
    """Signals without a decision, what goes on, and what is over. Leaders are told of large groups only."""
    return _list()


@blueprint.get("/new")
@open_to(*EDITORS)
def new() -> Answer:
    """The form, filled in as far as a signal (`?signal=ID`) or a ticket (`?master=NUMBER`) tells."""
    with acting_context().reading() as session:
        form = OpenForm(formdata=None)
        form.offer(list(categories(session)))
        if signal_id := request.args.get("signal", type=row_id):
            reads.fill_from_signal(session, form, signal_id)
        elif number := request.args.get("master", ""):
            reads.fill_from_ticket(session, form, number)
    return _new(form)


@blueprint.post("/")
@open_to(*EDITORS)
def begin() -> Answer:
    """Opened; callers are told at once where that was ticked."""
    form = OpenForm()
    _offer(form)
    if not form.validate_on_submit():
        return _new(form, _("有的内容填写不对，请看标红的地方。")), 422
    signal = form.signal.data or ""
    signal_id = int(signal) if signal.isdecimal() and len(signal) < 10 else None
    number = form.master_number.data or ""
    try:
        made = service.open_incident(
            acting_context(), number, form.facts(), form.reason.data or "", signal_id
        )
    except REFUSALS as refusal:
        return _new(form, _beside(form, refusal)), 409
    flash(_("已开立突发事件，坐席登记时会看到。"))
    if form.tells.data and current_user.has(Role.SUPERVISOR):
        try:
            service.tell_callers(acting_context(), made)
        except IncidentRefused as refusal:
            return _incident(made, problem=explain(refusal)), 409
    return _to(made)


@blueprint.get(f"/{INCIDENT}")
@open_to(*READERS)
def incident(incident_id: int) -> Answer:
    """What is known, what callers hear, and its history."""
    return _incident(incident_id)


@blueprint.post(f"/{INCIDENT}/change")
@open_to(*EDITORS)
def change(incident_id: int) -> Answer:
    """Other facts."""
    form = ChangeForm()
    _offer(form, incident_id)
    seen = form.revision.data or ""
    revision = int(seen) if seen.isdecimal() and len(seen) < 10 else -1

    def deed() -> None:
        service.change(acting_context(), incident_id, revision, form.facts(), form.reason.data or "")

    return _take(incident_id, form, deed, _("已更新。"))


@blueprint.post(f"/{INCIDENT}/tell")
@open_to(Role.SUPERVISOR)
def tell(incident_id: int) -> Answer:
    """Callers hear it from now on."""
    return _take(
        incident_id,
        TellForm(),
        lambda: service.tell_callers(acting_context(), incident_id),
        _("下一个来电就听到。"),
    )


@blueprint.post(f"/{INCIDENT}/hush")
@open_to(Role.SUPERVISOR)
def hush(incident_id: int) -> Answer:
    """Callers hear it no longer."""
    form = HushForm()
    return _take(
        incident_id,
        form,
        lambda: service.hush(acting_context(), incident_id, form.quiet.data or ""),
        _("已停止告知来电人。"),
    )


@blueprint.post(f"/{INCIDENT}/close")
@open_to(*EDITORS)
def close(incident_id: int) -> Answer:
    """It is over."""
    form = CloseForm()
    return _take(
        incident_id,
        form,
        lambda: service.close(acting_context(), incident_id, form.over.data or ""),
        _("突发事件已结束。并入的工单仍随主工单办理。"),
    )


@blueprint.post(f"/signals/{SIGNAL}/dismiss")
@open_to(*EDITORS)
def dismiss(signal_id: int) -> Answer:
    """Nothing is done about a signal, for a reason."""
    form = DismissForm()
    if not form.validate_on_submit():
        return _list(form, signal_id), 422
    try:
        groups.dismiss(acting_context(), signal_id, form.dismissed.data or "")
    except REFUSALS as refusal:
        return _list(form, signal_id, explain(refusal)), 409
    flash(_("已记下理由，从现在起重新计数。"))
    return redirect(url_for("incidents.listed"))


def _list(form: DismissForm | None = None, refused_id: int = 0, problem: str = "") -> str:
    with acting_context().reading() as session:
        return render_template(
            "incidents/list.html",
            page=reads.listing(session),
            form=form or DismissForm(formdata=None),
            refused_id=refused_id,
            problem=problem,
            settings=house().context.settings,
        )


def _new(form: OpenForm, problem: str = "") -> str:
    return render_template("incidents/new.html", form=form, problem=problem)


def _incident(incident_id: int, form: FlaskForm | None = None, problem: str = "") -> str:
    with acting_context().reading() as session:
        found = queries.incident(session, incident_id)
        if found is None:
            abort(404)
        page = reads.page_of(session, found)
        shown = form if isinstance(form, ChangeForm) else ChangeForm(formdata=None)
        shown.offer(list(categories(session)), found)
        if shown is not form:
            shown.show(found)
            shown.revision.data = str(found.revision)
        return render_template(
            "incidents/incident.html",
            page=page,
            change=shown,
            close=form if isinstance(form, CloseForm) else CloseForm(formdata=None),
            hush=form if isinstance(form, HushForm) else HushForm(formdata=None),
            refused=form,
            problem=problem,
        )


def _take(incident_id: int, form: FlaskForm, deed: Callable[[], object], done: str) -> Answer:
    if not form.validate_on_submit():
        return _incident(incident_id, form, _("有的内容填写不对，请看标红的地方。")), 422
    try:
        deed()
    except REFUSALS as refusal:
        return _incident(incident_id, form, _beside(form, refusal)), 409
    flash(done)
    return _to(incident_id)


def _beside(form: FlaskForm, refusal: Exception) -> str:
    """Why, in one sentence; and next to the field that it is about."""
    why = explain(refusal)
    field = "master_number" if isinstance(refusal, MergeRefused) else getattr(refusal, "field", "")
    name = _FIELDS.get(field, field)
    if name in form:
        form[name].errors = [why]
    return why


def _offer(form: OpenForm | ChangeForm, incident_id: int | None = None) -> None:
    with acting_context().reading() as session:
        found = queries.incident(session, incident_id) if incident_id else None
        form.offer(list(categories(session)), found)


def _to(incident_id: int) -> Response:
    return redirect(url_for("incidents.incident", incident_id=incident_id))

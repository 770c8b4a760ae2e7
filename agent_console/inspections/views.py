"""Inspections: the lists, a new one, and the page of one with its steps."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session, selectinload
from werkzeug.wrappers import Response

from agent_console import times
from agent_console.access import open_to
from agent_console.house import acting_context, house
from agent_console.inspections.forms import ConcludeForm, CorrectForm, RecordForm, TellForm
from agent_console.inspections.words import MANNERS, OBSTACLES
from agent_console.refusals import explain
from agent_console.row_ids import LARGEST_ID
from agent_console.words import _
from hotline.inspections import queries, service
from hotline.inspections.models import Inspection, InspectionFinding
from hotline.inspections.rules import READERS, RECORDERS, InspectionRefused
from hotline.people.actors import NotPermitted, Role
from hotline.tickets.service import DraftRefused

blueprint = Blueprint("inspections", __name__, url_prefix="/inspections")

ONE = f"<int(max={LARGEST_ID}):inspection_id>"
UNIT = (Role.HANDLER, Role.UNIT_REVIEWER)

Page = str | Response | tuple[str, int]


@blueprint.get("/")
@open_to(*READERS)
def listed() -> str:
    """Those that are not over, or with `?closed=1` those that are."""
    closed = bool(request.args.get("closed"))
    with acting_context().reading() as session:
        found = queries.inspections(session, closed)
        return render_template(
            "inspections/list.html", found=found, closed=closed, manners=MANNERS, own=False
        )


@blueprint.get("/unit")
@open_to(*UNIT)
def unit() -> str:
    """What one's own department has been told of."""
    with acting_context().reading() as session:
        found = queries.told_to(session, current_user.actor.department_id or 0)
        return render_template("inspections/list.html", found=found, closed=False, manners=MANNERS, own=True)


@blueprint.route("/new", methods=["GET", "POST"])
@open_to(*RECORDERS)
def record() -> Page:
    """An inspection is written down."""
    today = times.local(house().context.now()).date()
    form = RecordForm(inspected_on=today)
    with acting_context().reading() as session:
        form.offer(list(queries.inspected_departments(session)))
    if request.method == "GET":
        return _new(form)
    if not form.validate_on_submit():
        return _new(form, _("有的内容填写不对，请看标红的地方。")), 422
    try:
        inspection_id = service.record(acting_context(), form.written())
    except InspectionRefused as refused:
        return _new(form, str(OBSTACLES[refused.obstacle])), 409
    flash(_("已记录。通报之前，被查单位看不到。"))
    return redirect(url_for("inspections.one", inspection_id=inspection_id))


@blueprint.get(f"/{ONE}")
@open_to(*READERS, *UNIT)
def one(inspection_id: int) -> str:
    """What was found, what was corrected, and what is next."""
    return _page(inspection_id)


@blueprint.post(f"/{ONE}/tell")
@open_to(*RECORDERS)
def tell(inspection_id: int) -> Page:
    """The department is told."""
    form = TellForm()
    return _taken(
        inspection_id,
        form,
        lambda: service.tell(acting_context(), inspection_id, form.due_on.data),
        _("已通报被查单位。"),
    )


@blueprint.post(f"/{ONE}/findings/<int(max={LARGEST_ID}):finding_id>")
@open_to(Role.UNIT_REVIEWER)
def correct(inspection_id: int, finding_id: int) -> Page:
    """The department's leader says what was done."""
    form = CorrectForm()
    return _taken(
        inspection_id,
        form,
        lambda: service.correct(acting_context(), inspection_id, finding_id, form.correction.data),
        _("整改情况已提交。"),
        finding_id,
    )


@blueprint.post(f"/{ONE}/conclusion")
@open_to(*RECORDERS)
def conclude(inspection_id: int) -> Page:
    """It is over."""
    form = ConcludeForm()
    return _taken(
        inspection_id,
        form,
        lambda: service.conclude(acting_context(), inspection_id, form.conclusion.data),
        _("检查已结束。"),
    )


def _taken(
    inspection_id: int, form: FlaskForm, deed: Callable[[], None], done: str, finding_id: int = 0
) -> Page:
    if not form.validate_on_submit():
        return _page(inspection_id, form, _("有的内容填写不对，请看标红的地方。"), finding_id), 422
    try:
        deed()
    except InspectionRefused as refused:
        return _page(inspection_id, form, str(OBSTACLES[refused.obstacle]), finding_id), 409
    except (NotPermitted, DraftRefused) as refused:
        return _page(inspection_id, form, explain(refused), finding_id), 409
    flash(done)
    return redirect(url_for("inspections.one", inspection_id=inspection_id))


def _new(form: RecordForm, problem: str = "") -> str:
    return render_template("inspections/new.html", form=form, problem=problem)


def _page(inspection_id: int, form: FlaskForm | None = None, problem: str = "", finding_id: int = 0) -> str:
    with acting_context().reading() as session:
        inspection = _readable(session, inspection_id)
        return render_template(
            "inspections/one.html",
            one=inspection,
            problem=problem,
            manners=MANNERS,
            reads_all=current_user.has(*READERS),
            tell=_form(form, TellForm) if _may_tell(inspection) else None,
            conclude=_form(form, ConcludeForm) if _may_conclude(inspection) else None,
            corrections=_corrections(inspection, form, finding_id),
        )


def _readable(session: Session, inspection_id: int) -> Inspection:
    """404 also for a department that has not been told, or that it is not about."""
    said = selectinload(Inspection.findings).selectinload(InspectionFinding.corrections)
    inspection = session.get(Inspection, inspection_id, options=[said])
    if inspection is None or not (current_user.has(*READERS) or _is_told(inspection)):
        abort(404)
    return inspection


def _is_told(inspection: Inspection) -> bool:
    own = inspection.department_id == current_user.actor.department_id
    return own and inspection.told_at is not None


def _may_tell(inspection: Inspection) -> bool:
    waits = inspection.told_at is None and inspection.closed_at is None
    return waits and bool(inspection.findings) and current_user.has(*RECORDERS)


def _may_conclude(inspection: Inspection) -> bool:
    is_ready = inspection.closed_at is None and not inspection.uncorrected
    return is_ready and current_user.has(*RECORDERS)


def _corrections(inspection: Inspection, form: FlaskForm | None, finding_id: int) -> dict[int, CorrectForm]:
    """A form for each finding that the department can still write about."""
    if inspection.closed_at or not (_is_told(inspection) and current_user.has(Role.UNIT_REVIEWER)):
        return {}
    forms: dict[int, CorrectForm] = {}
    for finding in inspection.findings:
        refused = form if isinstance(form, CorrectForm) and finding.id == finding_id else None
        forms[finding.id] = refused or CorrectForm(formdata=None, correction=finding.correction)
        forms[finding.id].correction.id = f"correction-{finding.id}"
    return forms


def _form(form: FlaskForm | None, kind: type[FlaskForm]) -> FlaskForm:
    return form if isinstance(form, kind) else kind(formdata=None)

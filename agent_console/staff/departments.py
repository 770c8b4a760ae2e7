"""Departments: listed, added, changed, closed and opened again."""

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.house import acting_context
from agent_console.row_ids import LARGEST_ID
from agent_console.staff.forms import DepartmentForm, NewDepartmentForm
from agent_console.staff.views import blueprint
from agent_console.staff.words import explain_people
from agent_console.words import _
from hotline.people import departments as acts
from hotline.people.actors import Role
from hotline.people.faults import PeopleRefused
from hotline.people.models import Department
from hotline.people.queries import all_departments

UNIT = f"<int(max={LARGEST_ID}):unit_id>"
Page = str | Response | tuple[str, int]


@blueprint.get("/departments")
@open_to(Role.ADMINISTRATOR)
def departments() -> str:
    """Every department, how many work there, and whether it can lead."""
    return _listed()


@blueprint.route("/departments/new", methods=["GET", "POST"])
@open_to(Role.ADMINISTRATOR)
def new_department() -> Page:
    """A further one."""
    form = NewDepartmentForm()
    if not form.validate_on_submit():
        return _form(form), 422 if form.errors else 200
    try:
        acts.create_department(acting_context(), form.unit(form.code.data or ""))
    except PeopleRefused as refused:
        form[refused.field].errors = [explain_people(refused)]
        return _form(form), 422
    flash(_("已新建单位。有了分管领导和承办人，就可以主办。"))
    return redirect(url_for("staff.departments"))


@blueprint.route(f"/departments/{UNIT}", methods=["GET", "POST"])
@open_to(Role.ADMINISTRATOR)
def department(unit_id: int) -> Page:
    """Other names, another telephone, who answers for it."""
    unit = _found(unit_id)
    if request.method == "GET":
        kept = {name: getattr(unit, name) for name in acts.LONGEST}
        return _form(DepartmentForm(formdata=None, **kept), unit)
    form = DepartmentForm()
    if not form.validate():
        return _form(form, unit), 422
    try:
        acts.edit_department(acting_context(), unit_id, form.unit(unit.code))
    except PeopleRefused as refused:
        form[refused.field].errors = [explain_people(refused)]
        return _form(form, unit), 422
    flash(_("已保存。"))
    return redirect(url_for("staff.departments"))


@blueprint.post(f"/departments/{UNIT}/<any(close, open):what>")
@open_to(Role.ADMINISTRATOR)
def shut_department(unit_id: int, what: str) -> Page:
    """Offered nowhere any more, or again."""
    _found(unit_id)
    act = acts.close_department if what == "close" else acts.open_department
    try:
        act(acting_context(), unit_id)
    except PeopleRefused as refused:
        return _listed(explain_people(refused)), 422
    flash(_("单位已停用。") if what == "close" else _("单位已恢复。"))
    return redirect(url_for("staff.departments"))


def _listed(problem: str = "") -> str:
    with acting_context().reading() as session:
        return render_template("staff/departments.html", units=all_departments(session), problem=problem)


def _form(form: DepartmentForm, unit: Department | None = None) -> str:
    return render_template("staff/department.html", form=form, unit=unit)


def _found(unit_id: int) -> Department:
    with acting_context().reading() as session:
        return session.get(Department, unit_id) or abort(404)

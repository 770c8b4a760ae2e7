"""What everybody may know of a department: one form, and where citizens read it."""

from flask import abort, flash, redirect, render_template, url_for

from agent_console.access import open_to
from agent_console.directory.forms import ListingForm
from agent_console.directory.views import DEPARTMENT, Page, blueprint
from agent_console.house import acting_context
from agent_console.words import _, _l
from hotline.directory.listings import listing_of, tell
from hotline.directory.service import DutyRefused
from hotline.people.actors import Role
from hotline.people.models import Department

INTERNAL = _l("这是内部值班电话，不能给市民看。请填公开的电话。")


@blueprint.get(f"/{DEPARTMENT}/public")
@open_to(Role.SUPERVISOR)
def listing(department_id: int) -> str:
    """The form with what is told now."""
    with acting_context().reading() as session:
        return _page(department_id, ListingForm(formdata=None, obj=listing_of(session, department_id)))


@blueprint.post(f"/{DEPARTMENT}/public")
@open_to(Role.SUPERVISOR)
def tell_everybody(department_id: int) -> Page:
    """Told from now on; without a word of what it does, the department leaves the public directory."""
    form = ListingForm()
    if not form.validate():
        return _page(department_id, form, _("有的内容填写不对，请看标红的地方。")), 422
    try:
        tell(acting_context(), department_id, form.told())
    except DutyRefused as refused:
        if refused.field == "department":
            abort(404)
        form.phone.errors = [str(INTERNAL)]
        return _page(department_id, form, _("有的内容填写不对，请看标红的地方。")), 422
    flash(_("已保存，市民现在看到的是新的内容。"))
    return redirect(url_for("directory.listing", department_id=department_id))


def _page(department_id: int, form: ListingForm, problem: str = "") -> str:
    with acting_context().reading() as session:
        department = session.get(Department, department_id) or abort(404)
        return render_template("directory/listing.html", department=department, form=form, problem=problem)

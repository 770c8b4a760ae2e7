"""The directory's pages: who is on duty now, every telephone, and the form of one."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.directory.forms import DAYS, WEEKDAYS, DutyForm
from agent_console.house import acting_context
from agent_console.row_ids import LARGEST_ID
from agent_console.words import LazyString, _, _l
from hotline.calls.ports import NotDialable
from hotline.directory.models import DutyPhone
from hotline.directory.queries import every_phone, who_is_on_duty
from hotline.directory.service import Duty, DutyRefused, add_phone, change_phone, remove_phone
from hotline.people.actors import Role
from hotline.people.queries import departments

blueprint = Blueprint("directory", __name__, url_prefix="/directory")

PHONE = f"<int(max={LARGEST_ID}):phone_id>"
DEPARTMENT = f"<int(max={LARGEST_ID}):department_id>"

PROBLEMS: dict[str, LazyString] = {
    "label": _l("请给电话起一个不超过六十字的名称。"),
    "weekdays": _l("请至少选择一天。"),
    "department": _l("没有这个单位。"),
    "phone": _l("这部电话已不在目录里。"),
    "number_of_phones": _l("一个单位最多三十部电话。"),
}

Page = str | Response | tuple[str, int]


@blueprint.get("/")
@open_to(Role.SUPERVISOR, Role.AGENT)
def directory() -> Page:
    """Every department with its telephones; those on duty now are marked."""
    return _page(DutyForm(formdata=None))


@blueprint.post(f"/{DEPARTMENT}/phones")
@open_to(Role.SUPERVISOR)
def add(department_id: int) -> Page:
    """A further telephone."""
    return _kept(lambda form: add_phone(acting_context(), department_id, form.duty()), department_id)


@blueprint.post(f"/phones/{PHONE}")
@open_to(Role.SUPERVISOR)
def change(phone_id: int) -> Page:
    """What is said of a telephone from now on."""
    return _kept(lambda form: change_phone(acting_context(), phone_id, form.duty()), phone_id)


@blueprint.post(f"/phones/{PHONE}/remove")
@open_to(Role.SUPERVISOR)
def remove(phone_id: int) -> Page:
    """A telephone that is no longer there."""
    remove_phone(acting_context(), phone_id)
    return redirect(url_for("directory.directory"))


def _kept(keep: Callable[[DutyForm], object], of: int) -> Page:
    form = DutyForm()
    if not form.validate():
        return _page(form, _("有的内容填写不对，请看标红的地方。"), of), 422
    try:
        keep(form)
    except DutyRefused as refused:
        return _page(form, str(PROBLEMS[refused.field]), of), 422
    except NotDialable:
        return _page(form, _("不能拨打这个号码。"), of), 422
    return redirect(url_for("directory.directory"))


def _page(form: DutyForm, problem: str = "", of: int = 0) -> str:
    context = acting_context()
    with context.reading() as session:
        phones: dict[int, list[DutyPhone]] = {}
        for phone in every_phone(session):
            phones.setdefault(phone.department_id, []).append(phone)
        now = context.now().astimezone(context.settings.zone)
        on_duty = {phone.id for entry in who_is_on_duty(session, now) for phone in entry.phones}
        return render_template(
            "directory/directory.html",
            departments=departments(session),
            phones=phones,
            on_duty=on_duty,
            form=form,
            problem=problem,
            wrong=(request.endpoint, of) if problem else ("", 0),
            blank=Duty("", ""),
            days=DAYS,
            weekdays=WEEKDAYS,
        )

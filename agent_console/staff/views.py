"""The administrator's list of users, and what is done to one of them."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import Form

from agent_console.access import open_to
from agent_console.house import acting_context, house
from agent_console.language import is_english
from agent_console.monitoring.labels import DEEDS
from agent_console.row_ids import LARGEST_ID, row_id
from agent_console.staff.forms import NewUserForm, ReasonForm, UserForm
from agent_console.staff.words import explain_people
from agent_console.words import _
from hotline.monitoring.queries import acts_on
from hotline.people import administration as acts
from hotline.people import second_factor
from hotline.people.actors import Role
from hotline.people.administration import FirstPassword, fingerprint
from hotline.people.faults import Obstacle, PeopleRefused
from hotline.people.models import Department, User
from hotline.people.queries import SHOWN, all_departments, people, person
from hotline.telephones.service import end_browser_account

blueprint = Blueprint("staff", __name__, url_prefix="/people")

USER = f"<int(max={LARGEST_ID}):user_id>"
Page = str | Response | tuple[str, int]


@blueprint.get("/")
@open_to(Role.ADMINISTRATOR)
def listed() -> str:
    """Users by department, those whose names hold some words, or who have left."""
    words = request.args.get("words", "").strip()[:60]
    unit = request.args.get("unit", type=row_id)
    gone = bool(request.args.get("gone"))
    with acting_context().reading() as session:
        found = people(session, words, unit, gone)
        return render_template(
            "staff/people.html",
            people=found,
            units=all_departments(session),
            wanted={"words": words, "unit": unit, "gone": gone},
            full=len(found) == SHOWN,
        )


@blueprint.route("/new", methods=["GET", "POST"])
@open_to(Role.ADMINISTRATOR)
def new() -> Page:
    """A further user, whose first password is shown once."""
    form = NewUserForm()
    with acting_context().reading() as session:
        form.offer(_choices(session))
    if not form.validate_on_submit():
        return render_template("staff/new.html", form=form, problem=""), 422 if form.errors else 200
    try:
        made = acts.create_user(acting_context(), form.person(form.username.data or ""))
    except PeopleRefused as refused:
        problem = _put(form, refused)
        return render_template("staff/new.html", form=form, problem=problem), 422
    return shown_once([made])


@blueprint.route(f"/{USER}", methods=["GET", "POST"])
@open_to(Role.ADMINISTRATOR)
def one(user_id: int) -> Page:
    """One user: name, department and roles; what else may be done; what was done."""
    if request.method == "GET":
        return _page(user_id)
    form = UserForm()
    with acting_context().reading() as session:
        user = _found(session, user_id)
        form.offer(_choices(session, user.department))
    if not form.validate():
        return _page(user_id, form), 422
    try:
        seen, aware = form.seen.data or "", bool(form.aware.data)
        acts.edit_user(acting_context(), user_id, form.person(user.username), seen, aware)
    except PeopleRefused as refused:
        if refused.obstacle is Obstacle.STALE:
            return _page(user_id, problem=explain_people(refused)), 409
        problem = _put(form, refused)
        return _page(user_id, form, problem=problem), 422
    flash(_("已保存。"))
    return redirect(url_for("staff.one", user_id=user_id))


@blueprint.post(f"/{USER}/deactivation")
@open_to(Role.ADMINISTRATOR)
def deactivate(user_id: int) -> Page:
    """Out at once."""

    def act(form: ReasonForm) -> None:
        acts.deactivate_user(acting_context(), user_id, form.reason.data or "", bool(form.aware.data))

    return _for_a_reason(user_id, act, _("账号已停用，已登录的立即退出。"))


@blueprint.post(f"/{USER}/reactivation")
@open_to(Role.ADMINISTRATOR)
def reactivate(user_id: int) -> Page:
    """In again, by a first password."""
    return _for_a_reason(
        user_id, lambda form: acts.reactivate_user(acting_context(), user_id, form.reason.data or "")
    )


@blueprint.post(f"/{USER}/password")
@open_to(Role.ADMINISTRATOR)
def password(user_id: int) -> Page:
    """A first password in place of the present one."""
    return _for_a_reason(
        user_id, lambda form: acts.reset_password(acting_context(), user_id, form.reason.data or "")
    )


@blueprint.post(f"/{USER}/second-factor")
@open_to(Role.ADMINISTRATOR)
def factor(user_id: int) -> Page:
    """Whoever lost the authenticator sets up another one."""
    return _for_a_reason(
        user_id,
        lambda form: second_factor.reset(acting_context(), user_id, form.reason.data or ""),
        _("二次验证已重置，本人可以重新设置。"),
        puts_out=False,
    )


def shown_once(made: list[FirstPassword]) -> str:
    """The first passwords of these users."""
    return render_template("staff/first_passwords.html", made=made)


def _for_a_reason(
    user_id: int, act: Callable[[ReasonForm], FirstPassword | None], done: str = "", puts_out: bool = True
) -> Page:
    form = ReasonForm()
    with acting_context().reading() as session:
        _found(session, user_id)
    if not form.validate():
        return _page(user_id, reason_form=form), 422
    try:
        made = act(form)
    except PeopleRefused as refused:
        problem = _put(form, refused)
        return _page(user_id, reason_form=form, problem=problem), 422
    if puts_out:
        _take_telephone(user_id)
    if made:
        return shown_once([made])
    flash(done)
    return redirect(url_for("staff.one", user_id=user_id))


def _take_telephone(user_id: int) -> None:
    """Whoever was signed out keeps no browser phone; one who is still signed in gets another account."""
    with acting_context().reading() as session:
        theirs = _found(session, user_id).actor()
    end_browser_account(acting_context().acting_as(theirs), house().call_control)


def _put(form: Form, refused: PeopleRefused) -> str:
    """The sentence beside its field; returned where there is none."""
    words = explain_people(refused)
    if refused.field not in form or refused.obstacle is Obstacle.LOSES_LEAD:
        return words
    form[refused.field].errors = [words]
    return ""


def _found(session: Session, user_id: int) -> User:
    return person(session, user_id) or abort(404)


def _choices(session: Session, also: Department | None = None) -> list[tuple[str, str]]:
    units = all_departments(session)
    shown = [unit for unit in units if unit.is_active or (also and unit.id == also.id)]
    return [(unit.code, unit.name_en if is_english() else unit.name_zh) for unit in shown]


def _page(
    user_id: int,
    form: UserForm | None = None,
    reason_form: ReasonForm | None = None,
    problem: str = "",
) -> str:
    with acting_context().reading() as session:
        user = _found(session, user_id)
        if form is None:
            form = UserForm(
                formdata=None,
                display_name=user.display_name,
                department=user.department.code,
                roles=list(user.roles),
                seen=fingerprint(user),
            )
            form.offer(_choices(session, user.department))
        return render_template(
            "staff/one.html",
            user=user,
            form=form,
            reason_form=reason_form or ReasonForm(formdata=None),
            refused=reason_form is not None,
            problem=problem,
            entries=acts_on(session, user.id),
            deeds=DEEDS,
        )

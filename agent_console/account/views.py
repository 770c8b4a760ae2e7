"""One's own account: who one is here, and the second factor."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from agent_console.access import open_to, serves
from agent_console.account.forms import PasswordForm
from agent_console.account.programs import program_words
from agent_console.account.qr import qr_code
from agent_console.house import acting_context, house
from agent_console.people.forms import CodeForm
from agent_console.row_ids import row_id
from agent_console.staff.words import explain_people
from agent_console.words import _
from hotline.people import second_factor as factor
from hotline.people import sign_ins
from hotline.people.duties import Duty, must_have_factor
from hotline.people.faults import PeopleRefused
from hotline.people.models import User
from hotline.people.service import AccountLocked, change_password
from hotline.people.single_sign_on import NO_PASSWORD
from hotline.telephones.service import end_browser_account

blueprint = Blueprint("account", __name__, url_prefix="/account")

Page = str | Response | tuple[str, int]


@blueprint.get("/")
@open_to()
@serves(Duty.ROLE)
def overview() -> str:
    """Name, roles, department and what protects the account."""
    with acting_context().reading() as session:
        user = session.get_one(User, current_user.user_id)
        return render_template(
            "account/overview.html",
            user=user,
            has_password=user.password_hash != NO_PASSWORD,
            codes_left=factor.recovery_codes_left(session, user.id),
            must=must_have_factor(user, house().context.settings),
        )


@blueprint.get("/sign-ins")
@open_to()
@serves(Duty.ROLE)
def places() -> str:
    """Where one is signed in: address, program, since when, last used."""
    with acting_context().reading() as session:
        found = sign_ins.sign_ins_of(session, current_user.user_id)
        return render_template("account/sign_ins.html", found=found, program_words=program_words)


@blueprint.post("/sign-ins/end")
@open_to()
@serves(Duty.ROLE)
def end_elsewhere() -> Response:
    """Sign out at another place, or at all of them."""
    which = request.form.get("which", type=row_id)
    if which is None and "which" in request.form:
        abort(404)
    ended = sign_ins.end_elsewhere(acting_context(), current_user.sign_in_id, which)
    if ended:
        end_browser_account(acting_context(), house().call_control)
    flash(_("已在 %(count)d 处退出。", count=ended))
    return redirect(url_for("account.places"))


@blueprint.route("/password", methods=["GET", "POST"])
@open_to()
@serves(Duty.PASSWORD, Duty.ROLE)
def password() -> Page:
    """Another password for oneself."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return render_template("account/password.html", form=form, problem=""), 422 if form.errors else 200
    try:
        old, new = form.old.data or "", form.new.data or ""
        change_password(acting_context(), old, new, current_user.sign_in_id)
    except AccountLocked:
        problem = _("密码多次输入有误，账号已锁定 15 分钟。请稍后再试，或联系系统管理员。")
        return render_template("account/password.html", form=form, problem=problem), 422
    except PeopleRefused as refused:
        form[refused.field].errors = [explain_people(refused)]
        return render_template("account/password.html", form=form, problem=""), 422
    end_browser_account(acting_context(), house().call_control)  # other places had it, too
    flash(_("密码已更换，在别处的登录已全部退出。"))
    return redirect(url_for("account.overview" if current_user.duty is None else "people.home"))


@blueprint.get("/second-factor")
@open_to()
@serves(Duty.SECOND_FACTOR, Duty.ROLE)
def second_factor() -> str:
    """Where it stands: none, waiting for its first code, or in force."""
    return _page()


@blueprint.post("/second-factor")
@open_to()
@serves(Duty.SECOND_FACTOR, Duty.ROLE)
def begin() -> Response:
    """A secret for the authenticator."""
    factor.begin(acting_context())
    return redirect(url_for("account.second_factor"))


@blueprint.post("/second-factor/confirmation")
@open_to()
@serves(Duty.SECOND_FACTOR, Duty.ROLE)
def confirm() -> Page:
    """The authenticator's first code; then the recovery codes are shown, once."""
    return _by_code(lambda code: _shown_once(factor.confirm(acting_context(), code)))


@blueprint.post("/second-factor/recovery-codes")
@open_to()
@serves(Duty.ROLE)
def renew() -> Page:
    """Ten new recovery codes, shown once."""
    return _by_code(lambda code: _shown_once(factor.renew_recovery_codes(acting_context(), code)))


@blueprint.post("/second-factor/removal")
@open_to()
@serves(Duty.ROLE)
def remove() -> Page:
    """Without it, or on to another authenticator."""

    def removed(code: str) -> Response:
        factor.remove(acting_context(), code)
        flash(_("二次验证已关闭。"))
        return redirect(url_for("account.second_factor"))

    return _by_code(removed)


def _by_code(act: Callable[[str], Page]) -> Page:
    form = CodeForm()
    if not form.validate():
        return _page(form), 422
    try:
        return act(form.code.data or "")
    except factor.WrongCode:
        return _page(form, _("验证码不对，或者已经用过。请等验证器换出下一个再输入。")), 422
    except factor.NothingToConfirm:
        return _page(form, _("没有等待确认的设置，请重新开始。")), 409
    except AccountLocked:
        return _page(form, _("验证码多次输入有误，已锁定 15 分钟。请稍后再试。")), 422


def _shown_once(codes: list[str]) -> str:
    return render_template("account/recovery_codes.html", codes=codes)


def _page(form: CodeForm | None = None, problem: str = "") -> str:
    context = acting_context()
    waiting = factor.pending(context)
    with context.reading() as session:
        user = session.get_one(User, current_user.user_id)
        return render_template(
            "account/second_factor.html",
            user=user,
            must=must_have_factor(user, context.settings),
            pending=waiting,
            qr=qr_code(waiting.address) if waiting else None,
            codes_left=factor.recovery_codes_left(session, user.id),
            form=form or CodeForm(formdata=None),
            problem=problem,
        )

"""Signing in, signing out, choosing a language, and the way to one's own first page."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from agent_console.access import open_to, open_to_all, serves
from agent_console.house import acting_context, house
from agent_console.language import LANGUAGES, SESSION_KEY
from agent_console.navigation import entries
from agent_console.people.entering import (
    CAME_BY,
    begin_anew,
    half_way,
    inside,
    start_session,
    who_is_half_way,
)
from agent_console.people.forms import CodeForm, SignInForm
from agent_console.words import _
from hotline.people import second_factor, sign_ins
from hotline.people.service import (
    AccountLocked,
    CodeNeeded,
    LoginRefused,
    PasswordsOff,
    choose_language,
    log_in,
)
from hotline.telephones.service import end_browser_account

blueprint = Blueprint("people", __name__)


@blueprint.get("/")
@open_to()
def home() -> Response:
    """The first place of one's own in the bar."""
    return redirect(url_for(entries()[0].endpoint))


@blueprint.route("/sign-in", methods=["GET", "POST"])
@open_to_all
def sign_in() -> str | Response | tuple[str, int]:
    """User name and password, then on to where one was going."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _page(form, "")
    try:
        user_id = log_in(house().context, form.username.data or "", form.password.data or "")
    except CodeNeeded as needed:
        begin_anew()
        half_way(needed.user_id)
        return redirect(url_for("people.code", next=request.args.get("next")))
    except AccountLocked:
        return _refused(form, _locked())
    except PasswordsOff:
        return _refused(form, _("这里不用本地密码登录，请用统一身份认证。"))
    except LoginRefused:
        return _refused(form, _("用户名或密码不对。"))
    start_session(user_id)
    return redirect(inside(request.args.get("next")))


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@open_to_all
def code() -> str | Response | tuple[str, int]:
    """The second factor of somebody whose password was right."""
    user_id = who_is_half_way()
    if user_id is None:
        flash(_("请重新输入用户名和密码。"))
        return redirect(url_for("people.sign_in", next=request.args.get("next")))
    form = CodeForm()
    if not form.validate_on_submit():
        return render_template("people/code.html", form=form, problem="")
    try:
        second_factor.prove(house().context, user_id, form.code.data or "")
    except AccountLocked:
        return render_template("people/code.html", form=form, problem=_locked()), 422
    except LoginRefused:
        problem = _("验证码不对，或者已经用过。请等验证器换出下一个再输入。")
        return render_template("people/code.html", form=form, problem=problem), 422
    by_provider = session.get(CAME_BY)
    start_session(user_id)
    if by_provider:
        session[CAME_BY] = True
    return redirect(inside(request.args.get("next")))


@blueprint.post("/sign-out")
@open_to()
@serves()
def sign_out() -> Response:
    """Ends the session and the browser phone's account; the language stays."""
    end_browser_account(acting_context(), house().call_control)
    sign_ins.sign_out(acting_context(), current_user.sign_in_id)
    language = current_user.language or session.get(SESSION_KEY)
    by_provider = session.get(CAME_BY) and house().context.settings.oidc_issuer
    logout_user()
    session.clear()
    if language:
        session[SESSION_KEY] = language
    if by_provider:
        return redirect(url_for("single_sign_on.left"))
    flash(_("您已退出。"))
    return redirect(url_for("people.sign_in"))


@blueprint.post("/language")
@open_to_all
def language() -> Response:
    """Switches the language and returns to the page."""
    wanted = request.form.get("language", "")
    if wanted in LANGUAGES:
        session[SESSION_KEY] = wanted
        if current_user.is_authenticated:
            choose_language(acting_context(), current_user.user_id, wanted)
    return redirect(inside(request.form.get("next")))


def _refused(form: SignInForm, problem: str) -> tuple[str, int]:
    return _page(form, problem), 422


def _page(form: SignInForm, problem: str) -> str:
    by_provider = bool(house().context.settings.oidc_issuer)
    return render_template("people/sign_in.html", form=form, problem=problem, by_provider=by_provider)


def _locked() -> str:
    return _("密码多次输入有误，账号已锁定 15 分钟。请稍后再试，或联系系统管理员。")

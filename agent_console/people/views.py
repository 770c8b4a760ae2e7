"""Signing in, signing out, choosing a language, and the way to one's own first page."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from agent_console.access import SignedIn, open_to, open_to_all
from agent_console.house import acting_context, house
from agent_console.language import LANGUAGES, SESSION_KEY
from agent_console.navigation import entries
from agent_console.people.forms import SignInForm
from agent_console.words import _
from hotline.people.queries import user_by_id
from hotline.people.service import AccountLocked, LoginRefused, choose_language, log_in
from hotline.telephones.service import end_browser_account

blueprint = Blueprint("people", __name__)


@blueprint.get("/")
@open_to()
def home() -> Response:
    """The first place of one's own in the bar."""
    places = entries()
    return redirect(url_for(places[0].endpoint if places else "search.search"))


@blueprint.route("/sign-in", methods=["GET", "POST"])
@open_to_all
def sign_in() -> str | Response | tuple[str, int]:
    """User name and password, then on to where one was going."""
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("people/sign_in.html", form=form, problem="")
    try:
        user_id = log_in(house().context, form.username.data or "", form.password.data or "")
    except AccountLocked:
        return _refused(form, _("密码多次输入有误，账号已锁定 15 分钟。请稍后再试，或联系系统管理员。"))
    except LoginRefused:
        return _refused(form, _("用户名或密码不对。"))
    _start_session(user_id)
    return redirect(_inside(request.args.get("next")))


@blueprint.post("/sign-out")
@open_to()
def sign_out() -> Response:
    """Ends the session and the browser phone's account; the language stays."""
    end_browser_account(acting_context(), house().call_control)
    language = current_user.language or session.get(SESSION_KEY)
    logout_user()
    session.clear()
    if language:
        session[SESSION_KEY] = language
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
    return redirect(_inside(request.form.get("next")))


def _refused(form: SignInForm, problem: str) -> tuple[str, int]:
    return render_template("people/sign_in.html", form=form, problem=problem), 422


def _start_session(user_id: int) -> None:
    """A new session, so that a cookie planted before sign-in is worth nothing."""
    kept = session.get(SESSION_KEY)
    session.clear()
    with house().context.reading() as reading:
        user = user_by_id(reading, user_id)
        if user is None:
            return
        login_user(SignedIn(user))
    session.permanent = True
    if kept:
        session[SESSION_KEY] = kept


def _inside(target: str | None) -> str:
    """The target if it is a path of this site, else the start: no redirects to elsewhere."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return url_for("people.home")
    parts = urlsplit(target)
    return url_for("people.home") if parts.netloc or parts.scheme else target

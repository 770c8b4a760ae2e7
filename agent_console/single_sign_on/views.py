"""To the provider, back from it, and out of it."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from agent_console.access import open_to_all
from agent_console.house import house
from agent_console.people.entering import CAME_BY, begin_anew, half_way, inside, start_session
from agent_console.single_sign_on.provider import Asked, Fault, ProviderFault, way_out, way_there, who_came
from agent_console.words import LazyString, _l
from hotline.people.service import AccountLocked, CodeNeeded
from hotline.people.single_sign_on import UnknownPerson, come_in

blueprint = Blueprint("single_sign_on", __name__, url_prefix="/sign-in/sso")

ASKED = "asked_provider"
LASTS = timedelta(minutes=15)
"""So long somebody may be at the provider."""

FAULTS: Mapping[str, LazyString] = {
    Fault.AWAY: _l("统一身份认证没有应答，请稍后再试，或联系系统管理员。"),
    Fault.REFUSED: _l("统一身份认证没有放行。请重新登录，或联系系统管理员。"),
    Fault.FOREIGN: _l("这次登录不是从本页开始的，或者等得太久了。请重新登录。"),
    Fault.EXPIRED: _l("统一身份认证给的凭证已过期。请重新登录。"),
    Fault.UNTRUSTED: _l("统一身份认证给的凭证不可信，没有放行。请联系系统管理员。"),
    Fault.UNNAMED: _l("统一身份认证没有给出用户名，没有放行。请联系系统管理员。"),
}
_NOBODY = _l("您在统一身份认证里的账号，在热线没有对应的用户，或已停用。请联系系统管理员。")
_LOCKED = _l("密码多次输入有误，账号已锁定 15 分钟。请稍后再试，或联系系统管理员。")

Page = str | Response | tuple[str, int]


@blueprint.get("/")
@open_to_all
def leave() -> Page:
    """To the provider."""
    _must_be_on()
    asked = Asked.anew()
    try:
        there = way_there(house().context.settings, _back(), asked)
    except ProviderFault as fault:
        return _refused(FAULTS[fault.fault])
    at = house().context.now().isoformat()
    session[ASKED] = {**asdict(asked), "at": at, "next": request.args.get("next", "")}
    return redirect(there)


@blueprint.get("/back")
@open_to_all
def back() -> Page:
    """Back from it, and in."""
    _must_be_on()
    kept = session.pop(ASKED, None)
    context = house().context
    if not kept or context.now() - datetime.fromisoformat(kept["at"]) > LASTS:
        return _refused(FAULTS[Fault.FOREIGN])
    asked = Asked(kept["state"], kept["nonce"], kept["verifier"])
    try:
        claims = who_came(context.settings, context.now(), _back(), asked, request.args)
        name = claims.get(context.settings.oidc_claim)
        if not isinstance(name, str) or not name:
            raise ProviderFault(Fault.UNNAMED)
        user_id = come_in(context, name, str(claims.get("name", "")))
    except ProviderFault as fault:
        return _refused(FAULTS[fault.fault])
    except CodeNeeded as needed:
        begin_anew()
        half_way(needed.user_id)
        session[CAME_BY] = True
        return redirect(url_for("people.code", next=kept["next"] or None))
    except AccountLocked:
        return _refused(_LOCKED)
    except UnknownPerson:
        return _refused(_NOBODY)
    start_session(user_id)
    session[CAME_BY] = True
    return redirect(inside(kept["next"]))


@blueprint.get("/left")
@open_to_all
def left() -> str:
    """Signed out here; a link ends the provider's session too, because a form may lead to our site alone."""
    _must_be_on()
    home = house().context.settings.console_url + url_for("people.sign_in")
    return render_template("people/left.html", out=way_out(house().context.settings, home))


def _back() -> str:
    """The address that the provider has to know, the same from every browser."""
    return house().context.settings.console_url + url_for("single_sign_on.back")


def _must_be_on() -> None:
    if not house().context.settings.oidc_issuer:
        abort(404)


def _refused(words: LazyString) -> tuple[str, int]:
    return render_template("people/refused.html", problem=str(words)), 403

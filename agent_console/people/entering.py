"""The session of a browser: begun anew, half-way in, and in."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import request, session, url_for
from flask_login import login_user

from agent_console.access import SignedIn
from agent_console.house import house
from agent_console.language import SESSION_KEY
from hotline.people import sign_ins
from hotline.people.models import SignInKind

CAME_BY = "came_by_provider"
"""Whether the city's own sign-in has let this browser in: signing out tells of it."""
HALF_WAY = "half_way"
HALF_WAY_LASTS = timedelta(minutes=10)
"""So long a right password waits for its code."""


def begin_anew() -> None:
    """A new session, so that a cookie planted before sign-in is worth nothing. The language stays."""
    kept = session.get(SESSION_KEY)
    session.clear()
    if kept:
        session[SESSION_KEY] = kept


def half_way(user_id: int) -> None:
    """This browser's user has proven all but the second factor."""
    session[HALF_WAY] = {"user": user_id, "at": house().context.now().isoformat()}


def who_is_half_way() -> int | None:
    """Whose second factor this browser still owes."""
    kept = session.get(HALF_WAY)
    if not kept or house().context.now() - datetime.fromisoformat(kept["at"]) > HALF_WAY_LASTS:
        return None
    return int(kept["user"])


def start_session(user_id: int) -> None:
    """In, on this browser."""
    begin_anew()
    context = house().context
    address, program = request.remote_addr or "", request.headers.get("User-Agent", "")
    token = sign_ins.begin(context, user_id, SignInKind.BROWSER, address, program)
    one = sign_ins.found(context, token, SignInKind.BROWSER)
    if one is not None:
        login_user(SignedIn(one, token))
    session.permanent = True


def inside(target: str | None) -> str:
    """The target if it is a path of this site, else the start: no redirects to elsewhere."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return url_for("people.home")
    parts = urlsplit(target)
    return url_for("people.home") if parts.netloc or parts.scheme else target

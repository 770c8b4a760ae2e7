"""A headset signs in once and then shows a token. It is good for the headset's own views alone."""

from flask import Flask, Request, request

from agent_console.access import SignedIn
from agent_console.house import house
from hotline.people import sign_ins
from hotline.people.models import SignInKind

BLUEPRINT = "headset"


def token_for(user_id: int) -> str:
    """A token of this user; it ends as a browser's sign-in does."""
    address, program = request.remote_addr or "", request.headers.get("User-Agent", "")
    return sign_ins.begin(house().context, user_id, SignInKind.HEADSET, address, program)


def install(app: Flask) -> None:
    """Let tokens open the headset's views, which need no page's form token then."""
    app.login_manager.request_loader(_bearer)  # type: ignore[attr-defined]  # Flask-Login's
    app.extensions["csrf"].exempt(app.blueprints[BLUEPRINT])


def _bearer(request: Request) -> SignedIn | None:
    given = request.authorization
    if request.blueprint != BLUEPRINT or given is None or given.type != "bearer" or not given.token:
        return None
    one = sign_ins.found(house().context, given.token, SignInKind.HEADSET)
    return SignedIn(one, given.token) if one else None

"""A headset signs in once and then shows a token. It is good for the headset's own views alone."""

from flask import Flask, Request, current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from agent_console.access import SignedIn
from agent_console.house import house
from hotline.people.queries import user_by_id

BLUEPRINT = "headset"
LASTS_SECONDS = 12 * 3600
"""A shift, as the console's own session."""


def token_for(user_id: int) -> str:
    """A token that names this user."""
    return _serializer().dumps(user_id)


def install(app: Flask) -> None:
    """Let tokens open the headset's views, which need no page's form token then."""
    app.login_manager.request_loader(_bearer)  # type: ignore[attr-defined]  # Flask-Login's
    app.extensions["csrf"].exempt(app.blueprints[BLUEPRINT])


def _bearer(request: Request) -> SignedIn | None:
    given = request.authorization
    if request.blueprint != BLUEPRINT or given is None or given.type != "bearer":
        return None
    try:
        user_id = int(_serializer().loads(given.token or "", max_age=LASTS_SECONDS))
    except BadSignature:
        return None
    with house().context.reading() as session:
        user = user_by_id(session, user_id)
        return SignedIn(user) if user else None


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=BLUEPRINT)

"""Chinese first, English by a switch that is kept with the user, or with the session before sign-in."""

from flask import Flask, request, session
from flask_babel import Babel, get_locale
from flask_login import current_user

from agent_console.house import house

LANGUAGES = ("zh", "en")
SESSION_KEY = "language"


def install(app: Flask) -> None:
    """Messages are written in Chinese in the sources; `translations/en` holds the English."""
    app.config["BABEL_DEFAULT_LOCALE"] = "zh"
    Babel(app, locale_selector=chosen_language)


def chosen_language() -> str:
    """`zh` or `en` for this request."""
    kept = current_user.language if current_user and current_user.is_authenticated else None
    language = kept or session.get(SESSION_KEY)
    if language in LANGUAGES:
        return str(language)
    return house().context.settings.language


def is_english() -> bool:
    """Whether this request's pages are English."""
    return bool(request) and getattr(get_locale(), "language", None) == "en"

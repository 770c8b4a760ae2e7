"""Messages in the reader's language. The sources are Chinese; `translations/en` holds the English."""

from functools import lru_cache

from flask import Flask
from flask_babel import get_locale, gettext, ngettext
from flask_babel.speaklater import LazyString
from markupsafe import Markup, escape

__all__ = ["LazyString", "_", "_l", "_n", "install"]

MOST_KEPT = 20_000
"""Messages in all languages; there are some thousands."""


def install(app: Flask) -> None:
    """Templates look a message up once in each language, too. After Babel, whose ways these replace."""
    app.jinja_env.globals["_"] = _shown


class _Later(LazyString):  # type: ignore[misc]
    """A message that is translated where it is used: once in each language, however often a page says it."""

    def __str__(self) -> str:
        language = _language()
        said: dict[str, str] = self.__dict__.setdefault("_said", {})
        if language not in said:
            said[language] = super().__str__()
        return said[language]

    def __html__(self) -> Markup:
        return escape(str(self))


def _l(message: str, **values: object) -> LazyString:
    """The message, in the language of the request that shows it."""
    return _Later(gettext, message, **values)


def _(message: str, **values: object) -> str:
    """The message, now, in the language of this request."""
    found = _said(_language(), message)
    return found % values if values else found


def _n(singular: str, plural: str, number: int) -> str:
    """The message for a number of things, which it names as `%(num)d`."""
    return str(ngettext(singular, plural, number))


def _shown(message: str, **values: object) -> Markup:
    """The message in a template: a format string always, into which values come escaped."""
    return _markup(_language(), message) % values if values else _bare(_language(), message)


def _language() -> str:
    return getattr(get_locale(), "language", "")


@lru_cache(MOST_KEPT)
def _said(_in_language: str, message: str) -> str:
    """Asked in a request of that language."""
    return str(gettext(message))


@lru_cache(MOST_KEPT)
def _markup(language: str, message: str) -> Markup:
    return Markup(_said(language, message))  # noqa: S704 (our own words)


@lru_cache(MOST_KEPT)
def _bare(language: str, message: str) -> Markup:
    return _markup(language, message) % {}

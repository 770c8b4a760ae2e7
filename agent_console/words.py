"""Messages in the reader's language. The sources are Chinese; `translations/en` holds the English."""

from flask_babel import get_locale, gettext, ngettext
from flask_babel.speaklater import LazyString
from markupsafe import Markup, escape

__all__ = ["LazyString", "_", "_l", "_n"]


class _Later(LazyString):  # type: ignore[misc]
    """A message that is translated where it is used: once in each language, however often a page says it."""

    def __str__(self) -> str:
        language = getattr(get_locale(), "language", "")
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
    return str(gettext(message, **values))


def _n(singular: str, plural: str, number: int) -> str:
    """The message for a number of things, which it names as `%(num)d`."""
    return str(ngettext(singular, plural, number))

"""Messages in the reader's language. The sources are Chinese; `translations/en` holds the English."""

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

__all__ = ["LazyString", "_", "_l", "_n"]


def _(message: str, **values: object) -> str:
    """The message, now, in the language of this request."""
    return str(gettext(message, **values))


def _n(singular: str, plural: str, number: int) -> str:
    """The message for a number of things, which it names as `%(num)d`."""
    return str(ngettext(singular, plural, number))

"""What the suggestions know, once a process."""

from typing import cast

from flask import Flask, current_app

from hotline.context import Context
from hotline.suggestions.queries import Librarian

_KEY = "minsheng-librarian"


def install(app: Flask, context: Context) -> None:
    """Nothing is read before the first suggestion."""
    app.extensions[_KEY] = Librarian(context)


def librarian() -> Librarian:
    """The librarian of the running application."""
    return cast(Librarian, current_app.extensions[_KEY])

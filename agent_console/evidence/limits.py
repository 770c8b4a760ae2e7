"""How large a request may be: a form with files is larger than others, for those who may send one."""

from flask import Flask, current_app, request
from flask_login import current_user

from agent_console.house import house
from hotline.imports.rules import IMPORTERS, LARGEST_FILE
from hotline.people.actors import Role

MOST_AT_ONCE = 5
"""Files in one form."""

WITH_FILES = ("evidence.attach", "replies.reply")
WITH_A_SHEET = "imports.upload"


def install(app: Flask) -> None:
    """Before anything reads a form: to a stranger, and to every other form, the small limit applies."""
    app.before_request(_allow_files)


def _allow_files() -> None:
    if request.endpoint in WITH_FILES and _is_one_of(Role.HANDLER):
        files = MOST_AT_ONCE * house().context.settings.evidence_bytes
    elif request.endpoint == WITH_A_SHEET and _is_one_of(*IMPORTERS):
        files = LARGEST_FILE
    else:
        return
    request.max_content_length = files + int(current_app.config["MAX_CONTENT_LENGTH"])


def _is_one_of(*roles: Role) -> bool:
    return bool(current_user.is_authenticated and current_user.has(*roles))

"""How large a request may be: a form with files is larger than others, for those who may send one."""

from flask import Flask, current_app, request
from flask_login import current_user

from agent_console.citizens.opened import opened_number
from agent_console.house import house
from hotline.imports.rules import IMPORTERS, LARGEST_FILE
from hotline.intake.web import may_try
from hotline.people.actors import Role

MOST_AT_ONCE = 5
"""Files in one form."""

WITH_FILES = ("evidence.attach", "replies.reply")
WITH_A_SHEET = "imports.upload"

ROOM = 2
"""So many times what citizens may send is read: who sends too much is told beside the field, not by 413."""


def install(app: Flask) -> None:
    """Before anything reads a form: to a stranger, and to every other form, the small limit applies."""
    app.before_request(_allow_files)


def _allow_files() -> None:
    settings = house().context.settings
    if request.endpoint in WITH_FILES and _is_one_of(Role.HANDLER):
        files = MOST_AT_ONCE * settings.evidence_bytes
    elif request.endpoint == WITH_A_SHEET and _is_one_of(*IMPORTERS):
        files = LARGEST_FILE
    elif settings.enclosure_files and _is_expected_of_a_citizen():
        files = ROOM * settings.enclosure_total_bytes
    else:
        return
    request.max_content_length = files + int(current_app.config["MAX_CONTENT_LENGTH"])


def _is_one_of(*roles: Role) -> bool:
    return bool(current_user.is_authenticated and current_user.has(*roles))


def _is_expected_of_a_citizen() -> bool:
    """A matter from an address that has not sent too many, or something to add to the one that is open."""
    if request.method != "POST":
        return False
    if request.endpoint in ("writing.send", "writing.look"):
        return may_try(house().context, request.remote_addr or "")
    return request.endpoint == "citizens.supplement" and opened_number() is not None

"""One address takes back whatever can be taken back."""

from datetime import datetime

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.house import acting_context
from agent_console.row_ids import LARGEST_ID
from agent_console.undoing.offers import UNDOS
from agent_console.words import _
from hotline.undone import NothingToUndo

blueprint = Blueprint("undoing", __name__)


@blueprint.post(f"/undo/<any({', '.join(UNDOS)}):deed>/<int(max={LARGEST_ID}):row_id>")
@open_to()
def undo(deed: str, row_id: int) -> Response:
    """Back to the list with the row as it was, or with why not. Who may is the core's to say."""
    try:
        at = datetime.fromisoformat(request.form.get("at", ""))
    except ValueError:
        abort(400)
    try:
        UNDOS[deed].take_back(acting_context(), row_id, at)
        flash(_("已撤销，和刚才一样。"))
    except NothingToUndo:
        flash(_("之后又有变化，不能撤销了。请看现在的情况。"))
    return redirect(url_for(UNDOS[deed].endpoint))

"""The disposition of a call, said in the wrap-up."""

from flask import Blueprint, render_template, request

from agent_console.access import open_to
from agent_console.after import words
from agent_console.house import acting_context
from agent_console.refusals import explain
from agent_console.row_ids import LARGEST_ID
from hotline.calls.models import Call
from hotline.calls.outcome import NothingToDispose, UnknownDisposition, dispose
from hotline.people.actors import Role

blueprint = Blueprint("after", __name__, url_prefix="/desk/calls")
blueprint.add_app_template_global(words.disposition_choices, "disposition_choices")
blueprint.add_app_template_global(words.disposition_label, "disposition_label")
blueprint.add_app_template_global(words.leg_label, "leg_label")
blueprint.add_app_template_global(words.call_end_label, "call_end_label")


@blueprint.post(f"/<int(max={LARGEST_ID}):call_id>/disposition")
@open_to(Role.AGENT)
def disposition(call_id: int) -> str | tuple[str, int]:
    """How the call went; said again, the last word counts."""
    problem, status = "", 200
    try:
        dispose(acting_context(), call_id, request.form.get("disposition", ""))
    except (UnknownDisposition, NothingToDispose) as refusal:
        problem, status = explain(refusal), 422
    with acting_context().reading() as session:
        call = session.get(Call, call_id) if status == 200 else None
        return render_template("desk/disposition.html", call=call, call_id=call_id, problem=problem), status

"""The disposition of a call, said in the wrap-up, and how long a wrap-up lasts."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.after import words
from agent_console.house import acting_context
from agent_console.refusals import explain
from agent_console.row_ids import LARGEST_ID
from agent_console.words import _
from hotline.calls.models import Call
from hotline.calls.outcome import NothingToDispose, UnknownDisposition, dispose
from hotline.calls.wrap_up import set_wrap_up
from hotline.people.actors import AT_A_SEAT, Role

blueprint = Blueprint("after", __name__)
blueprint.add_app_template_global(words.disposition_choices, "disposition_choices")
blueprint.add_app_template_global(words.disposition_label, "disposition_label")
blueprint.add_app_template_global(words.leg_label, "leg_label")
blueprint.add_app_template_global(words.call_end_label, "call_end_label")


@blueprint.post(f"/desk/calls/<int(max={LARGEST_ID}):call_id>/disposition")
@open_to(*AT_A_SEAT)
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


@blueprint.post("/skills/wrap-up")
@open_to(Role.SUPERVISOR)
def wrap_up() -> Response:
    """How long after a call of a line, or at a seat; an empty field takes it back."""
    whose, span = request.form.get("whose", ""), request.form.get("seconds", "").strip()
    kind, _colon, name = whose.partition(":")
    try:
        seconds = int(span) if span else None
        extension, line = (name, "") if kind == "seat" else ("", name)
        set_wrap_up(acting_context(), seconds, extension, line)
    except ValueError:  # no number, or refused by the core
        flash(_("整理时间没有改变：请选择一个座席或一个组，填 0 到 600 秒，或留空。"))
    else:
        flash(_("已保存，从下一个电话起生效。"))
    return redirect(url_for("queueing.listed"))

"""Leaders' instructions: those that wait for feedback, and the two steps of one."""

from flask import render_template, request
from flask_login import current_user

from agent_console.access import open_to
from agent_console.filters.narrowing import narrow_rows
from agent_console.house import acting_context
from agent_console.row_ids import LARGEST_ID
from agent_console.steps_taken import Answer, take
from agent_console.supervision.forms import InstructForm, ReportForm
from agent_console.supervision.views import blueprint
from agent_console.tickets.reads import others_here
from agent_console.words import _
from hotline.extensions.rules import JUDGES as EXTENSION_JUDGES
from hotline.people.actors import Role
from hotline.supervision import instructions, queries, rules


@blueprint.get("/instructions")
@open_to(*rules.INSTRUCTORS, Role.AUDITOR)
def instructions_listed() -> str:
    """Without feedback so far, what is due first."""
    with acting_context().reading() as session:
        shown = narrow_rows(session, queries.instructions_waiting())
        return render_template(
            "supervision/instructions.html",
            narrowed=shown,
            asked=shown.asked,
            endpoint=request.endpoint,
            others=others_here(session, shown.tickets),
            decides=current_user.has(*EXTENSION_JUDGES),
        )


@blueprint.post("/tickets/<number>/instructions")
@open_to(*rules.INSTRUCTORS)
def instruct(number: str) -> Answer:
    """A leader's instruction is recorded and passed on."""
    form = InstructForm()
    return take(
        number,
        form,
        lambda ticket_id: instructions.instruct(acting_context(), ticket_id, form.written()),
        _("批示已登记，并已转告承办单位。"),
    )


@blueprint.post(f"/tickets/<number>/instructions/<int(max={LARGEST_ID}):instruction_id>")
@open_to(*rules.REPORTERS)
def report(number: str, instruction_id: int) -> Answer:
    """The leader has been told what became of it."""
    form = ReportForm()
    return take(
        number,
        form,
        lambda ticket_id: instructions.report_back(
            acting_context(), ticket_id, instruction_id, form.feedback.data
        ),
        _("已记下对领导的反馈。"),
    )

"""Refusals: the list of those that wait for somebody, and the steps of the two persons."""

from flask import Blueprint
from flask_login import current_user

from agent_console.access import open_to
from agent_console.house import acting_context
from agent_console.screening.forms import DecideForm, ObjectionForm, RefuseForm, ToldForm
from agent_console.screening.steps import SCREENERS
from agent_console.steps_taken import Answer, take
from agent_console.words import _
from agent_console.work_lists import render_list
from hotline.people.actors import Role
from hotline.screening import queries
from hotline.screening import refusing as service
from hotline.screening.models import RefusalState
from hotline.tickets.models import Ticket

blueprint = Blueprint("refusing", __name__)


@blueprint.get("/screening/refusals")
@open_to(Role.SCREENER, Role.SUPERVISOR, *service.TELLERS)
def queue() -> str:
    """For screeners those to second, for supervisors the disputed, for agents those to tell the citizen."""
    with acting_context().reading() as session:
        found: dict[int, Ticket] = {}
        if current_user.has(Role.SCREENER):
            found |= {t.id: t for t in queries.refused(session, RefusalState.PROPOSED)}
        if current_user.has(Role.SUPERVISOR):
            found |= {t.id: t for t in queries.refused(session, RefusalState.DISPUTED)}
        if current_user.has(*service.TELLERS):
            found |= {t.id: t for t in queries.untold(session)}
        empty = (_("没有等处理的不予受理"), _("有人提出不予受理，或有市民要告知时，工单会自动出现在这里。"))
        return render_list(session, _("不予受理"), list(found.values()), empty)


@blueprint.post("/tickets/<number>/refuse")
@open_to(*SCREENERS)
def propose(number: str) -> Answer:
    """For a second screener to decide."""
    form = RefuseForm()
    return take(
        number,
        form,
        lambda ticket_id: service.propose(acting_context(), ticket_id, form.proposal()),
        _("已提出不予受理，等另一位初筛员复核。"),
    )


@blueprint.post("/tickets/<number>/refusal")
@open_to(Role.SCREENER, Role.SUPERVISOR)
def decide(number: str) -> Answer:
    """The second screener's decision, or, where two disagree, the supervisor's."""
    form = DecideForm()

    def deed(ticket_id: int) -> None:
        context, reason = acting_context(), form.why.data or ""
        with context.reading() as session:
            waiting = queries.waiting_refusal(session, ticket_id)
        disputed = waiting is not None and waiting.state is RefusalState.DISPUTED
        if form.decision.data == "yes":
            (service.uphold if disputed else service.agree)(context, ticket_id, reason)
        else:
            (service.drop if disputed else service.disagree)(context, ticket_id, reason)

    return take(number, form, deed, _("已记录您的决定。"))


@blueprint.post("/tickets/<number>/refusal-told")
@open_to(*service.TELLERS)
def told(number: str) -> Answer:
    """The citizen has been told."""
    return take(
        number,
        ToldForm(),
        lambda ticket_id: service.record_told(acting_context(), ticket_id),
        _("已记录告知市民。"),
    )


@blueprint.post("/tickets/<number>/objection")
@open_to(Role.SUPERVISOR)
def objection(number: str) -> Answer:
    """The citizen objected."""
    form = ObjectionForm()
    return take(
        number,
        form,
        lambda ticket_id: service.hear_objection(
            acting_context(), ticket_id, form.verdict.data == "yes", form.grounds.data or ""
        ),
        _("已记录异议的处理结果。"),
    )

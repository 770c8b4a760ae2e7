"""The supervisor's list of merged tickets that nobody has solved, and the steps of merging."""

from flask import Blueprint, request

from agent_console.access import open_to
from agent_console.house import acting_context
from agent_console.merging.forms import MergeForm, RecurrenceForm, ReopenMasterForm, UnmergeForm
from agent_console.refusals import explain
from agent_console.steps_taken import Answer, take
from agent_console.words import _
from agent_console.work_lists import render_list
from hotline.merging import queries, service
from hotline.merging.recurring import LINKERS, link_recurrence, unlink_recurrence
from hotline.merging.service import MergeRefused
from hotline.people.actors import Role

blueprint = Blueprint("merging", __name__)


@blueprint.get("/merged")
@open_to(Role.SUPERVISOR)
def queue() -> str:
    """Merged tickets whose citizen says no after the master was closed."""
    with acting_context().reading() as session:
        tickets = queries.unsolved(session)
        empty = (
            _("没有等处理的并单"),
            _("主工单已办结，而并入的市民说没有解决的，会自动出现在这里：重新办理主工单，或拆出来单独办理。"),
        )
        return render_list(session, _("并单未解决"), tickets, empty)


@blueprint.get("/reminded")
@open_to(Role.SUPERVISOR)
def reminded() -> str:
    """Tickets of which somebody has reminded us three times: is the urgency still right?"""
    with acting_context().reading() as session:
        tickets = queries.often_reminded(session)
        empty = (_("没有多次催办的工单"), _("市民催办三次的在办工单会自动出现在这里，请复核紧急程度。"))
        return render_list(session, _("多次催办"), tickets, empty)


@blueprint.post("/tickets/<number>/merge")
@open_to(Role.SCREENER)
def merge(number: str) -> Answer:
    """Under the master that was chosen or typed."""
    form = MergeForm()

    def deed(ticket_id: int) -> None:
        try:
            service.merge(acting_context(), ticket_id, form.master_number.data or "")
        except MergeRefused as refusal:
            form.master_number.errors = [explain(refusal)]
            raise

    return take(number, form, deed, _("已并单：随主工单办理，市民保留自己的编号和回访。"))


@blueprint.post("/tickets/<number>/recurrence")
@open_to(*LINKERS)
def recurrence(number: str) -> Answer:
    """The same matter as a closed ticket, come back; `undo`: it is not."""
    form, undo = RecurrenceForm(), "undo" in request.form

    def deed(ticket_id: int) -> None:
        link = unlink_recurrence if undo else link_recurrence
        try:
            link(acting_context(), ticket_id, form.earlier_number.data or "")
        except MergeRefused as refusal:
            form.earlier_number.errors = [explain(refusal)]
            raise

    return take(number, form, deed, _("已取消关联。") if undo else _("已与以前的工单关联。"))


@blueprint.post("/tickets/<number>/unmerge")
@open_to(Role.SUPERVISOR)
def unmerge(number: str) -> Answer:
    """Back to screening, by itself."""
    form = UnmergeForm()
    return take(
        number,
        form,
        lambda ticket_id: service.unmerge(acting_context(), ticket_id, form.apart.data or ""),
        _("已拆出，转回初筛。"),
    )


@blueprint.post("/tickets/<number>/reopen-master")
@open_to(Role.SUPERVISOR)
def reopen_master(number: str) -> Answer:
    """The master to dispatch."""
    form = ReopenMasterForm()
    return take(
        number,
        form,
        lambda ticket_id: service.reopen_master(acting_context(), ticket_id, form.why.data or ""),
        _("主工单已重新办理，转到派单。"),
    )

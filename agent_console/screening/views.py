"""The screener's list, the list of what citizens have to add, and the steps before dispatch."""

from flask import Blueprint
from flask_login import current_user

from agent_console.access import open_to
from agent_console.house import acting_context
from agent_console.screening.forms import AnswerForm, AskAgainForm, AskForm
from agent_console.screening.steps import SCREENERS, accept_form
from agent_console.steps_taken import Answer, take
from agent_console.tickets.reads import ticket_to_read
from agent_console.words import _
from agent_console.work_lists import render_list
from hotline.contacts.channels import own_of
from hotline.people.actors import Role
from hotline.questions.queries import waiting_questions
from hotline.screening import asking, queries, service

blueprint = Blueprint("screening", __name__)


@blueprint.get("/screening")
@open_to(*SCREENERS)
def queue() -> str:
    """Registered tickets that nobody has screened; for media those of their own channel."""
    own = None if current_user.has(Role.SCREENER) else own_of(current_user.actor)
    with acting_context().reading() as session:
        tickets = queries.to_screen(own)
        empty = (_("没有等初筛的工单"), _("接线员登记后，工单会自动出现在这里。"))
        return render_list(session, _("待初筛"), tickets, empty)


@blueprint.get("/screening/waiting")
@open_to(Role.SCREENER, *asking.WRITERS)
def waiting() -> str:
    """Tickets that wait for their citizen, with when they have to have answered."""
    with acting_context().reading() as session:
        asked_by_units = waiting_questions(session) if current_user.has(Role.AGENT) else ()
        found = [*queries.waiting(session), *((one.ticket, one.answer_by) for one in asked_by_units)]
        found.sort(key=lambda pair: pair[1])
        empty = (_("没有等市民补充的工单"), _("初筛员或承办单位请市民补充情况后，工单会自动出现在这里。"))
        dues = {ticket.id: answer_by for ticket, answer_by in found}
        return render_list(session, _("待补充"), [ticket for ticket, _by in found], empty, dues)


@blueprint.post("/tickets/<number>/accept")
@open_to(*SCREENERS)
def accept(number: str) -> Answer:
    """On to dispatch."""
    with acting_context().reading() as session:
        form = accept_form(session, ticket_to_read(session, number))
    return take(
        number,
        form,
        lambda ticket_id: service.accept(
            acting_context(), ticket_id, form.screened(), form.reason.data or ""
        ),
        _("已受理，转到派单。"),
    )


@blueprint.post("/tickets/<number>/ask")
@open_to(*SCREENERS)
def ask(number: str) -> Answer:
    """The ticket waits for its citizen."""
    form = AskForm()
    return take(
        number,
        form,
        lambda ticket_id: asking.ask(acting_context(), ticket_id, form.question.data or ""),
        _("已转为待补充，等市民答复。"),
    )


@blueprint.post("/tickets/<number>/ask-again")
@open_to(Role.SCREENER, *asking.WRITERS)
def ask_again(number: str) -> Answer:
    """The citizen was asked a second time."""
    form = AskAgainForm()
    return take(
        number,
        form,
        lambda ticket_id: asking.ask_again(acting_context(), ticket_id, form.again.data or ""),
        _("已记录再次询问。"),
    )


@blueprint.post("/tickets/<number>/supplement")
@open_to(*asking.WRITERS)
def supplement(number: str) -> Answer:
    """What the citizen added; back to screening."""
    form = AnswerForm()
    return take(
        number,
        form,
        lambda ticket_id: asking.write_answer(acting_context(), ticket_id, form.answer.data or ""),
        _("已记录市民补充的内容，转回初筛。"),
    )

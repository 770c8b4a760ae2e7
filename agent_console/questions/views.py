"""The department's question and the citizen's answer."""

from flask import Blueprint

from agent_console.access import open_to
from agent_console.house import acting_context
from agent_console.questions.forms import QuestionForm, UnitAnswerForm
from agent_console.steps_taken import Answer, take
from agent_console.words import _
from hotline.people.actors import Role
from hotline.questions import service

blueprint = Blueprint("questions", __name__)


@blueprint.post("/tickets/<number>/unit-question")
@open_to(Role.HANDLER)
def ask(number: str) -> Answer:
    """The department's handler asks the citizen."""
    form = QuestionForm()
    return take(
        number,
        form,
        lambda ticket_id: service.ask(acting_context(), ticket_id, form.unit_question.data or ""),
        _("已请热线询问市民，时限暂停。市民答复后，或 5 个工作日后，继续办理。"),
    )


@blueprint.post("/tickets/<number>/unit-answer")
@open_to(Role.AGENT)
def answer(number: str) -> Answer:
    """An agent writes down what the citizen says."""
    form = UnitAnswerForm()
    return take(
        number,
        form,
        lambda ticket_id: service.answer(acting_context(), ticket_id, form.unit_answer.data or ""),
        _("已记录市民补充的内容，承办单位继续办理。"),
    )

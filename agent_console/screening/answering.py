"""Answers without a department: the page behind the desk, the reviewers' list and their steps."""

from flask import Blueprint, render_template
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.house import acting_context
from agent_console.screening.forms import BackofficeForm, ReopenForm, ReviewAnswerForm
from agent_console.steps_taken import Answer, take
from agent_console.tickets.reads import ticket_to_read
from agent_console.tickets.steps import Step, another_step_for, step_for
from agent_console.words import _
from agent_console.work_lists import render_list
from hotline.people.actors import Role
from hotline.screening import answering as service
from hotline.screening.models import AnswerReview
from hotline.screening.queries import answered, direct_answer
from hotline.tickets.models import Ticket
from hotline.tickets.states import State

blueprint = Blueprint("answering", __name__)


@blueprint.get("/screening/answers")
@open_to(Role.REVIEWER, Role.SUPERVISOR)
def queue() -> str:
    """For reviewers the answers to look at, for supervisors the wrong ones."""
    with acting_context().reading() as session:
        found: dict[int, Ticket] = {}
        if current_user.has(Role.REVIEWER):
            found |= {t.id: t for t in answered(session, AnswerReview.WAITS)}
        if current_user.has(Role.SUPERVISOR):
            found |= {t.id: t for t in answered(session, AnswerReview.WRONG)}
        empty = (_("没有等复核的直接答复"), _("没有依据的直接答复和后台答复，会自动出现在这里。"))
        return render_list(session, _("直接答复复核"), list(found.values()), empty)


@blueprint.get("/tickets/<number>/answer")
@open_to(*service.BACK_OFFICE)
def write(number: str) -> str:
    """The form for an answer instead of a dispatch."""
    with acting_context().reading() as session:
        ticket = ticket_to_read(session, number)
        return render_template("screening/answer.html", ticket=ticket, form=BackofficeForm(formdata=None))


@blueprint.post("/tickets/<number>/answer")
@open_to(*service.BACK_OFFICE)
def answer(number: str) -> Answer | Response | tuple[str, int]:
    """Closed with an answer and its basis."""
    form = BackofficeForm()
    if not form.validate_on_submit():
        with acting_context().reading() as session:
            ticket = ticket_to_read(session, number)
            return render_template("screening/answer.html", ticket=ticket, form=form), 422

    def deed(ticket_id: int) -> None:
        service.answer_backoffice(
            acting_context(), ticket_id, form.answer.data or "", form.answer_basis.data or ""
        )

    return take(number, form, deed, _("已答复并办结，由另一人复核。"))


@another_step_for(State.TO_DISPATCH, *service.BACK_OFFICE)
def answer_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step:
    """The way to an answer instead of a dispatch."""
    return Step("screening/answer_link.html", {})


@step_for(State.CLOSED, Role.REVIEWER, Role.SUPERVISOR)
def review_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """A reviewer judges the answer; a supervisor reopens what was answered wrongly."""
    given = direct_answer(session, ticket.id)
    if given is None:
        return None
    own = given.answered_by_id == current_user.actor.user_id
    if given.review is AnswerReview.WAITS and current_user.has(Role.REVIEWER) and not own:
        shown = form if isinstance(form, ReviewAnswerForm) else ReviewAnswerForm(formdata=None)
        return Step("screening/review_answer.html", {"form": shown})
    if given.review is AnswerReview.WRONG and current_user.has(Role.SUPERVISOR):
        reopening = form if isinstance(form, ReopenForm) else ReopenForm(formdata=None)
        return Step("screening/reopen.html", {"form": reopening})
    return None


@blueprint.post("/tickets/<number>/review-answer")
@open_to(Role.REVIEWER)
def review(number: str) -> Answer:
    """Right, or wrong and why."""
    form = ReviewAnswerForm()
    return take(
        number,
        form,
        lambda ticket_id: service.review_answer(
            acting_context(), ticket_id, form.sound.data == "yes", form.why.data or ""
        ),
        _("已记录复核结果。"),
    )


@blueprint.post("/tickets/<number>/reopen-answer")
@open_to(Role.SUPERVISOR)
def reopen(number: str) -> Answer:
    """Wrongly answered: on to dispatch."""
    form = ReopenForm()
    return take(
        number,
        form,
        lambda ticket_id: service.reopen_wrong(acting_context(), ticket_id, form.why.data or ""),
        _("已重新办理，转到派单。"),
    )

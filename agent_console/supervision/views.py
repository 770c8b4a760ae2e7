"""The supervision office's list, the department's, and the steps of a case."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.filters.narrowing import narrow, narrow_rows
from agent_console.house import acting_context
from agent_console.row_ids import row_id
from agent_console.steps_taken import Answer, take
from agent_console.supervision.forms import (
    AnswerForm,
    ConcludeForm,
    DecideForm,
    OrderForm,
    ProposeForm,
    UrgeForm,
)
from agent_console.supervision.steps import WORDS
from agent_console.supervision_words import CASE_STATES, LEVELS
from agent_console.tickets.reads import others_here
from agent_console.times import until
from agent_console.words import _
from agent_console.work_lists import render_list
from hotline.lists.queries import About, Candidates
from hotline.people.actors import Role
from hotline.supervision import alarms, queries, rules, service
from hotline.supervision.inaction import inaction as departments_late
from hotline.supervision.models import LateAlarm, SupervisionCase
from hotline.supervision.repeats import repeats as departments_repeats
from hotline.supervision.rules import CaseState, Kind, Level
from hotline.tickets.privacy import OFFICE_ROLES

blueprint = Blueprint("supervision", __name__)


@blueprint.get("/supervision")
@open_to(Role.SUPERVISOR, Role.DIRECTOR, Role.AUDITOR, *OFFICE_ROLES)
def listed() -> str:
    """Proposals and open cases, the highest level first, then what is due first; all, or what is wanted."""
    with acting_context().reading() as session:
        mine = current_user.has(*rules.CLOSERS)
        told = alarms.alarms_in(session, alarms.unseen_by_office()) if mine else ()
        return _page(session, _("督办"), queries.to_look_at(), told)


@blueprint.get("/supervision/late")
@open_to(Role.SUPERVISOR, Role.DIRECTOR, Role.AUDITOR, *OFFICE_ROLES)
def late() -> str:
    """Tickets with which a department is late, the latest first; supervisors urge several at once."""
    with acting_context().reading() as session:
        shown = narrow(session, Candidates(queries.late(acting_context().now())))
        empty = (_("没有超期的工单"), _("超过办理期限或逾期未签收的工单，会自动出现在这里。"))
        asked = queries.open_by_ticket(session, [ticket.id for ticket in shown.tickets])
        remarks = {one: _remark(case) for one, case in asked.items()}
        return render_list(session, _("超期未办"), shown, empty, remarks=remarks)


@blueprint.get("/supervision/inaction")
@open_to(Role.SUPERVISOR, Role.DIRECTOR, Role.AUDITOR, *OFFICE_ROLES)
def inaction() -> str:
    """Departments that are late with something, and with how much."""
    with acting_context().reading() as session:
        found = departments_late(session, acting_context().now())
        return render_template("supervision/inaction.html", found=found)


@blueprint.get("/supervision/repeats")
@open_to(Role.SUPERVISOR, Role.DIRECTOR, Role.AUDITOR, *OFFICE_ROLES)
def repeats() -> str:
    """With which departments matters come again, and how."""
    with acting_context().reading() as session:
        found = departments_repeats(session, acting_context().now())
        return render_template("supervision/repeats.html", found=found)


@blueprint.get("/supervision/unit")
@open_to(Role.HANDLER, Role.UNIT_REVIEWER)
def unit() -> str:
    """What one's own department has to answer."""
    with acting_context().reading() as session:
        own = current_user.actor.department_id or 0
        told = alarms.alarms_in(session, alarms.unseen_by_unit(own))
        return _page(session, _("本单位督办"), queries.to_answer(own), told)


@blueprint.post("/supervision/alarms")
@open_to(*alarms.SEERS)
def alarms_seen() -> Response:
    """Whoever has to know of what is late has read it."""
    alarms.see(acting_context(), request.form.getlist("alarm", type=row_id))
    flash(_("已记下您看到了。"))
    mine = current_user.has(*rules.CLOSERS)
    return redirect(url_for("supervision.listed" if mine else "supervision.unit"))


@blueprint.post("/tickets/<number>/supervision/propose")
@open_to(*rules.PROPOSERS)
def propose(number: str) -> Answer:
    """A notice is proposed."""
    form = ProposeForm()
    return take(
        number,
        form,
        lambda ticket_id: service.propose(acting_context(), ticket_id, form.reason.data),
        _("已提出督办，等热线主任审批。"),
    )


@blueprint.post("/tickets/<number>/supervision/urge")
@open_to(*rules.URGERS)
def urge(number: str) -> Answer:
    """The department that is late is urged."""
    form = UrgeForm()
    return take(
        number,
        form,
        lambda ticket_id: service.urge(acting_context(), ticket_id, form.words.data or ""),
        _("已催办，单位应在一个工作日内答复。"),
    )


@blueprint.post("/tickets/<number>/supervision/decide")
@open_to(*rules.DECIDERS)
def decide(number: str) -> Answer:
    """A proposed notice is issued, or dropped."""
    form = DecideForm()
    issued = form.verdict.data == "issue"
    return take(
        number,
        form,
        lambda ticket_id: service.decide(acting_context(), ticket_id, issued, form.reason.data or ""),
        _("督办通知单已签发。") if issued else _("没有采纳督办。"),
    )


@blueprint.post("/tickets/<number>/supervision/order")
@open_to(*rules.ORDERERS)
def order(number: str) -> Answer:
    """A step from L3 on."""
    form = OrderForm()
    return take(
        number,
        form,
        lambda ticket_id: service.order(
            acting_context(), ticket_id, Level(form.level.data), Kind(form.kind.data), form.reason.data
        ),
        _("督办已下达。"),
    )


@blueprint.post("/tickets/<number>/supervision/answer")
@open_to(Role.UNIT_REVIEWER)
def answer(number: str) -> Answer:
    """The department's leader answers."""
    form = AnswerForm()
    return take(
        number,
        form,
        lambda ticket_id: service.answer(acting_context(), ticket_id, form.answer.data),
        _("督办答复已提交。"),
    )


@blueprint.post("/tickets/<number>/supervision/conclude")
@open_to(*rules.CLOSERS)
def conclude(number: str) -> Answer:
    """The answer is enough, or is not."""
    form = ConcludeForm()
    accepted = form.verdict.data == "accept"
    return take(
        number,
        form,
        lambda ticket_id: service.conclude(acting_context(), ticket_id, accepted, form.reason.data),
        _("督办已结束。") if accepted else _("已退回，请单位重新答复。"),
    )


def _remark(case: SupervisionCase) -> str:
    """What the department has been told already: `催办（L1），待单位答复，05-08 24:00 前`."""
    said = _("，").join((str(LEVELS[case.level]), str(CASE_STATES[case.state])))
    if case.state is not CaseState.ISSUED or case.due_at is None:
        return said
    return _("%(said)s，%(time)s 前", said=said, time=until(case.due_at))


def _page(session: Session, title: str, among: About, told: Sequence[LateAlarm]) -> str:
    shown = narrow_rows(session, among)
    return render_template(
        "supervision/list.html",
        title=title,
        alarms=told,
        narrowed=shown,
        asked=shown.asked,
        endpoint=request.endpoint,
        others=others_here(session, shown.tickets),
        **WORDS,
    )

"""Who sees what of sealed matters: leads, envelopes, counts, the log."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.house import acting_context
from agent_console.refusals import REFUSALS, explain
from agent_console.sealing.forms import ReceiptForm, ReferForm, SendBackForm
from agent_console.steps_taken import Answer, take
from agent_console.tickets.steps import Step, another_step_for, step_for
from agent_console.viewing.words import KINDS
from agent_console.words import _
from agent_console.work_lists import render_sealed
from hotline.people.actors import Role
from hotline.sealing import queries, service
from hotline.tickets.models import Ticket
from hotline.tickets.queries import by_number
from hotline.tickets.states import ScreeningClass, State
from hotline.viewing.queries import before_sealing

blueprint = Blueprint("sealing", __name__)

KNOW_OF_IT = (Role.SCREENER, Role.DIRECTOR, Role.AUDITOR)


@blueprint.get("/sealed")
@open_to(Role.DISCIPLINE)
def leads() -> str:
    """Every lead, those without a receipt first."""
    with acting_context().reading() as session:
        found = queries.leads(session, current_user.actor)
        empty = (_("没有线索"), _("初筛员移交后，线索会出现在这里。"))
        return render_sealed(session, _("纪检线索"), found, empty)


@blueprint.get("/sealed/envelopes")
@open_to(*KNOW_OF_IT)
def envelopes() -> str:
    """Numbers to refer for screeners, counts for the director, who read what for auditors. No content."""
    return _envelopes()


@blueprint.post("/sealed/<number>/refer")
@open_to(Role.SCREENER)
def refer(number: str) -> Response | tuple[str, int]:
    """To discipline inspection, unread: what an agent sealed is closed to screeners, too."""
    with acting_context().reading() as session:
        ticket = by_number(session, number)
        if ticket is None:
            abort(404)
        ticket_id = ticket.id
    if not ReferForm().validate_on_submit():
        return _envelopes(_("有的内容填写不对，请看标红的地方。")), 422
    try:
        service.refer_lead(acting_context(), ticket_id)
    except REFUSALS as refusal:
        return _envelopes(explain(refusal)), 409
    flash(_("已密封移交纪检监察，内容不再显示。"))
    return redirect(url_for("screening.queue"))


@another_step_for(State.REGISTERED, Role.SCREENER)
def refer_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step:
    """A discipline lead is sealed and handed over."""
    return Step("sealing/refer.html", {"form": ReferForm(formdata=None)})


@step_for(State.TRANSFERRED, Role.DISCIPLINE)
def lead_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """Take the lead under a receipt number, or send it back."""
    if ticket.screening_class is not ScreeningClass.DISCIPLINE:
        return None
    receipt = form if isinstance(form, ReceiptForm) else ReceiptForm(formdata=None)
    back = form if isinstance(form, SendBackForm) else SendBackForm(formdata=None)
    opened = isinstance(form, SendBackForm)
    return Step("sealing/lead.html", {"form": receipt, "back_form": back, "sending_back": opened})


@blueprint.post("/tickets/<number>/lead-receipt")
@open_to(Role.DISCIPLINE)
def receipt(number: str) -> Answer:
    """Closed here, under the other side's number."""
    form = ReceiptForm()
    return take(
        number,
        form,
        lambda ticket_id: service.record_receipt(acting_context(), ticket_id, form.receipt.data or ""),
        _("已记录回执。"),
    )


@blueprint.post("/tickets/<number>/lead-back")
@open_to(Role.DISCIPLINE)
def send_back(number: str) -> Answer:
    """Back to screening, and open to it. The page is shut to discipline inspection from then on."""
    form = SendBackForm()
    return take(
        number,
        form,
        lambda ticket_id: service.send_back(acting_context(), ticket_id, form.why.data or ""),
        _("已退回热线初筛。"),
    )


def _envelopes(problem: str = "") -> str:
    screens, audits = current_user.has(Role.SCREENER), current_user.has(Role.AUDITOR)
    with acting_context().reading() as session:
        return render_template(
            "sealing/envelopes.html",
            problem=problem,
            to_refer=queries.to_refer(session) if screens else None,
            form=ReferForm(formdata=None),
            counts=queries.counts(session) if current_user.has(Role.DIRECTOR, Role.AUDITOR) else None,
            readings=queries.readings(session) if audits else None,
            earlier=before_sealing(session) if audits else (),
            kinds=KINDS,
        )

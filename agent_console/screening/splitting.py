"""Splitting: what else was told in the same contact becomes a ticket of its own."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.house import acting_context
from agent_console.language import is_english
from agent_console.refusals import REFUSALS, explain
from agent_console.screening.forms import SplitForm
from agent_console.tickets.reads import ticket_to_read
from agent_console.tickets.steps import Step, another_step_for
from agent_console.words import _
from hotline.dispatch.queries import categories
from hotline.people.actors import Role
from hotline.screening import splitting as service
from hotline.tickets.models import Ticket
from hotline.tickets.states import State

blueprint = Blueprint("splitting", __name__)

SPLITTERS = (Role.SCREENER, Role.AGENT)


@another_step_for(State.REGISTERED, *SPLITTERS)
def split_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """The way to the form, for whoever may."""
    return Step("screening/split_link.html", {}) if service.may_split(acting_context(), ticket) else None


@blueprint.get("/tickets/<number>/split")
@open_to(*SPLITTERS)
def write(number: str) -> str:
    """The form for the other matter."""
    with acting_context().reading() as session:
        ticket = ticket_to_read(session, number)
        if not service.may_split(acting_context(), ticket):
            abort(403)
        return _page(session, ticket, _form(session, ticket, fresh=True))


@blueprint.post("/tickets/<number>/split")
@open_to(*SPLITTERS)
def split(number: str) -> Response | tuple[str, int]:
    """To a second ticket; its number and query code are for the citizen."""
    with acting_context().reading() as session:
        ticket = ticket_to_read(session, number)
        form = _form(session, ticket)
        if not form.validate_on_submit():
            return _page(session, ticket, form, _("有的内容填写不对，请看标红的地方。")), 422
        try:
            receipt = service.split(acting_context(), ticket.id, form.part())
        except REFUSALS as refusal:
            return _page(session, ticket, form, explain(refusal)), 409
    told = {"number": receipt.number, "code": receipt.query_code}
    flash(_("已分出工单 %(number)s，查询码 %(code)s，请告诉市民。", **told))
    return redirect(url_for("tickets.ticket", number=number))


def _form(session: Session, ticket: Ticket, fresh: bool = False) -> SplitForm:
    return SplitForm.of(ticket, list(categories(session)), is_english(), fresh)


def _page(session: Session, ticket: Ticket, form: SplitForm, problem: str = "") -> str:
    return render_template("screening/split.html", ticket=ticket, form=form, problem=problem)

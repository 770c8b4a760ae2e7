"""How every step of a ticket is taken: one call of the core, then the list, or the page with a reason."""

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from agent_console.filters.narrowing import filter_to_go_back_to
from agent_console.house import acting_context
from agent_console.refusals import REFUSALS, explain
from agent_console.tickets.reads import ticket_to_read
from agent_console.tickets.views import ticket_page
from agent_console.words import _
from agent_console.work_list_places import WORK_LISTS

Answer = Response | tuple[str, int]


def take(number: str, form: FlaskForm, deed: Callable[[int], object], done: str) -> Answer:
    """Validate the form and do the deed with the ticket's id.

    Done: back to where the form was opened, with the sentence `done`. Refused: the ticket's page with the
    form as it was filled in and one sentence about why.
    """
    with acting_context().reading() as session:
        ticket_id = ticket_to_read(session, number).id
    if not form.validate_on_submit():
        return ticket_page(number, form, _("有的内容填写不对，请看标红的地方。")), 422
    try:
        deed(ticket_id)
    except REFUSALS as refusal:
        told = explain(refusal)
        _tell_beside_the_field(form, getattr(refusal, "field", ""), told)
        return ticket_page(number, form, told), 409
    except StaleDataError:  # somebody else was faster by less than a page
        told = _("这件工单刚刚被别人改动，您这一步没有做。请核对后再试。")
        return ticket_page(number, form, told), 409
    flash(done)
    return redirect(_back(number))


def _tell_beside_the_field(form: FlaskForm, field: str, told: str) -> None:
    """Of a refusal that names a field of the form."""
    if field in form:
        form[field].errors = [told]


def _back(number: str) -> str:
    """The list that the form was opened from, if it is one of ours, narrowed as it was."""
    endpoint = request.form.get("back", "")
    if endpoint in WORK_LISTS:
        return url_for(endpoint, **filter_to_go_back_to())
    return url_for("tickets.ticket", number=number)

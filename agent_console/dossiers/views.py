"""Ordering a ticket's file, seeing how far it is, and taking it out."""

from flask import Blueprint, abort, flash, redirect, render_template, send_file, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.dossiers.forms import DossierForm
from agent_console.dossiers.words import GROUNDS, REFUSED, STATES
from agent_console.house import acting_context
from agent_console.row_ids import LARGEST_ID
from agent_console.seen import seen
from agent_console.tickets.reads import ticket_to_read
from agent_console.words import _
from hotline.dossiers import queries, service
from hotline.dossiers.models import Ground
from hotline.dossiers.rules import ROLES, DossierRefused, may_order
from hotline.dossiers.zipping import place_of
from hotline.people.actors import Role
from hotline.viewing.models import What

blueprint = Blueprint("dossiers", __name__)

ADDRESS = "/tickets/<number>/dossiers"


@blueprint.get(ADDRESS)
@open_to(*ROLES, Role.AUDITOR)
def dossiers(number: str) -> str:
    """Every order of this ticket, and the form for those who may order."""
    return _page(number, DossierForm(formdata=None))


@blueprint.post(ADDRESS)
@open_to(*ROLES)
def order(number: str) -> str | Response | tuple[str, int]:
    """Have it made."""
    form = DossierForm()
    if not form.validate_on_submit():
        return _page(number, form, _("有的内容填写不对，请看标红的地方。")), 422
    with acting_context().reading() as session:
        ticket_id = ticket_to_read(session, number).id
    try:
        service.order(
            acting_context(),
            ticket_id,
            Ground(form.ground.data),
            form.receiver.data or "",
            form.reason.data or "",
        )
    except DossierRefused as refusal:
        if refusal.field:
            form[refusal.field].errors = [str(REFUSED[refusal.field])]
        return _page(number, form, str(REFUSED[refusal.field])), 409
    flash(_("已开始生成，做好后在这里下载。"))
    return redirect(url_for("dossiers.dossiers", number=number))


@blueprint.get(f"{ADDRESS}/<int(max={LARGEST_ID}):dossier_id>")
@open_to(*ROLES)
def download(number: str, dossier_id: int) -> Response:
    """The ZIP, for whoever ordered it; each time is a line of the ticket's history."""
    context = acting_context()
    with context.reading() as session:
        ticket = ticket_to_read(session, number)
        if queries.dossier_of(session, ticket.id, dossier_id) is None:
            abort(404)
    place = place_of(context, dossier_id)
    if not place.is_file():
        abort(404)
    try:
        service.fetched(context, dossier_id)
    except DossierRefused:
        abort(404)
    seen(ticket, What.EXPORT)
    return send_file(place, "application/zip", as_attachment=True, download_name=f"{number}.zip")


def _page(number: str, form: DossierForm, problem: str = "") -> str:
    with acting_context().reading() as session:
        ticket = ticket_to_read(session, number)
        found = queries.dossiers_of(session, ticket.id)
        return render_template(
            "dossiers/dossiers.html",
            ticket=ticket,
            dossiers=found,
            is_making=queries.is_making(found),
            may_order=may_order(current_user.actor, ticket),
            form=form,
            problem=problem,
            grounds=GROUNDS,
            states=STATES,
        )

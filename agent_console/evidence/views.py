"""Attaching, withdrawing and downloading files. A file has no address but this route."""

from io import BytesIO

from flask import Blueprint, abort, send_file
from flask_login import current_user
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.evidence.forms import AttachForm, WithdrawForm, withdraw_form
from agent_console.house import acting_context
from agent_console.row_ids import LARGEST_ID
from agent_console.seen import seen
from agent_console.steps_taken import Answer, take
from agent_console.tickets.reads import ticket_to_read
from agent_console.words import _
from hotline.evidence import enclosures, service
from hotline.evidence.kinds import FORMS
from hotline.evidence.models import Attachment, Enclosure, Purpose
from hotline.evidence.queries import attachment, kept_of
from hotline.evidence.rules import may_open
from hotline.evidence.store import NoSuchFile, Store
from hotline.people.actors import Role
from hotline.viewing.models import What

blueprint = Blueprint("evidence", __name__)


@blueprint.post("/tickets/<number>/evidence")
@open_to(Role.HANDLER)
def attach(number: str) -> Answer:
    """The department's handler attaches files."""
    form = AttachForm()

    def deed(ticket_id: int) -> None:
        purpose = Purpose(form.purpose.data)
        service.attach(acting_context(), ticket_id, form.files.inspected, purpose)

    return take(number, form, deed, _("附件已保存。"))


@blueprint.post("/tickets/<number>/evidence/withdrawal")
@open_to(Role.HANDLER)
def withdraw(number: str) -> Answer:
    """The department takes a file of its own back."""
    form = _posted_withdrawal(number)

    def deed(ticket_id: int) -> None:
        service.withdraw(acting_context(), ticket_id, int(form.attachment.data), form.reason.data or "")

    return take(number, form, deed, _("附件已撤回。"))


@blueprint.get(f"/tickets/<number>/evidence/<int(max={LARGEST_ID}):attachment_id>")
@open_to()
def download(number: str, attachment_id: int) -> Response:
    """The file, to be saved: never shown within the console."""
    with acting_context().reading() as session:
        ticket = ticket_to_read(session, number)
        found = attachment(session, ticket.id, attachment_id)
        if found is None:
            abort(404)
        if not may_open(current_user.actor, ticket, found):
            abort(403)
        seen(ticket, What.FILE)
    return _sent(found)


@blueprint.get(f"/tickets/<number>/enclosures/<int(max={LARGEST_ID}):enclosure_id>")
@open_to()
def download_enclosure(number: str, enclosure_id: int) -> Response:
    """A file of the citizen's, to be saved, for those who may know who the citizen is."""
    with acting_context().reading() as session:
        ticket = ticket_to_read(session, number)
        found = enclosures.enclosure(session, ticket.id, enclosure_id)
        if found is None:
            abort(404)
        if not enclosures.may_open(current_user.actor, ticket):
            abort(403)
        seen(ticket, What.FILE)
    return _sent(found)


def _sent(file: Attachment | Enclosure) -> Response:
    try:
        content = Store.of(acting_context().settings).get(file.sha256)
    except NoSuchFile:
        abort(404)
    media_type = FORMS[file.kind].media_type
    return send_file(BytesIO(content), media_type, as_attachment=True, download_name=file.name)


def _posted_withdrawal(number: str) -> WithdrawForm:
    with acting_context().reading() as session:
        ticket = ticket_to_read(session, number)
        return withdraw_form(kept_of(session, ticket.id, current_user.actor.department_id), posted=True)

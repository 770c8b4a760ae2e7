"""Script `intake`: a call becomes a contact and a draft ticket before the first prompt."""

from hotline.calls.service import OpenedCall, leg_started, open_call
from hotline.context import Context
from ivr import variables
from ivr.agi.script import AgiCall


class Intake:
    """Commits contact, draft ticket and call, and tells the dialplan their identities."""

    name = "intake"

    def __init__(self, context: Context) -> None:
        self._context = context

    def execute(self, call: AgiCall) -> None:
        self._tell_dialplan(call, self._open(call))

    def _open(self, call: AgiCall) -> OpenedCall:
        linkedid = call.read_variable(variables.LINKEDID)
        number = call.read_variable(variables.CALLER_NUMBER)
        dialled = call.read_variable(variables.DIALLED_NUMBER) or self._context.settings.hotline_number
        opened = open_call(self._context, linkedid, number or None, dialled)
        leg_started(self._context, linkedid, linkedid, call.read_variable(variables.CHANNEL))
        return opened

    def _tell_dialplan(self, call: AgiCall, opened: OpenedCall) -> None:
        call.write_variable(variables.CONTACT, str(opened.contact_id))
        call.write_variable(variables.TICKET, str(opened.ticket_id))
        call.write_variable(variables.INTAKE, variables.INTAKE_OPENED)

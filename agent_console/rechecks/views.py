"""The steps of a day of another look."""

from flask import Blueprint

from agent_console.access import open_to
from agent_console.house import acting_context
from agent_console.rechecks.forms import LookedForm, RecheckForm
from agent_console.steps_taken import Answer, take
from agent_console.words import _
from hotline.people.actors import Role
from hotline.rechecks import service

blueprint = Blueprint("rechecks", __name__)


@blueprint.post("/tickets/<number>/recheck")
@open_to(Role.HANDLER)
def set_day(number: str) -> Answer:
    """When the department looks again, and at what."""
    form = RecheckForm()
    return take(
        number,
        form,
        lambda ticket_id: service.set_day(acting_context(), ticket_id, form.day.data, form.what.data or ""),
        _("已定下复查日，到那天会出现在本单位的清单里。"),
    )


@blueprint.post("/tickets/<number>/recheck/looked")
@open_to(Role.HANDLER)
def looked(number: str) -> Answer:
    """What was found; what is not put right has a next day."""
    form = LookedForm()

    def deed(ticket_id: int) -> None:
        mended = form.mended.data == "yes"
        service.record(acting_context(), ticket_id, mended, form.found.data or "", form.next_day.data)

    return take(number, form, deed, _("已记录复查情况。"))

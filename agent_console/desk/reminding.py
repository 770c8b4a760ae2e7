"""A caller speaks of one of their earlier tickets, in the list beside the draft: a reminder of an open one, a
link with a closed one whose matter has come back."""

from flask import abort, render_template, request
from flask_login import current_user

from agent_console.access import open_to
from agent_console.desk.reads import draft_of_call
from agent_console.desk.views import blueprint
from agent_console.house import acting_context
from agent_console.refusals import REFUSALS, explain
from agent_console.words import _
from hotline.merging.recurring import link_recurrence, unlink_recurrence
from hotline.merging.reminding import remind_in_call
from hotline.people.actors import Role
from hotline.tickets import privacy
from hotline.tickets.queries import by_number


@blueprint.post("/remind/<number>")
@open_to(Role.AGENT)
def remind(number: str) -> str | tuple[str, int]:
    """One reminder for the call at the seat; the ticket's line with what became of it."""
    draft_id = _draft_id()
    if draft_id is None:
        return _line(number, _("没有正在写的草稿：通话中或整理时才能催单。")), 409
    try:
        count = remind_in_call(acting_context(), draft_id, number)
    except REFUSALS as refusal:
        return _line(number, explain(refusal)), 409
    return _line(number, done=_("已催单，这件共催办 %(count)d 次。请告知市民办理进展。", count=count))


@blueprint.post("/recurrence/<number>")
@open_to(Role.AGENT)
def recurrence(number: str) -> str | tuple[str, int]:
    """What the caller tells now is what that ticket was about; `undo`: it is not."""
    draft_id, undo = _draft_id(), "undo" in request.form
    if draft_id is None:
        return _line(number, _("没有正在写的草稿：通话中或整理时才能关联。"), recurs=undo), 409
    try:
        (unlink_recurrence if undo else link_recurrence)(acting_context(), draft_id, number)
    except REFUSALS as refusal:
        return _line(number, explain(refusal), recurs=undo), 409
    return _line(number, recurs=not undo)


def _draft_id() -> int | None:
    """The draft of the call at the seat."""
    with acting_context().reading() as session:
        draft = draft_of_call(session, current_user.user_id)
        return draft.id if draft else None


def _line(number: str, problem: str = "", done: str = "", recurs: bool = False) -> str:
    with acting_context().reading() as session:
        ticket = by_number(session, number)
        if ticket is None or privacy.is_sealed_for(current_user.actor, ticket):
            abort(404)
        return render_template("desk/earlier.html", ticket=ticket, problem=problem, done=done, recurs=recurs)

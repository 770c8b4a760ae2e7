"""Harassing callers: the list, a proposal, the second person's decision; and alarms of the line."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.harassment.forms import NoteForm, ProposalForm
from agent_console.house import acting_context
from agent_console.obstacles import BAR_REFUSALS
from agent_console.row_ids import LARGEST_ID
from agent_console.undoing.offers import flash_undoable
from agent_console.unmasking import unmask_number
from agent_console.words import _
from hotline.contacts.rules import caller_number
from hotline.harassment import queries, service
from hotline.harassment.models import BarReason
from hotline.line_security.service import alarm_seen, open_alarms
from hotline.numbering import typed
from hotline.people.actors import Role
from hotline.viewing.queries import unmasked_calls

blueprint = Blueprint("harassment", __name__, url_prefix="/harassment")

PROPOSAL = f"<int(max={LARGEST_ID}):proposal_id>"
Answer = Response | tuple[str, int]


@blueprint.get("/")
@open_to(Role.AGENT, Role.SUPERVISOR)
def listed() -> str:
    """The whole list; `?number=` shows that number's calls, to propose it."""
    return _page(None, typed(request.args.get("number", ""))[:30])


@blueprint.post("/")
@open_to(Role.AGENT, Role.SUPERVISOR)
def propose() -> Answer:
    """Propose a number."""
    number = typed(request.form.get("number", ""))[:30]
    with acting_context().reading() as session:
        form = ProposalForm.of(queries.recent_calls(session, number, acting_context().now()))
    if not form.validate_on_submit():
        return _page(form, number, _("有的内容填写不对，请看标红的地方。")), 422

    def deed() -> None:
        service.propose(
            acting_context(),
            number,
            BarReason(form.reason.data),
            form.details.data or "",
            form.calls.data or (),
            form.days.data or 0,
        )

    return _take(deed, _("已提出，等另一位督办员审批。"), form, number)


@blueprint.post(f"/{PROPOSAL}/approve")
@open_to(Role.SUPERVISOR)
def approve(proposal_id: int) -> Answer:
    """The second person agrees."""
    return _take(lambda: service.approve(acting_context(), proposal_id), _("已批准，即刻生效。"))


@blueprint.post(f"/{PROPOSAL}/reject")
@open_to(Role.SUPERVISOR)
def reject(proposal_id: int) -> Answer:
    """The second person does not."""
    return _take(lambda: service.reject(acting_context(), proposal_id, _noted()), _("已驳回。"))


@blueprint.post(f"/{PROPOSAL}/revoke")
@open_to(Role.SUPERVISOR)
def revoke(proposal_id: int) -> Answer:
    """Over before its time."""
    return _take(lambda: service.revoke(acting_context(), proposal_id, _noted()), _("已撤销，来电恢复正常。"))


@blueprint.post(f"/calls/<int(max={LARGEST_ID}):call_id>/unmask")
@open_to(Role.AGENT, Role.SUPERVISOR)
def unmask(call_id: int) -> Answer:
    """The number that called in full for a while, for a reason that is kept."""
    problem = unmask_number(call_id, request.form.get("unmask_reason", ""))
    return (_page(None, "", problem), 422) if problem else redirect(url_for("harassment.listed"))


@blueprint.post(f"/alarms/<int(max={LARGEST_ID}):alarm_id>/seen")
@open_to(Role.SUPERVISOR)
def seen(alarm_id: int) -> Response:
    """Somebody has looked at an alarm of the line."""
    at = alarm_seen(acting_context(), alarm_id)
    flash_undoable(_("已标记为处理过。"), "alarm", alarm_id, at)
    return redirect(url_for("harassment.listed"))


def _noted() -> str:
    return NoteForm().note.data or ""


def _take(
    deed: Callable[[], object], done: str, form: ProposalForm | None = None, number: str = ""
) -> Answer:
    try:
        deed()
    except service.HarassmentRefused as refused:
        return _page(form, number, str(BAR_REFUSALS[refused.refusal])), 409
    flash(done)
    return redirect(url_for("harassment.listed"))


def _page(form: ProposalForm | None, number: str, problem: str = "") -> str:
    now = acting_context().now()
    with acting_context().reading() as session:
        calls = queries.recent_calls(session, number, now)
        shown = queries.lists(session, now)
        return render_template(
            "harassment/list.html",
            lists=shown,
            hits=queries.all_calls_since(session, shown.in_force),
            form=form or (ProposalForm.of(calls, number) if calls else None),
            number=number,
            calls=calls,
            nothing_found=_nothing_found(number) if number and not calls else "",
            note=NoteForm(formdata=None),
            alarms=open_alarms(session) if current_user.has(Role.SUPERVISOR) else (),
            unmasked=unmasked_calls(session, current_user.actor, now),
            decides=current_user.has(Role.SUPERVISOR),
            problem=problem,
        )


def _nothing_found(number: str) -> str:
    if not caller_number(number).number:
        return str(BAR_REFUSALS[service.Refusal.NOT_A_NUMBER])
    return _("近 30 天没有这个号码的来电。")

"""Holds, and the page of periods and deletions."""

from flask import Blueprint, render_template

from agent_console.access import open_to
from agent_console.house import acting_context, house
from agent_console.retention.forms import HoldForm
from agent_console.row_ids import LARGEST_ID
from agent_console.steps_taken import Answer, take
from agent_console.words import LazyString, _, _l
from hotline.people.actors import Role
from hotline.retention import holds, queries
from hotline.retention.anonymising import counts
from hotline.retention.models import Kind, PersonalKind

blueprint = Blueprint("retention", __name__)

KINDS: dict[Kind, LazyString] = {
    Kind.AUDIO: _l("通话录音"),
    Kind.MESSAGE: _l("留言录音"),
    Kind.TRANSCRIPT: _l("文字"),
}

PERSONAL: dict[PersonalKind, LazyString] = {
    PersonalKind.TICKET: _l("工单的个人信息"),
    PersonalKind.DRAFT: _l("未登记草稿的个人信息"),
    PersonalKind.FILE: _l("附件"),
    PersonalKind.LEFTOVER: _l("学习样本和停接号码"),
}


@blueprint.post("/tickets/<number>/hold")
@open_to(*holds.ROLES)
def hold(number: str) -> Answer:
    """Keep what was recorded of this ticket's calls."""
    form = HoldForm()
    reason = form.reason.data or ""
    return take(
        number, form, lambda ticket_id: holds.hold_ticket(acting_context(), ticket_id, reason), _("已保全。")
    )


@blueprint.post(f"/tickets/<number>/hold/<int(max={LARGEST_ID}):hold_id>/lift")
@open_to(*holds.ROLES)
def lift(number: str, hold_id: int) -> Answer:
    """The periods hold again."""
    form = HoldForm()
    reason = form.reason.data or ""
    return take(
        number, form, lambda _ticket: holds.lift(acting_context(), hold_id, reason), _("已解除保全。")
    )


@blueprint.get("/retention")
@open_to(Role.SUPERVISOR, Role.AUDITOR)
def overview() -> str:
    """Periods, what is held, and what was deleted last."""
    with acting_context().reading() as session:
        return render_template(
            "retention/overview.html",
            periods=house().context.settings.retention_days,
            kinds=KINDS,
            personal=PERSONAL,
            due=counts(acting_context()),
            anonymised=queries.latest_anonymised(session),
            holds=queries.open_holds(session),
            entries=queries.latest_deletions(session),
        )

"""A sweep place by place: planned, looked at, put right."""

from collections.abc import Callable

from flask import flash, redirect, url_for
from flask_wtf import FlaskForm

from agent_console.access import open_to
from agent_console.campaigns.forms import FixedForm, FoundForm, PlanForm
from agent_console.campaigns.views import ONE, Page, blueprint, page, readable
from agent_console.campaigns.words import OBSTACLES
from agent_console.house import acting_context
from agent_console.refusals import explain
from agent_console.row_ids import LARGEST_ID
from agent_console.words import _
from hotline.campaigns import points
from hotline.campaigns.rules import POINT_RECORDERS, CampaignRefused
from hotline.tickets.service import DraftRefused

POINT = f"/{ONE}/points/<int(max={LARGEST_ID}):point_id>"


@blueprint.post(f"/{ONE}/points")
@open_to(*POINT_RECORDERS)
def plan(campaign_id: int) -> Page:
    """Further places."""
    form = PlanForm()
    return _taken(
        campaign_id,
        form,
        lambda: points.plan(acting_context(), campaign_id, form.lines()),
        _("已列入要看的地方。"),
    )


@blueprint.post(f"{POINT}/found")
@open_to(*POINT_RECORDERS)
def found(campaign_id: int, point_id: int) -> Page:
    """What was seen at one."""
    form = FoundForm()
    return _taken(
        campaign_id,
        form,
        lambda: points.record(acting_context(), campaign_id, point_id, form.written()),
        _("已记下看到的情况。"),
        point_id,
    )


@blueprint.post(f"{POINT}/fixed")
@open_to(*POINT_RECORDERS)
def fixed(campaign_id: int, point_id: int) -> Page:
    """A fault was put right."""
    form = FixedForm()
    return _taken(
        campaign_id,
        form,
        lambda: points.put_right(
            acting_context(), campaign_id, point_id, form.fixed_on.data, form.measure.data
        ),
        _("已记下整改情况。"),
        point_id,
    )


def _taken(
    campaign_id: int, form: FlaskForm, deed: Callable[[], object], done: str, point_id: int = 0
) -> Page:
    """Back to the campaign's page; refused, the page with the form as it was filled in."""
    with acting_context().reading() as session:
        readable(session, campaign_id)
    if not form.validate_on_submit():
        return page(campaign_id, form, _("有的内容填写不对，请看标红的地方。"), point_id), 422
    try:
        deed()
    except CampaignRefused as refused:
        return page(campaign_id, form, str(OBSTACLES[refused.obstacle]), point_id), 409
    except DraftRefused as refused:
        return page(campaign_id, form, explain(refused), point_id), 409
    flash(done)
    return redirect(url_for("campaigns.one", campaign_id=campaign_id))

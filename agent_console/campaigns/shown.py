"""The places of a campaign on its page: what is known of each, and the form for what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_login import current_user
from flask_wtf import FlaskForm

from agent_console import times
from agent_console.campaigns.forms import FixedForm, FoundForm, PlanForm
from agent_console.house import house
from hotline.campaigns.models import Campaign, CampaignPoint
from hotline.campaigns.rules import RUNNERS
from hotline.people.actors import Role


@dataclass(frozen=True)
class PointRow:
    """A place; `found` and `fixed` are forms where there is something to write down, `is_open` a refused
    one among them."""

    point: CampaignPoint
    is_late: bool
    found: FlaskForm | None = None
    fixed: FlaskForm | None = None
    is_open: bool = False


def may_record(campaign: Campaign) -> bool:
    """Whether whoever looks plans and records places: who runs it, or its department."""
    own = campaign.department_id == current_user.actor.department_id
    of_unit = own and current_user.has(Role.HANDLER, Role.UNIT_REVIEWER)
    return campaign.closed_at is None and bool(current_user.has(*RUNNERS) or of_unit)


def plan_form(campaign: Campaign, form: FlaskForm | None) -> FlaskForm | None:
    """For further places."""
    if not may_record(campaign):
        return None
    return form if isinstance(form, PlanForm) else PlanForm(formdata=None)


def point_rows(campaign: Campaign, form: FlaskForm | None, point_id: int) -> Sequence[PointRow]:
    """Every place, in the order in which they were planned."""
    today, writes = times.local(house().context.now()).date(), may_record(campaign)
    rows = []
    for point in campaign.points:
        refused = form if point.id == point_id else None
        found = fixed = None
        if writes and point.fixed_on is None:
            found = _named(refused if isinstance(refused, FoundForm) else _found_form(point), point)
        if writes and point.has_fault and point.fixed_on is None:
            fixed = _named(refused if isinstance(refused, FixedForm) else FixedForm(formdata=None), point)
        rows.append(PointRow(point, point.is_late(today), found, fixed, refused is not None))
    return rows


def _found_form(point: CampaignPoint) -> FoundForm:
    """With what is known already."""
    fault = None if point.has_fault is None else "yes" if point.has_fault else "no"
    kept = {"seen_on": point.seen_on, "fault": fault, "finding": point.finding, "fix_by": point.fix_by}
    return FoundForm(formdata=None, data=kept)


def _named(form: FlaskForm, point: CampaignPoint) -> FlaskForm:
    """Several are on the page: the ids of their fields begin with the place's."""
    for field in form:
        field.id = f"point-{point.id}-{field.id}"
    return form

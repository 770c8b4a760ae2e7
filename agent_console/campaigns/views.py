"""Campaigns: the list, a new one with a look at what it would name, and the page of one."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from agent_console import times
from agent_console.access import open_to
from agent_console.campaigns.forms import CloseForm, OpenForm
from agent_console.campaigns.shown import plan_form, point_rows
from agent_console.campaigns.words import KINDS, OBSTACLES
from agent_console.house import acting_context, house
from agent_console.refusals import explain
from agent_console.row_ids import LARGEST_ID
from agent_console.tickets.reads import others_here, ticket_to_read
from agent_console.words import _
from hotline.campaigns import queries, service
from hotline.campaigns.models import Campaign
from hotline.campaigns.points import tally
from hotline.campaigns.queries import Progress
from hotline.campaigns.rules import READERS, RUNNERS, CampaignRefused, Kind
from hotline.dispatch.queries import categories
from hotline.people.actors import Role
from hotline.tickets.models import Ticket
from hotline.tickets.service import DraftRefused
from hotline.tickets.states import Confidentiality

blueprint = Blueprint("campaigns", __name__, url_prefix="/campaigns")

ONE = f"<int(max={LARGEST_ID}):campaign_id>"
UNIT = (Role.HANDLER, Role.UNIT_REVIEWER)

Page = str | Response | tuple[str, int]


@blueprint.get("/")
@open_to(*READERS, *UNIT)
def listed() -> str:
    """All; for a department those that it is responsible for."""
    with acting_context().reading() as session:
        found = queries.campaigns(session, _own_department())
        shown = {"found": found, "progress": queries.progress_of(session, [one.id for one in found])}
        return render_template("campaigns/list.html", kinds=KINDS, today=_today(), **shown)


@blueprint.route("/new", methods=["GET", "POST"])
@open_to(*RUNNERS)
def new() -> Page:
    """`preview` shows what would be named; without it the campaign is opened."""
    with acting_context().reading() as session:
        source = _source(session)
        form = OpenForm(data=sweep_from(source)) if source else OpenForm()
        form.offer(queries.departments(session), categories(session))
    if request.method == "GET":
        return _new(form)
    if not form.validate_on_submit():
        return _new(form, _("有的内容填写不对，请看标红的地方。")), 422
    try:
        if "preview" in request.form:
            return _previewed(form)
        campaign_id = service.open_campaign(
            acting_context(), form.written(source.id if source else None), form.chosen()
        )
    except CampaignRefused as refused:
        return _new(form, str(OBSTACLES[refused.obstacle])), 409
    except DraftRefused as refused:
        return _new(form, explain(refused)), 409
    flash(_("已开立。"))
    return redirect(url_for("campaigns.one", campaign_id=campaign_id))


@blueprint.get(f"/{ONE}")
@open_to(*READERS, *UNIT)
def one(campaign_id: int) -> str:
    """The named tickets and how far they are; a department reads of its own tickets only."""
    return page(campaign_id)


@blueprint.post(f"/{ONE}/close")
@open_to(*RUNNERS)
def close(campaign_id: int) -> Page:
    """It is over."""
    form = CloseForm()
    if not form.validate_on_submit():
        return page(campaign_id, form, _("有的内容填写不对，请看标红的地方。")), 422
    try:
        service.close_campaign(acting_context(), campaign_id, form.summary.data)
    except CampaignRefused as refused:
        return page(campaign_id, form, str(OBSTACLES[refused.obstacle])), 409
    except DraftRefused as refused:
        return page(campaign_id, form, explain(refused)), 409
    flash(_("已结束。"))
    return redirect(url_for("campaigns.one", campaign_id=campaign_id))


def _previewed(form: OpenForm) -> str:
    with acting_context().reading() as session:
        return _new(form, found=service.preview(session, acting_context(), form.chosen()))


def _new(form: OpenForm, problem: str = "", found: Sequence[Ticket] = ()) -> str:
    return render_template("campaigns/new.html", form=form, problem=problem, found=found)


def _source(session: Session) -> Ticket | None:
    """The ticket that a sweep begins from, where one is named and may be read."""
    number = request.values.get("source", "").strip()
    return ticket_to_read(session, number) if number else None


def sweep_from(ticket: Ticket) -> dict[str, object]:
    """What the form says first: the same class, the same street, and no word that could name the citizen."""
    where = ticket.street or ticket.district
    return {
        "kind": str(Kind.LOOK_ALIKE),
        "category_code": ticket.category_code or "",
        "place": where,
        "department_id": ticket.holder_id,
        "source": ticket.number,
    }


def page(campaign_id: int, form: FlaskForm | None = None, problem: str = "", point_id: int = 0) -> str:
    """The page of a campaign; `form` is a refused one, of the place `point_id` if it is about one."""
    with acting_context().reading() as session:
        campaign = readable(session, campaign_id)
        close = form if isinstance(form, CloseForm) else CloseForm(formdata=None)
        named = queries.named(session, campaign.id, _own_department())
        shown = {
            "points": point_rows(campaign, form, point_id),
            "tally": tally(campaign.points, _today()),
            "plan": plan_form(campaign, form),
            "source": _shown_source(session, campaign),
            "named": named,
            "others": others_here(session, [ticket for ticket, _holder in named]),
            "progress": queries.progress_of(session, [campaign.id]).get(campaign.id, Progress()),
            "close": close if campaign.closed_at is None and current_user.has(*RUNNERS) else None,
        }
        return render_template(
            "campaigns/one.html", one=campaign, kinds=KINDS, today=_today(), problem=problem, **shown
        )


def _shown_source(session: Session, campaign: Campaign) -> str:
    """The number of the ticket that it began from, for those who read every ticket that is not sealed."""
    ticket = session.get(Ticket, campaign.source_id) if campaign.source_id else None
    readable_one = ticket is not None and ticket.confidentiality is not Confidentiality.SEALED
    return ticket.number or "" if ticket and readable_one and current_user.has(*READERS) else ""


def readable(session: Session, campaign_id: int) -> Campaign:
    """404 also for a department that is not responsible."""
    campaign = session.get(Campaign, campaign_id)
    if campaign is None or _own_department() not in (None, campaign.department_id):
        abort(404)
    return campaign


def _own_department() -> int | None:
    """Of whoever reads only their department's; None reads everything."""
    return None if current_user.has(*READERS) else current_user.actor.department_id or 0


def _today() -> date:
    return times.local(house().context.now()).date()

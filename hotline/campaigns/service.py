"""What supervisors do with campaigns: open one over chosen tickets, close it with a summary (B11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline import events
from hotline.campaigns import queries
from hotline.campaigns.models import Campaign, CampaignTicket
from hotline.campaigns.queries import Chosen
from hotline.campaigns.rules import MOST_TICKETS, RUNNERS, CampaignRefused, Kind, Obstacle
from hotline.context import Context
from hotline.people.models import Department
from hotline.screening.opening import kept_text
from hotline.tickets import rows
from hotline.tickets.models import Ticket

LONGEST = 2000
LONGEST_TITLE = 120


@dataclass(frozen=True)
class CampaignForm:
    """What is written down: the matter, the responsible department and its last day."""

    kind: Kind
    title: str
    department_id: int
    due_on: date
    cause: str = ""
    source_id: int | None = None


def preview(session: Session, context: Context, wanted: Chosen) -> Sequence[Ticket]:
    """The tickets that a campaign would name. Raises `CampaignRefused` for none, too many, or no filter."""
    if not wanted.narrows:
        raise CampaignRefused(Obstacle.NOTHING_CHOSEN)
    found = queries.chosen(session, wanted, context.now(), MOST_TICKETS + 1)
    if not found:
        raise CampaignRefused(Obstacle.NOTHING_FOUND)
    if len(found) > MOST_TICKETS:
        raise CampaignRefused(Obstacle.TOO_MANY)
    return found


def open_campaign(context: Context, form: CampaignForm, wanted: Chosen) -> int:
    """Names the tickets that fit now; each has a line of its history. Returns the campaign's id."""
    context.actor.must_have("open a campaign", *RUNNERS)
    with context.writing() as session:
        department = session.get(Department, form.department_id)
        if department is None or department.is_hotline:
            raise CampaignRefused(Obstacle.NO_DEPARTMENT)
        if form.due_on < context.now().astimezone(context.settings.zone).date():
            raise CampaignRefused(Obstacle.DUE_IN_PAST)
        campaign = Campaign(
            kind=form.kind,
            title=_text("title", form.title, LONGEST_TITLE),
            department_id=department.id,
            due_on=form.due_on,
            opened_at=context.now(),
            opened_by_id=context.actor.user_id,
            cause=kept_text("cause", form.cause, LONGEST),
            source_id=form.source_id,
        )
        tickets = preview(session, context, wanted)
        session.add(campaign)
        session.flush()
        _log(session, context, campaign, "opened")
        for ticket in tickets:
            session.add(CampaignTicket(campaign_id=campaign.id, ticket_id=ticket.id))
            ticket.note("campaign_named", context.actor, context.now(), campaign.title)
            rows.announce(session, context, ticket, "campaign_named")
        return campaign.id


def close_campaign(context: Context, campaign_id: int, summary: str) -> None:
    """It is over, whatever is left of it: the summary says so."""
    context.actor.must_have("close a campaign", *RUNNERS)
    with context.writing() as session:
        query = select(Campaign).where(Campaign.id == campaign_id).with_for_update()
        campaign = session.scalar(query)
        if campaign is None or campaign.closed_at is not None:
            raise CampaignRefused(Obstacle.DONE)
        campaign.summary = _text("summary", summary, LONGEST)
        campaign.closed_at, campaign.closed_by_id = context.now(), context.actor.user_id
        _log(session, context, campaign, "closed")


def _log(session: Session, context: Context, campaign: Campaign, step: str) -> None:
    """Write `campaign.<step>` into the event log, with who took it."""
    subject, actor = f"campaign:{campaign.id}", context.actor.user_id
    events.record(session, context.now(), f"campaign.{step}", subject, actor=actor)


def _text(name: str, text: str, longest: int) -> str:
    words = kept_text(name, text, longest)
    if not words:
        raise CampaignRefused(Obstacle.NO_TEXT)
    return words

"""A sweep place by place ([S 002-49]): what is planned, what was found there, and that it was put right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.campaigns.models import Campaign, CampaignPoint
from hotline.campaigns.rules import MOST_POINTS, POINT_RECORDERS, RUNNERS, CampaignRefused, Obstacle
from hotline.context import Context
from hotline.people.actors import NotPermitted
from hotline.screening.opening import kept_text

LONGEST = 2000
LONGEST_PLACE = 120


@dataclass(frozen=True)
class Found:
    """What somebody saw at a place. A fault has words, and a day by which it is put right."""

    seen_on: date
    has_fault: bool
    finding: str = ""
    fix_by: date | None = None


@dataclass(frozen=True)
class Tally:
    """How far a sweep is (B9: points checked of those planned, found, fixed)."""

    planned: int = 0
    seen: int = 0
    faulty: int = 0
    fixed: int = 0
    late: int = 0


def tally(points: Sequence[CampaignPoint], today: date) -> Tally:
    """Counted from the places."""
    return Tally(
        planned=len(points),
        seen=sum(point.seen_on is not None for point in points),
        faulty=sum(bool(point.has_fault) for point in points),
        fixed=sum(point.fixed_on is not None for point in points),
        late=sum(point.is_late(today) for point in points),
    )


def plan(context: Context, campaign_id: int, places: Sequence[str]) -> int:
    """Places to look at; one that is planned already is not planned twice. Returns how many are new."""
    with context.writing() as session:
        campaign = _open(session, context, campaign_id)
        known = {point.place for point in campaign.points}
        named = (kept_text("places", place, LONGEST_PLACE) for place in places)
        new = [place for place in dict.fromkeys(named) if place and place not in known]
        if not new:
            raise CampaignRefused(Obstacle.NO_PLACES)
        if len(known) + len(new) > MOST_POINTS:
            raise CampaignRefused(Obstacle.TOO_MANY_PLACES)
        at, by = context.now(), context.actor.user_id
        for place in new:
            session.add(
                CampaignPoint(campaign_id=campaign.id, place=place, recorded_at=at, recorded_by_id=by)
            )
        return len(new)


def record(context: Context, campaign_id: int, point_id: int, found: Found) -> None:
    """What was seen there. What is written again, before it is put right, replaces it."""
    with context.writing() as session:
        point = _point(session, context, campaign_id, point_id)
        if point.fixed_on is not None:
            raise CampaignRefused(Obstacle.DONE)
        _not_in_future(context, found.seen_on)
        words = kept_text("finding", found.finding, LONGEST)
        if found.has_fault and not words:
            raise CampaignRefused(Obstacle.NO_TEXT)
        if found.has_fault and found.fix_by is None:
            raise CampaignRefused(Obstacle.NO_FIX_BY)
        if found.fix_by is not None and found.fix_by < found.seen_on:
            raise CampaignRefused(Obstacle.FIX_BEFORE_SEEN)
        point.seen_on, point.has_fault, point.finding = found.seen_on, found.has_fault, words
        point.fix_by = found.fix_by if found.has_fault else None
        point.recorded_at, point.recorded_by_id = context.now(), context.actor.user_id


def put_right(context: Context, campaign_id: int, point_id: int, fixed_on: date, measure: str) -> None:
    """The fault is gone, and by what."""
    with context.writing() as session:
        point = _point(session, context, campaign_id, point_id)
        if not point.has_fault or point.seen_on is None:
            raise CampaignRefused(Obstacle.NO_FAULT)
        if point.fixed_on is not None:
            raise CampaignRefused(Obstacle.DONE)
        _not_in_future(context, fixed_on)
        if fixed_on < point.seen_on:
            raise CampaignRefused(Obstacle.FIX_BEFORE_SEEN)
        words = kept_text("measure", measure, LONGEST)
        if not words:
            raise CampaignRefused(Obstacle.NO_TEXT)
        point.fixed_on, point.measure = fixed_on, words
        point.recorded_at, point.recorded_by_id = context.now(), context.actor.user_id


def _open(session: Session, context: Context, campaign_id: int) -> Campaign:
    """The campaign, locked, for whoever runs it or its responsible department."""
    context.actor.must_have("record what a sweep finds", *POINT_RECORDERS)
    campaign = session.scalar(select(Campaign).where(Campaign.id == campaign_id).with_for_update())
    if campaign is None or campaign.closed_at is not None:
        raise CampaignRefused(Obstacle.DONE)
    if not context.actor.has(*RUNNERS) and campaign.department_id != context.actor.department_id:
        raise NotPermitted(context.actor, "record what another department's sweep finds")
    return campaign


def _point(session: Session, context: Context, campaign_id: int, point_id: int) -> CampaignPoint:
    _open(session, context, campaign_id)
    point = session.get(CampaignPoint, point_id)
    if point is None or point.campaign_id != campaign_id:
        raise CampaignRefused(Obstacle.DONE)
    return point


def _not_in_future(context: Context, day: date) -> None:
    if day > context.now().astimezone(context.settings.zone).date():
        raise CampaignRefused(Obstacle.IN_FUTURE)

"""Which tickets a campaign would name, and how far one is; on both databases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from hotline.campaigns.models import Campaign
from hotline.campaigns.points import Found, Tally, plan, put_right, record, tally
from hotline.campaigns.queries import Chosen, Progress, begun_from, chosen, named, progress_of
from hotline.campaigns.rules import MOST_POINTS, CampaignRefused, Kind, Obstacle
from hotline.campaigns.service import CampaignForm, close_campaign, open_campaign
from hotline.events import since
from hotline.people.actors import NotPermitted, Role
from hotline.tickets.states import State
from tests.factories import City, FixedClock, user
from tests.integration.families import events, put


def test_each_part_of_a_filter_narrows(city: City, clock: FixedClock) -> None:
    old = city.signed()
    put(city, old, address="人民路 100%_3 号", category_code="water.pressure")
    clock.advance(days=10)
    new = city.accepted()
    put(city, new, category_code=None)
    with city.context.reading() as session:
        for wanted in (
            Chosen(category_code="water.pressure"),
            Chosen(place="100%_"),
            Chosen(department_id=city.water_id),
            Chosen(state=State.HANDLING),
            Chosen(older_than_days=10),
        ):
            assert [one.id for one in chosen(session, wanted, clock.now(), 9)] == [old], wanted
        assert [one.id for one in chosen(session, Chosen(older_than_days=0), clock.now(), 9)] == [old, new]


def test_progress_counts_what_nobody_works_on_any_more(city: City) -> None:
    done, going_on = city.signed(), city.accepted()
    put(city, done, state=State.CLOSED)
    form = CampaignForm(Kind.CLEARING, "清理超期件", city.water_id, city.context.now().date())
    campaign_id = open_campaign(city.context.acting_as(city.supervisor), form, Chosen(older_than_days=0))
    with city.context.reading() as session:
        assert progress_of(session, [campaign_id]) == {campaign_id: Progress(1, 2)}
        assert [ticket.id for ticket, _ in named(session, campaign_id)] == [going_on, done]
        assert [ticket.id for ticket, _ in named(session, campaign_id, city.water_id)] == [done]
    close_campaign(city.context.acting_as(city.supervisor), campaign_id, "一件在办")
    with city.context.reading() as session:
        kinds = [event.kind for event in since(session, 0) if event.subject == f"campaign:{campaign_id}"]
    assert kinds == ["campaign.opened", "campaign.closed"]


def test_a_sweep_goes_place_by_place(city: City, clock: FixedClock) -> None:
    source = city.signed()
    today = clock.now().date()
    form = CampaignForm(Kind.LOOK_ALIKE, "排查水泵", city.water_id, today, "加压泵老化", source)
    boss, unit = city.context.acting_as(city.supervisor), city.context.acting_as(city.handler)
    sweep = open_campaign(boss, form, Chosen(older_than_days=0))
    assert plan(boss, sweep, ["同安路 68 号", " 福州路泵房 ", "", "同安路 68 号"]) == 2
    other = city.context.acting_as(user(city.context, city.police_id, Role.HANDLER))
    with pytest.raises(NotPermitted):
        plan(other, sweep, ["海边"])
    with city.context.reading() as session:
        assert [one.id for one in begun_from(session, source)] == [sweep]
        first, second = (point.id for point in session.get_one(Campaign, sweep).points)
    long_ago = date(2020, 1, 1)
    faulty = Found(today, True, "水泵漏水", today + timedelta(days=2))
    for obstacle, deed in (
        (Obstacle.NO_PLACES, lambda: plan(boss, sweep, ["福州路泵房"])),
        (Obstacle.TOO_MANY_PLACES, lambda: plan(boss, sweep, [f"{n} 号" for n in range(MOST_POINTS)])),
        (Obstacle.IN_FUTURE, lambda: record(unit, sweep, first, replace(faulty, seen_on=date(2099, 1, 1)))),
        (Obstacle.NO_TEXT, lambda: record(unit, sweep, first, replace(faulty, finding=" "))),
        (Obstacle.NO_FIX_BY, lambda: record(unit, sweep, first, replace(faulty, fix_by=None))),
        (
            Obstacle.FIX_BEFORE_SEEN,
            lambda: record(unit, sweep, first, replace(faulty, fix_by=long_ago)),
        ),
        (Obstacle.NO_FAULT, lambda: put_right(unit, sweep, first, today, "换泵")),
        (Obstacle.DONE, lambda: record(unit, sweep, 999_999, faulty)),
    ):
        with pytest.raises(CampaignRefused) as refused:
            deed()
        assert refused.value.obstacle is obstacle
    record(unit, sweep, first, faulty)
    record(unit, sweep, second, Found(today, False))
    with city.context.reading() as session:
        points = session.get_one(Campaign, sweep).points
        assert tally(points, today) == Tally(planned=2, seen=2, faulty=1)
        assert tally(points, today + timedelta(days=3)).late == 1
    put_right(unit, sweep, first, today, "更换水泵")
    with city.context.reading() as session:
        points = session.get_one(Campaign, sweep).points
        assert tally(points, today + timedelta(days=3)) == Tally(2, 2, 1, 1, 0)
    close_campaign(boss, sweep, "两处查完")
    with pytest.raises(CampaignRefused):
        plan(unit, sweep, ["海边"])


def test_opening_reads_no_history(city: City) -> None:
    """One of five hundred tickets would read all that ever happened to them."""
    ids = [city.accepted(), city.signed()]
    read: list[str] = []
    form = CampaignForm(Kind.CLEARING, "清理超期件", city.water_id, city.context.now().date())

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        read.extend([statement] if "FROM history_line" in statement else [])

    event.listen(city.context.database.engine, "before_cursor_execute", note)
    open_campaign(city.context.acting_as(city.supervisor), form, Chosen(older_than_days=0))
    event.remove(city.context.database.engine, "before_cursor_execute", note)
    assert read == []
    for ticket_id in ids:
        assert events(city, ticket_id)[-1] == "campaign_named"

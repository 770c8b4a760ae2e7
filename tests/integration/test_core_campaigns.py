"""Which tickets a campaign would name, and how far one is; on both databases."""

from sqlalchemy import event

from hotline.campaigns.queries import Chosen, Progress, chosen, named, progress_of
from hotline.campaigns.rules import Kind
from hotline.campaigns.service import CampaignForm, close_campaign, open_campaign
from hotline.events import since
from hotline.tickets.states import State
from tests.factories import City, FixedClock
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

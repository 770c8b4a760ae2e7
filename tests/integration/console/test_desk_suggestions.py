"""What the caller's words suggest, as the desk's page gets it."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from hotline.dispatch.models import CatalogueRule, Category
from hotline.gazetteer.models import PlaceKind
from hotline.gazetteer.service import Named, add_missing
from hotline.suggestions.models import Outcome, SuggestionChoice
from hotline.suggestions.values import Field
from hotline.tickets.service import register, save_draft
from hotline.tickets.states import Confidentiality
from tests.factories import City, complete_draft
from tests.integration.console.conftest import Browser
from tests.integration.console.test_desk import FILLED
from tests.spoken import transcribed

SAID = ["您好我要投诉市北区同安路六十八号", "昨天晚上起水压太低煤气漏了"]


@pytest.fixture
def agent(browser: Browser, city: City) -> Browser:
    places = [Named(PlaceKind.DISTRICT, "市北区"), Named(PlaceKind.ROAD, "同安路", "市北区", "辽源路街道")]
    add_missing(city.context, places)
    with city.context.writing() as session:
        session.get_one(Category, "water.pressure").keywords = ["水压"]
        session.add(CatalogueRule(category_code="water.pressure", lead_id=city.water_id))
    return browser.sign_in(city.agent)


def test_a_draft_asks_for_its_suggestions(agent: Browser, city: City) -> None:
    ticket_id = city.drafted()
    page = agent.get(f"/desk/?draft={ticket_id}")
    place = page[page.index(f'hx-get="/desk/draft/{ticket_id}/suggestions"') :]
    assert 'hx-trigger="load, live:call-1 from:body delay:200ms"' in place[: place.index(">")]


def test_without_words_there_is_nothing(agent: Browser, city: City) -> None:
    assert "data-field" not in agent.get(f"/desk/draft/{city.drafted()}/suggestions")


def test_suggestions_come_with_the_words_and_their_second(agent: Browser, city: City) -> None:
    ticket_id = city.drafted()
    transcribed(city.context, ticket_id, SAID)
    part = agent.get(f"/desk/draft/{ticket_id}/suggestions")
    assert 'data-field="address" data-value="同安路68号" data-shown="同安路68号"' in part
    assert 'data-said="同安路六十八号" data-at="00:01"' in part
    assert 'data-field="type" data-value="complaint" data-shown="投诉"' in part
    assert 'data-field="category_code" data-value="water.pressure" data-shown="水压不足"' in part
    assert 'data-field="occurred_at" data-value="2020-04-29T20:00"' in part
    assert "水务局" in part
    assert "<strong>119</strong> 燃气泄漏" in part
    assert "地名表里没有这条路" not in part


def test_a_road_that_the_gazetteer_does_not_know_is_to_be_checked(agent: Browser, city: City) -> None:
    ticket_id = city.drafted()
    transcribed(city.context, ticket_id, ["我家住在市北区长江路六十二号楼下天天半夜排油烟"])
    part = agent.get(f"/desk/draft/{ticket_id}/suggestions")
    assert 'data-field="address" data-value="长江路62号"' in part
    assert "地名表里没有这条路，请核对" in part


def test_similar_open_tickets_are_named(agent: Browser, city: City) -> None:
    there = replace(complete_draft(), district="市北区", address="同安路68号")
    number = register(city.context.acting_as(city.agent), city.drafted(), there)
    ticket_id = city.drafted()
    transcribed(city.context, ticket_id, SAID)
    part = agent.get(f"/desk/draft/{ticket_id}/suggestions")
    assert number in part
    assert "很可能是同一件事" in part


def test_a_registered_ticket_has_none(agent: Browser, city: City) -> None:
    path = f"/desk/draft/{city.registered()}/suggestions"
    assert agent.client.get(path).status_code == 204
    assert agent.client.get("/desk/draft/999/suggestions").status_code == 204


def test_a_sealed_draft_shows_nobody_its_words(agent: Browser, city: City) -> None:
    ticket_id = city.drafted()
    transcribed(city.context, ticket_id, SAID)
    sealed = replace(complete_draft(), confidentiality=Confidentiality.SEALED)
    save_draft(city.context.acting_as(city.agent), ticket_id, sealed)
    assert agent.client.get(f"/desk/draft/{ticket_id}/suggestions").status_code == 204


def test_others_do_not_see_them(browser: Browser, city: City) -> None:
    browser.sign_in(city.handler)
    assert browser.client.get(f"/desk/draft/{city.drafted()}/suggestions").status_code == 403


def test_registration_keeps_what_became_of_them(agent: Browser, city: City) -> None:
    ticket_id = city.drafted()
    transcribed(city.context, ticket_id, SAID)
    answer = agent.post(f"/desk/draft/{ticket_id}/register", **(FILLED | {"address": "同安路68号"}))
    assert answer.status_code == 200
    with city.context.reading() as session:
        kept = {choice.field: choice.outcome for choice in session.scalars(select(SuggestionChoice))}
    assert kept[Field.ADDRESS] is Outcome.TAKEN
    assert kept[Field.CATEGORY] is Outcome.TAKEN
    assert kept[Field.DISTRICT] is Outcome.LEFT

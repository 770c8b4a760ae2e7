"""Whom the dispatch catalogue names for a class of matters in a place."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.database import Database
from hotline.dispatch.models import CatalogueRule, Category
from hotline.dispatch.queries import SuggestionReason, categories, lead_for, rows_in_force, without_a_lead
from tests.factories import City, FixedClock, make_context

HERE, ELSEWHERE = "城关区", "市南区"


@pytest.fixture
def context(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> Context:
    """Nothing here differs between the databases."""
    return make_context(sqlite_database, clock, tmp_path)


def rule(lead_id: int, category: str | None = None, district: str = "", **fields: object) -> CatalogueRule:
    return CatalogueRule(category_code=category, district=district, lead_id=lead_id, **fields)


def written(session: Session, city: City) -> None:
    """`water` is the water bureau's, `water.meter` in one district the police's, as is the rest there."""
    session.add(Category(code="water", name_zh="供水", name_en="Water"))
    session.flush()
    session.add(Category(code="water.meter", parent_code="water", name_zh="水表", name_en="Meters"))
    session.add(Category(code="fire", name_zh="消防", name_en="Fire"))
    session.flush()
    session.add_all(
        [
            rule(city.water_id, "water"),
            rule(city.police_id, "water.meter", HERE),
            rule(city.police_id, None, HERE),
            rule(city.hotline_id, "water.meter", ELSEWHERE, is_active=False),
        ]
    )


def test_the_catalogue_names_the_lead(city: City) -> None:
    wanted = {
        ("water", HERE): ("water", SuggestionReason.CATEGORY),
        ("water.meter", HERE): ("police", SuggestionReason.CATEGORY_AND_PLACE),
        ("water.meter", ELSEWHERE): ("water", SuggestionReason.CATEGORY),
        ("water.meter", ""): ("water", SuggestionReason.CATEGORY),
        ("fire", HERE): ("police", SuggestionReason.PLACE),
        ("fire", ELSEWHERE): None,
        (None, HERE): ("police", SuggestionReason.PLACE),
    }
    with city.context.writing() as session:
        written(session, city)
    found = {}
    with city.context.reading() as session:
        for category, district in wanted:
            named = lead_for(session, category, district)
            found[category, district] = (named.rule.lead.code, named.reason) if named else None
    assert found == wanted


def test_classes_for_which_the_catalogue_is_silent_everywhere(city: City) -> None:
    with city.context.writing() as session:
        written(session, city)
        session.add(Category(code="fire.hydrant", parent_code="fire", name_zh="消火栓", name_en="Hydrants"))
    with city.context.reading() as session:
        every = categories(session)
        silent = {one.code for one in every if lead_for(session, one.code, "") is None}
        found = {one.code for one in without_a_lead(every, rows_in_force(session))}
    assert "fire.hydrant" in found
    assert found == silent - {"fire"}, "what has classes below it is asked of them"

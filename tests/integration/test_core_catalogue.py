"""The dispatch catalogue is edited: every change a version, nothing that cannot be dispatched."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hotline.context import Context
from hotline.database import Database
from hotline.dispatch import catalogue
from hotline.dispatch.catalogue import CatalogueRefused, Class, Obstacle, Row
from hotline.dispatch.models import CatalogueRule, Category
from hotline.dispatch.queries import is_offered, lead_for, rows_in_force, versions_of
from hotline.people.actors import NotPermitted, Role
from tests.factories import City, FixedClock, make_context, user

HERE = "城关区"


@pytest.fixture
def context(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> Context:
    """Nothing here differs between the databases."""
    return make_context(sqlite_database, clock, tmp_path)


@pytest.fixture
def editing(city: City) -> Context:
    return city.context.acting_as(user(city.context, city.hotline_id, Role.ADMINISTRATOR, username="admin"))


@pytest.fixture
def row(city: City) -> Row:
    return Row("water.pressure", "", city.water_id)


def leads(context: Context, district: str = "") -> int | None:
    with context.reading() as session:
        named = lead_for(session, "water.pressure", district)
        return named.rule.lead_id if named else None


def test_a_row_names_the_lead_from_now_on_and_its_versions_stay(
    city: City, editing: Context, row: Row
) -> None:
    user(city.context, city.police_id, Role.HANDLER, username="p1")
    user(city.context, city.police_id, Role.UNIT_REVIEWER, username="p2")
    assert leads(editing) is None
    first = catalogue.set_row(editing, row, "三定方案")
    assert leads(editing) == city.water_id
    second = catalogue.set_row(
        editing, replace(row, lead_id=city.police_id, assist_ids=[city.water_id]), "划转"
    )
    assert leads(editing, HERE) == city.police_id
    catalogue.set_row(editing, replace(row, district=HERE), "属地")
    assert (leads(editing, HERE), leads(editing)) == (city.water_id, city.police_id)
    with editing.reading() as session:
        rule = session.get_one(CatalogueRule, second)
        assert [(one.id, one.version, one.is_active) for one in versions_of(session, rule)] == [
            (second, 2, True),
            (first, 1, False),
        ]
        assert (rule.changed_by, rule.reason, rule.assist_ids) == ("admin", "划转", [city.water_id])
        assert len(rows_in_force(session)) == 2


def test_the_fallback_of_a_district_needs_no_class(city: City, editing: Context) -> None:
    catalogue.set_row(editing, Row(None, HERE, city.water_id), "兜底")
    catalogue.set_row(editing, Row(None, HERE, city.water_id, [city.police_id]), "加协办")
    assert leads(editing, HERE) == city.water_id
    assert leads(editing) is None
    with editing.reading() as session:
        assert len(rows_in_force(session)) == 1


def test_a_retired_row_names_nobody(city: City, editing: Context, row: Row) -> None:
    rule_id = catalogue.set_row(editing, row, "三定方案")
    catalogue.retire_row(editing, rule_id, "机构撤并")
    assert leads(editing) is None
    with pytest.raises(CatalogueRefused) as refused:
        catalogue.retire_row(editing, rule_id, "机构撤并")
    assert refused.value.obstacle is Obstacle.CHANGED_MEANWHILE
    catalogue.set_row(editing, row, "恢复")
    assert leads(editing) == city.water_id


def test_what_cannot_be_dispatched_by_is_refused(city: City, editing: Context, row: Row) -> None:
    catalogue.set_row(editing, row, "三定方案")
    wrong = {
        Obstacle.NO_CHANGE: (row, "一样", ""),
        Obstacle.EMPTY: (replace(row, district=HERE), "  ", "reason"),
        Obstacle.TOO_LONG: (replace(row, district=HERE), "长" * 201, "reason"),
        Obstacle.CANNOT_LEAD: (replace(row, lead_id=city.police_id), "无人", "lead_id"),
        Obstacle.LEAD_ASSISTS: (replace(row, assist_ids=[city.water_id]), "自己", "assist_ids"),
        Obstacle.NO_CLASS_NO_PLACE: (replace(row, category_code=None), "没有", "category_code"),
    }
    for obstacle, (asked, reason, name) in wrong.items():
        with pytest.raises(CatalogueRefused) as refused:
            catalogue.set_row(editing, asked, reason)
        assert (refused.value.obstacle, refused.value.field) == (obstacle, name)
    for unknown in (
        replace(row, category_code="no"),
        replace(row, lead_id=999),
        replace(row, assist_ids=[999]),
    ):
        with pytest.raises(CatalogueRefused) as refused:
            catalogue.set_row(editing, unknown, "不存在")
        assert refused.value.obstacle is Obstacle.UNKNOWN


def test_classes_are_added_and_changed_and_stand_in_no_circle(editing: Context) -> None:
    catalogue.add_class(editing, "water", Class("供水", "Water", keywords=["自来水", "自来水", " "]))
    catalogue.change_class(
        editing, "water.pressure", Class("水压", "Pressure", "water", ["水小"], on_site=True)
    )
    with editing.reading() as session:
        changed = session.get_one(Category, "water.pressure")
        assert (changed.parent_code, changed.keywords, changed.on_site) == ("water", ["水小"], True)
        assert session.get_one(Category, "water").keywords == ["自来水"]
    for code, named, obstacle in (
        ("water", Class("又", "Again"), Obstacle.CODE_TAKEN),
        ("水", Class("水", "Water"), Obstacle.BAD_CODE),
        ("gas", Class("", "Gas"), Obstacle.EMPTY),
        ("gas", Class("气", "Gas", "nothing"), Obstacle.UNKNOWN),
        ("gas", Class("气" * 61, "Gas"), Obstacle.TOO_LONG),
        ("gas", Class("气", "Gas", keywords=["长" * 21]), Obstacle.TOO_MANY),
    ):
        with pytest.raises(CatalogueRefused) as refused:
            catalogue.add_class(editing, code, named)
        assert refused.value.obstacle is obstacle
    with pytest.raises(CatalogueRefused) as refused:
        catalogue.change_class(editing, "water", Class("供水", "Water", "water.pressure"))
    assert refused.value.obstacle is Obstacle.IN_A_CIRCLE


def test_nobody_else_edits_it(city: City, row: Row) -> None:
    for actor in (city.dispatcher, city.supervisor, city.leader):
        acting = city.context.acting_as(actor)
        for deed in (
            lambda acting=acting: catalogue.set_row(acting, row, "x"),
            lambda acting=acting: catalogue.retire_row(acting, 1, "x"),
            lambda acting=acting: catalogue.add_class(acting, "gas", Class("气", "Gas")),
            lambda acting=acting: catalogue.change_class(acting, "water.pressure", Class("气", "Gas")),
            lambda acting=acting: catalogue.retire_class(acting, "water.pressure", "x"),
            lambda acting=acting: catalogue.restore_class(acting, "water.pressure"),
        ):
            with pytest.raises(NotPermitted):
                deed()


def refused(deed: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(CatalogueRefused) as found:
        deed()
    return found.value.obstacle, found.value.field


def test_a_retired_class_gets_no_more_rows_and_keeps_what_it_has(
    city: City, editing: Context, row: Row
) -> None:
    catalogue.set_row(editing, row, "三定方案")
    catalogue.retire_class(editing, "water.pressure", "并入供水")
    assert leads(editing) == city.water_id, "its tickets are dispatched still"
    catalogue.set_row(editing, replace(row, assist_ids=[city.police_id]), "还有在办的")
    more = replace(row, district=HERE)
    below = Class("水小", "Weak", "water.pressure")
    assert refused(lambda: catalogue.set_row(editing, more, "新")) == (Obstacle.RETIRED, "category_code")
    assert refused(lambda: catalogue.add_class(editing, "weak", below)) == (Obstacle.RETIRED, "parent_code")
    again = refused(lambda: catalogue.retire_class(editing, "water.pressure", "又"))
    assert again == (Obstacle.CHANGED_MEANWHILE, "")
    with editing.reading() as session:
        retired = session.get_one(Category, "water.pressure")
        assert (retired.retired_by, retired.retired_reason) == ("admin", "并入供水")
        assert not is_offered(session, "water.pressure")
    catalogue.restore_class(editing, "water.pressure")
    catalogue.set_row(editing, more, "新")
    catalogue.add_class(editing, "weak", below)


def test_classes_are_retired_from_below_and_taken_up_from_above(editing: Context) -> None:
    catalogue.add_class(editing, "weak", Class("水小", "Weak", "water.pressure"))
    assert refused(lambda: catalogue.retire_class(editing, "water.pressure", "撤")) == (
        Obstacle.HAS_PARTS,
        "",
    )
    catalogue.retire_class(editing, "weak", "撤")
    catalogue.retire_class(editing, "water.pressure", "撤")
    assert refused(lambda: catalogue.restore_class(editing, "weak")) == (Obstacle.RETIRED, "")
    assert refused(lambda: catalogue.restore_class(editing, "no")) == (Obstacle.UNKNOWN, "code")
    catalogue.restore_class(editing, "water.pressure")
    catalogue.restore_class(editing, "weak")
    assert refused(lambda: catalogue.restore_class(editing, "weak")) == (Obstacle.CHANGED_MEANWHILE, "")

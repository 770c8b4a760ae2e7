"""The pages of the dispatch catalogue."""

import pytest

from hotline.people.actors import Actor, Role
from tests.factories import City, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import number_of


@pytest.fixture
def editor(city: City) -> Actor:
    return user(city.context, city.hotline_id, Role.ADMINISTRATOR, username="editor")


def test_an_editor_says_who_leads_and_a_dispatcher_reads_it(
    browser: Browser, city: City, editor: Actor
) -> None:
    browser.sign_in(editor)
    assert "这些分类在全市还没有指定单位" in browser.get("/catalogue/")
    row = {"category_code": "water.pressure", "district": "", "lead_id": city.water_id, "reason": "三定方案"}
    assert browser.post("/catalogue/", **row, assist_ids=[city.police_id]).status_code == 302
    page = browser.get("/catalogue/")
    assert "这些分类在全市还没有指定单位" not in page
    assert "水务局" in page
    same = browser.post("/catalogue/", **row, assist_ids=[city.police_id])
    assert (same.status_code, "目录里已经是这样" in same.text) == (409, True)
    wrong = browser.post("/catalogue/", **{**row, "lead_id": city.police_id})
    assert wrong.status_code == 422, "a department without people is not on offer"
    assert "三定方案" in wrong.text
    browser.post("/sign-out")
    browser.sign_in(city.dispatcher)
    assert "公安局" in browser.get("/catalogue/1")
    dispatching = browser.get(f"/tickets/{number_of(city, city.accepted())}")
    assert '<details class="more" open><summary>加协办单位' in dispatching, "nobody is dispatched to unseen"
    assert browser.client.get("/catalogue/new").status_code == 403
    assert browser.post("/catalogue/", **row).status_code == 403


def test_a_row_is_retired_with_a_reason(browser: Browser, city: City, editor: Actor) -> None:
    browser.sign_in(editor)
    row = {"category_code": "", "district": "", "lead_id": city.water_id, "reason": "兜底"}
    refused = browser.post("/catalogue/", **row)
    assert (refused.status_code, "至少选一样" in refused.text) == (422, True)
    browser.post("/catalogue/", **{**row, "category_code": "water.pressure"})
    assert browser.post("/catalogue/1/retire", **{"retire-reason": ""}).status_code == 422
    assert browser.post("/catalogue/1/retire", **{"retire-reason": "撤并"}).status_code == 302
    assert browser.post("/catalogue/1/retire", **{"retire-reason": "撤并"}).status_code == 409
    assert "撤并" in browser.get("/catalogue/1")
    assert browser.client.get("/catalogue/99").status_code == 404


def test_classes_are_edited_beside_their_list(browser: Browser, city: City, editor: Actor) -> None:
    browser.sign_in(editor)
    named = {"name_zh": "供水", "name_en": "Water", "keywords": "自来水，停水", "position": "2"}
    assert browser.post("/catalogue/classes", code="water", **named).status_code == 302
    taken = browser.post("/catalogue/classes", code="water", **named)
    assert (taken.status_code, "这个代码已经有了" in taken.text) == (422, True)
    changed = {**named, "name_zh": "水压", "parent_code": "water", "on_site": "y"}
    assert browser.post("/catalogue/classes/water.pressure", **changed).status_code == 302
    page = browser.get("/catalogue/classes")
    assert "要到现场" in page
    assert "自来水、停水" in page
    circle = browser.post("/catalogue/classes/water", **{**named, "parent_code": "water.pressure"})
    assert (circle.status_code, "不能放在自己下面" in circle.text) == (422, True)


def test_a_retired_class_is_offered_for_nothing_new(browser: Browser, city: City, editor: Actor) -> None:
    old = city.registered()
    browser.sign_in(editor)
    browser.post(
        "/catalogue/", category_code="water.pressure", district="", lead_id=city.water_id, reason="三定"
    )
    path = "/catalogue/classes/water.pressure"
    assert browser.post(f"{path}/retire", **{"retire-reason": ""}).status_code == 422
    assert browser.post(f"{path}/retire", **{"retire-reason": "并入供水"}).status_code == 302
    assert browser.post(f"{path}/retire", **{"retire-reason": "并入供水"}).status_code == 409
    retired = browser.get("/catalogue/classes").split('id="retired"', 1)[1]
    for said in ("并入供水", "派单目录里用它的", "/catalogue/1", "重新启用"):
        assert said in retired
    browser.post("/sign-out")
    browser.sign_in(user(city.context, city.hotline_id, Role.AGENT, Role.SCREENER, username="both"))
    offered = browser.get("/intake/").split('name="category_code"', 1)[1].split("</select>", 1)[0]
    assert "water.pressure" not in offered
    assert "水压不足（已停用）" in browser.get(f"/tickets/{number_of(city, old)}"), "it keeps what it has"
    assert "水压不足（已停用）" in browser.get("/search"), "what has it is found"
    browser.post("/sign-out")
    browser.sign_in(editor)
    assert browser.post(f"{path}/restore").status_code == 302
    assert 'id="retired"' not in browser.get("/catalogue/classes")

"""The page of the city's places."""

import pytest

from hotline.context import Context
from hotline.gazetteer.models import Place, PlaceKind
from hotline.gazetteer.queries import places
from hotline.gazetteer.service import Named, add_place
from tests.factories import City
from tests.integration.console.conftest import Browser

ROAD = {
    "kind": "road",
    "name": "同安路",
    "district": "市北区",
    "street": "辽源路街道",
    "aliases": "老同安路，同安大道",
}


@pytest.fixture
def editor(browser: Browser, city: City) -> Browser:
    return browser.sign_in(city.supervisor)


def kept(context: Context) -> list[Place]:
    with context.reading() as session:
        return list(places(session))


def test_a_place_is_added_changed_retired_and_brought_back(editor: Browser, city: City) -> None:
    assert editor.post("/places/", **ROAD).status_code == 302
    (place,) = kept(city.context)
    assert (place.name, place.aliases) == ("同安路", ["老同安路", "同安大道"])
    assert "同安路" in editor.get("/places/")

    assert (
        editor.post(f"/places/{place.id}", **(ROAD | {"name": "同安东路", "aliases": ""})).status_code == 302
    )
    assert [(p.name, p.aliases) for p in kept(city.context)] == [("同安东路", [])]

    editor.post(f"/places/{place.id}/retire")
    assert "已停用" in editor.get("/places/")
    editor.post(f"/places/{place.id}/restore")
    assert "已停用" not in editor.get("/places/")


def test_the_list_is_searched(editor: Browser, city: City) -> None:
    for name in ("同安路", "敦化路"):
        add_place(city.context, Named(PlaceKind.ROAD, name, "市北区"))
    page = editor.get("/places/?words=同安&of=road")
    assert "同安路" in page
    assert "敦化路" not in page
    assert "没有这样的地点" in editor.get("/places/?of=community")
    assert "敦化路" in editor.get("/places/?of=nonsense")


def test_what_is_wrong_is_said_and_what_was_typed_stays(editor: Browser) -> None:
    assert editor.post("/places/", **ROAD).status_code == 302
    twice = editor.post("/places/", **ROAD)
    assert twice.status_code == 422
    assert "这个区已经有同名的地点" in twice.text
    assert 'value="辽源路街道"' in twice.text
    assert editor.post("/places/", **(ROAD | {"name": "路"})).status_code == 422
    assert editor.post("/places/", **(ROAD | {"kind": "planet"})).status_code == 422
    assert editor.post("/places/999", **ROAD).status_code == 422
    assert editor.post("/places/999/retire").status_code == 404


def test_agents_do_not_edit(browser: Browser, city: City) -> None:
    browser.sign_in(city.agent)
    assert browser.client.get("/places/").status_code == 403
    assert browser.post("/places/", **ROAD).status_code == 403

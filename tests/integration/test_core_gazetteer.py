"""Editing the gazetteer, on both databases."""

import pytest

from hotline.context import Context
from hotline.gazetteer.models import PlaceKind
from hotline.gazetteer.queries import edition, in_use, places
from hotline.gazetteer.service import Named, PlaceRefused, add_missing, add_place, change_place, retire_place
from hotline.people.actors import NotPermitted, Role
from tests.factories import City, FixedClock, user

ROAD = Named(PlaceKind.ROAD, "同安路", "市北区", "辽源路街道", ("老同安路",))


@pytest.fixture
def editor(city: City) -> Context:
    return city.context.acting_as(user(city.context, city.hotline_id, Role.SUPERVISOR))


def test_add_change_retire_and_bring_back(editor: Context, clock: FixedClock) -> None:
    place_id = add_place(editor, ROAD)
    with editor.reading() as session:
        (place,) = in_use(session)
        assert (place.name, place.district, place.street, place.aliases) == (
            "同安路",
            "市北区",
            "辽源路街道",
            ["老同安路"],
        )
    clock.advance(minutes=1)
    change_place(editor, place_id, Named(PlaceKind.ROAD, " 同安 东路 ", "市北区"))
    with editor.reading() as session:
        assert [place.name for place in in_use(session)] == ["同安东路"]
    retire_place(editor, place_id)
    with editor.reading() as session:
        assert list(in_use(session)) == []
        assert [place.name for place in places(session)] == ["同安东路"]
    retire_place(editor, place_id, retired=False)
    with editor.reading() as session:
        assert [place.name for place in in_use(session)] == ["同安东路"]


def test_every_change_makes_another_edition(editor: Context, clock: FixedClock) -> None:
    with editor.reading() as session:
        before = edition(session)
    place_id = add_place(editor, ROAD)
    with editor.reading() as session:
        added = edition(session)
    clock.advance(minutes=1)
    retire_place(editor, place_id)
    with editor.reading() as session:
        assert len({before, added, edition(session)}) == 3


@pytest.mark.parametrize(
    ("named", "field"),
    [
        (ROAD, "twice"),
        (Named(PlaceKind.ROAD, "路"), "name"),
        (Named(PlaceKind.ROAD, "长" * 61), "name"),
        (Named(PlaceKind.ROAD, "长城路", "区" * 41), "district"),
        (Named(PlaceKind.ROAD, "长城路", "", "街" * 61), "street"),
        (Named(PlaceKind.ROAD, "长城路", aliases=("路",)), "aliases"),
    ],
)
def test_what_cannot_be_kept(editor: Context, named: Named, field: str) -> None:
    add_place(editor, ROAD)
    with pytest.raises(PlaceRefused) as refused:
        add_place(editor, named)
    assert refused.value.field == field


def test_a_place_that_is_not_there(editor: Context) -> None:
    with pytest.raises(PlaceRefused):
        change_place(editor, 999, ROAD)
    with pytest.raises(PlaceRefused):
        retire_place(editor, 999)


def test_the_same_name_in_another_district_is_another_place(editor: Context) -> None:
    add_place(editor, ROAD)
    add_place(editor, Named(PlaceKind.ROAD, "同安路", "崂山区"))
    with editor.reading() as session:
        assert len(in_use(session)) == 2


def test_many_at_once_without_doubles(editor: Context) -> None:
    add_place(editor, ROAD)
    assert (
        add_missing(editor, [ROAD, Named(PlaceKind.DISTRICT, "市北区"), Named(PlaceKind.DISTRICT, "市北区")])
        == 1
    )
    assert add_missing(editor, [ROAD]) == 0


def test_only_editors_edit(city: City) -> None:
    agent = city.context.acting_as(user(city.context, city.hotline_id, Role.AGENT))
    for edit in (
        lambda: add_place(agent, ROAD),
        lambda: change_place(agent, 1, ROAD),
        lambda: retire_place(agent, 1),
    ):
        with pytest.raises(NotPermitted):
            edit()


def test_a_search_takes_percent_signs_as_they_are(editor: Context) -> None:
    add_place(editor, ROAD)
    with editor.reading() as session:
        assert [place.name for place in places(session, words="同安")] == ["同安路"]
        assert list(places(session, words="%")) == []
        assert list(places(session, PlaceKind.COMMUNITY)) == []

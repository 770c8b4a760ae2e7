"""Places are heard by characters and by sound; house numbers by sound."""

from functools import cache

import pytest

from hotline.cli.demo.gazetteer import places
from hotline.gazetteer.houses import building_at, house_at
from hotline.gazetteer.models import PlaceKind
from hotline.gazetteer.rules import BY_CHARACTERS, Entry, PlaceIndex


@cache
def index() -> PlaceIndex:
    """Made by the first test: a second that nobody need wait for who only collects them."""
    return PlaceIndex(Entry(p.kind, p.name, p.district, p.street, tuple(p.aliases)) for p in places())


def heard(text: str, district: str = "") -> list[str]:
    return [place.name for place in index().find(text, district)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("我住市北区同安路", ["市北区", "同安路"]),
        ("我住是北区蹲画路", ["市北区", "敦化路"]),  # written otherwise, sounds the same
        ("老山区仙霞领路", ["崂山区", "仙霞岭路"]),
        ("在市北那边", ["市北区"]),
        ("阳光花园三号楼", ["阳光花园"]),
        ("苗林路十五号", ["苗岭路"]),  # lin for ling
        ("暖气三天不热了", []),
        ("", []),
    ],
)
def test_hears(text: str, names: list[str]) -> None:
    assert heard(text) == names


def test_what_is_written_right_is_surest() -> None:
    (right,) = index().find("敦化路")
    (by_sound,) = index().find("蹲画路")
    assert right.confidence == BY_CHARACTERS > by_sound.confidence > 0.8


def test_a_lost_syllable_is_filled_by_the_district() -> None:
    assert heard("香港路五十九号", "崂山区") == ["香港东路"]


def test_half_a_name_is_not_a_road_without_a_number() -> None:
    assert heard("香港那边") == []


def test_a_road_in_two_districts_is_in_both() -> None:
    (road,) = index().find("山东路")
    assert road.districts == {"市南区", "市北区"}


def test_an_alias_stands_for_its_place() -> None:
    one = PlaceIndex([Entry(PlaceKind.ROAD, "重庆南路", "市北区", "", ("三零八国道",))])
    assert [place.name for place in one.find("三零八国道旁边")] == ["重庆南路"]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("路六十八号楼下", "68号"),  # below it
        ("路六十八号楼三单元楼道", "68号楼3单元"),
        ("路68号2号楼下水道", "68号2号"),  # said as 2号 楼下 or 2号楼 下水道: the number is right in both
        ("路六十八号", "68号"),
        ("路时就好", "19号"),  # 十九号 by its sound
        ("路68号2号楼3单元402", "68号2号楼3单元402"),
        ("路六十八号二号楼三单元四零二室", "68号2号楼3单元402室"),
        ("路三百二十弄八号", "320弄8号"),
        ("路两百零五号", "205号"),
        ("路取拜号", "700号"),  # 七百号, one digit misheard
        ("路六十八的饭店", "68号"),
    ],
)
def test_house_numbers(text: str, whole: str) -> None:
    house = house_at(text, 1)
    assert house is not None
    assert house.whole == whole


@pytest.mark.parametrize("text", ["路上有个坑", "路", "路口", "路上一直没人"])
def test_no_house_number(text: str) -> None:
    assert house_at(text, 1) is None


def test_a_building_of_a_community() -> None:
    house = building_at("三号楼二单元五零一", 0)
    assert house is not None
    assert house.whole == "3号楼2单元501"

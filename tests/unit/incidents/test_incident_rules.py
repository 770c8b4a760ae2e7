"""When many tell of the same, and what a matter has in common with an incident."""

from datetime import UTC, datetime, timedelta

import pytest

from hotline.incidents.rules import About, Group, Told, community_of, grouped, in_common
from hotline.suggestions.similar import Why

NOW = datetime(2020, 4, 30, 8, tzinfo=UTC)
COMMUNITIES = ("阳光花园二期", "阳光花园", "幸福里")


def told(ticket_id: int, address: str, phone: str = "", street: str = "", hours: float = 0) -> Told:
    return Told(ticket_id, phone or f"1380000{ticket_id:04}", street, address, NOW + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("address", "street", "place"),
    [
        ("幸福路8号阳光花园二期3号楼", "", "阳光花园二期"),
        ("幸福路8号阳光花园3号楼", "", "阳光花园"),
        ("幸福路 8 号", "东大街道", "幸福路"),
        ("三楼", "东大街道", "东大街道"),
        ("", "", ""),
    ],
)
def test_the_community_is_named_by_the_address_then_the_road_then_the_street_office(
    address: str, street: str, place: str
) -> None:
    assert community_of(told(1, address, street=street), COMMUNITIES) == place


def test_citizens_are_counted_once_by_their_telephone_and_by_community() -> None:
    everything = [
        told(1, "阳光花园1号楼"),
        told(2, "阳光花园2号楼"),
        told(3, "阳光花园2号楼", phone="13800000002"),
        told(4, "幸福里"),
        told(5, ""),
    ]
    assert grouped(everything, COMMUNITIES, {}) == [
        Group("阳光花园", 2, (1, 2, 3)),
        Group("幸福里", 1, (4,)),
    ]


def test_what_was_told_before_a_decision_is_not_counted_again() -> None:
    everything = [told(1, "幸福里"), told(2, "幸福里", hours=2), told(3, "阳光花园")]
    found = grouped(everything, COMMUNITIES, {"幸福里": NOW + timedelta(hours=1)})
    assert found == [Group("幸福里", 1, (2,)), Group("阳光花园", 1, (3,))]


BURST = About("water.supply.off", "城关区", "幸福路 8 号", "幸福路水管爆裂停水")


@pytest.mark.parametrize(
    ("matter", "why"),
    [
        (About("water.supply.low", "城关区", "幸福路 120 号", ""), (Why.PLACE, Why.CATEGORY)),
        (About("", "", "", "喂你好，我们家停水了，说是水管爆裂，在幸福路这边"), (Why.WORDS,)),
        (About("water.supply.off", "", "", ""), (Why.CATEGORY,)),
        (About("noise.night", "城关区", "长江路 1 号", "楼上太吵"), ()),
        (About("water.supply.off", "市北区", "幸福路 8 号", "幸福路水管爆裂停水"), ()),
        (About("", "", "", ""), ()),
    ],
)
def test_a_matter_is_compared_by_place_category_and_words_never_across_districts(
    matter: About, why: tuple[Why, ...]
) -> None:
    assert in_common(BURST, matter) == why

"""What of a filter may be kept, and where a limit stands."""

from datetime import timedelta

import pytest

from hotline.lists.rules import MOST_SAVED, Due, FilterRefused, Narrowing, Obstacle, check, standing
from tests.factories import local

NOW = local("2020-04-30 16:00")


@pytest.mark.parametrize(
    ("hours", "where"), [(-1, Due.OVERDUE), (0, Due.OVERDUE), (1, Due.SOON), (24, Due.SOON), (25, Due.LATER)]
)
def test_where_a_limit_stands(hours: int, where: Due) -> None:
    assert standing(NOW + timedelta(hours=hours), NOW) is where
    assert standing(None, NOW) is Due.NONE


@pytest.mark.parametrize(
    ("name", "asked", "names", "obstacle"),
    [
        ("", {"due": "overdue"}, [], Obstacle.NO_NAME),
        ("超" * 21, {"due": "overdue"}, [], Obstacle.NAME_TOO_LONG),
        ("超期", {"due": "overdue"}, ["超期"], Obstacle.NAME_TAKEN),
        ("超期", {"due": "overdue"}, [str(n) for n in range(MOST_SAVED)], Obstacle.TOO_MANY),
        ("超期", {}, [], Obstacle.NOTHING_ASKED),
        ("超期", {"q": "漏" * 101}, [], Obstacle.TOO_LONG),
        ("老主顾", {"q": "13800001234"}, [], Obstacle.PERSONAL),
        ("13800001234", {"due": "overdue"}, [], Obstacle.PERSONAL),
    ],
)
def test_what_is_not_kept(name: str, asked: dict[str, str], names: list[str], obstacle: Obstacle) -> None:
    with pytest.raises(FilterRefused) as refused:
        check(name, asked, names)
    assert refused.value.obstacle is obstacle


def test_what_is_kept() -> None:
    check("超" * 20, {"due": "overdue", "q": "漏水"}, ["急件"])
    assert Narrowing(due=Due.OVERDUE).asks
    assert not Narrowing().asks

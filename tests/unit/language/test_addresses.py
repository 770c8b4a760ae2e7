"""When two written addresses are one house."""

import pytest

from hotline.language.addresses import same_house


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("幸福路 8 号", "幸福路 8 号", True),
        ("幸福路 8 号", "幸福路 8 号 3 栋", True),
        ("幸福路", "幸福路 8 号", True),
        ("幸福路 1", "幸福路 12 号", False),
        ("幸福路1", "幸福路1号", True),
        ("幸福路 8 号", "幸福路 9 号", False),
        ("", "幸福路 8 号", False),
    ],
)
def test_one_house(one: str, other: str, same: bool) -> None:
    assert same_house(one, other) is same
    assert same_house(other, one) is same

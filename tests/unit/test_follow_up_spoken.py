"""Which words of a spoken answer mean which key."""

import pytest

from hotline.follow_up.spoken import SATISFACTION, SOLVED, key_of


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("解决了", "1"),
        ("没有解决", "2"),
        ("没解决", "2"),
        ("还是没有解决", "2"),
        ("对已经解决了", "1"),
        ("是的", "1"),
        ("不是", "2"),
        ("一", "1"),
        ("二", "2"),
        ("", ""),
        ("是没有", ""),
        ("解决了没有", ""),
    ],
)
def test_whether_it_is_solved(words: str, key: str) -> None:
    assert key_of(words, SOLVED) == key


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("非常满意", "1"),
        ("满意", "2"),
        ("一般", "3"),
        ("一般般", "3"),
        ("不满意", "4"),
        ("非常不满意", "5"),
        ("一点都不满意", "5"),
        ("五", "5"),
        ("五分", "1"),
        ("一分", "5"),
        ("满意不满意", ""),
        ("今天天气", ""),
    ],
)
def test_how_satisfied(words: str, key: str) -> None:
    assert key_of(words, SATISFACTION) == key


@pytest.mark.parametrize("meanings", [SOLVED, SATISFACTION])
def test_every_phrase_means_its_own_key(meanings: dict[str, str]) -> None:
    assert all(key_of(phrase, meanings) == key for phrase, key in meanings.items())

"""The character error rate that the demo and the evaluation report."""

import pytest

from recordings.accuracy import character_error_rate, character_errors, spoken_characters


@pytest.mark.parametrize(
    ("said", "heard", "rate"),
    [
        ("路灯坏了", "路灯坏了", 0.0),
        ("路灯坏了", "路灯换了", 0.25),
        ("路灯坏了", "路灯", 0.5),
        ("路灯坏了", "", 1.0),
        ("路灯", "路灯坏了吗没", 2.0),
        ("", "", 0.0),
        ("", "路灯", 1.0),
        ("。！", "", 0.0),
    ],
)
def test_errors_a_character(said: str, heard: str, rate: float) -> None:
    assert character_error_rate(said, heard) == rate


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("您好，我家 停水了！", "您好我家停水了"),
        ("住3号楼1203室", "住三号楼幺二零三室"),
        ("住3号楼1203室", "住三号楼一二零三室"),
        ("拖了2个月", "拖了两个月"),
        ("拨打１２３４５", "拨打一二三四五"),
        ("APP登不上", "app登不上"),
    ],
)
def test_writing_alone_is_no_error(said: str, heard: str) -> None:
    assert character_error_rate(said, heard) == 0


def test_every_kind_of_error_counts_once() -> None:
    assert character_errors("abcd", "xbcde") == 2
    assert character_errors("abcd", "bd") == 2


def test_what_is_spoken_of_a_text() -> None:
    assert spoken_characters("2点30分，OK!") == "二点三十分ok"

"""Spoken numbers become digits."""

import pytest

from hotline.language.numbers import cardinal, identifier
from hotline.language.spoken_numbers import digits_of, find_numbers, with_digits


@pytest.mark.parametrize(
    ("spoken", "digits"),
    [
        ("六十八", "68"),
        ("十", "10"),
        ("二十", "20"),
        ("一百零五", "105"),
        ("三百二十", "320"),
        ("三百二", "320"),
        ("两千零三", "2003"),
        ("一千零一", "1001"),
        ("一万二", "12000"),
        ("四零二", "402"),
        ("幺三八零零零一二三四五", "13800012345"),
        ("68", "68"),
    ],
)
def test_digits_of_one_number(spoken: str, digits: str) -> None:
    assert digits_of(spoken) == digits


def test_every_counted_number_comes_back() -> None:
    numbers = [*range(1, 1300), 2005, 3020, 10_000, 12_000, 20_305, 99_999, 120_000]
    assert [digits_of(cardinal(number)) for number in numbers] == [str(number) for number in numbers]


def test_every_identifier_comes_back() -> None:
    assert digits_of(identifier("13964285701")) == "13964285701"


def test_places_of_numbers_in_a_text() -> None:
    found = find_numbers("同安路六十八号二号楼四零二")
    assert [(number.start, number.end, number.digits) for number in found] == [
        (3, 6, "68"),
        (7, 8, "2"),
        (10, 13, "402"),
    ]


def test_two_numbers_without_a_word_between() -> None:
    assert [number.digits for number in find_numbers("六十八四零二")] == ["68", "402"]
    assert [number.digits for number in find_numbers("幺零二三百")] == ["102", "300"]


def test_a_text_with_its_numbers_as_digits() -> None:
    assert with_digits("二号楼三单元四零二") == "2号楼3单元402"
    assert with_digits("一家三口住六号", lambda following: following.startswith("号")) == "一家三口住6号"


def test_units_alone_lose_no_character() -> None:
    assert with_digits("百年老店") == "100年老店"
    assert with_digits("没有数") == "没有数"

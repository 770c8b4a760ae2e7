"""Numbers, dates and times in Mandarin."""

from datetime import date, time

import pytest

from hotline.language import numbers


@pytest.mark.parametrize(
    ("number", "spoken"),
    [
        (0, "零"),
        (2, "二"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (22, "二十二"),
        (101, "一百零一"),
        (110, "一百一十"),
        (200, "两百"),
        (1001, "一千零一"),
        (1010, "一千零一十"),
        (2002, "两千零二"),
        (10_000, "一万"),
        (12_345, "一万两千三百四十五"),
        (20_000, "两万"),
        (100_010, "十万零一十"),
        (1_000_000, "一百万"),
        (200_000_000, "两亿"),
        (100_000_001, "一亿零一"),
        (-3, "负三"),
    ],
)
def test_cardinals_are_counted_as_people_count(number: int, spoken: str) -> None:
    assert numbers.cardinal(number) == spoken


def test_a_number_that_nobody_says_is_refused() -> None:
    with pytest.raises(ValueError, match="17 digits"):
        numbers.cardinal(10**16)


def test_two_of_something_is_liang() -> None:
    assert (numbers.quantity(2), numbers.quantity(12)) == ("两", "十二")


def test_telephone_numbers_are_grouped_and_one_is_yao() -> None:
    assert numbers.telephone("+86 139 6428 5701") == "幺三九，六四二八，五七零幺"
    assert numbers.telephone("0532-88886666") == "零五三二，八八八八，六六六六"
    assert numbers.telephone("12345") == "幺二三四五"


def test_dates_and_times() -> None:
    assert numbers.calendar_date(date(2026, 11, 21)) == "二零二六年十一月二十一日"
    assert numbers.calendar_date(date(2026, 2, 2), with_year=False) == "二月二日"
    assert numbers.time_of_day(time(14, 5)) == "十四点零五分"
    assert numbers.time_of_day(time(2, 0)) == "两点"
    assert numbers.time_of_day(time(9, 30)) == "九点三十分"


def test_decimals_keep_every_place() -> None:
    assert numbers.decimal("12.50") == "十二点五零"
    assert numbers.decimal("-0.5") == "负零点五"

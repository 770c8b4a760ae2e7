"""Numbers of what was done, as people write them."""

from decimal import Decimal

import pytest

from hotline.replies.quantities import MOST_LINES, Quantity, QuantityRefused, checked, number, units


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", "12"),
        (" 0 ", "0"),
        ("3,000", "3000"),
        ("３，０００．５", "3000.5"),
        ("0.25", "0.25"),
        ("999999999999.99", "999999999999.99"),
    ],
)
def test_numbers_are_read_as_they_are_written(text: str, value: str) -> None:
    assert number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    ["", "-1", "+1", "1.234", "1e3", "NaN", "Infinity", "十二", "٣", "1 000", "1000000000000", "0x10", "."],
)
def test_what_is_no_number_of_things_is_refused(text: str) -> None:
    with pytest.raises(QuantityRefused):
        number(text)


@pytest.mark.parametrize(
    "line",
    [
        Quantity(" ", Decimal(1), "item"),
        Quantity("长" * 61, Decimal(1), "item"),
        Quantity("修复路灯", Decimal(1), "furlong"),
        Quantity("修复路灯", Decimal("-1"), "item"),
        Quantity("修复路灯", Decimal("0.001"), "item"),
        Quantity("修复路灯", Decimal("NaN"), "item"),
    ],
)
def test_a_line_that_says_nothing_countable_is_refused(line: Quantity) -> None:
    with pytest.raises(QuantityRefused):
        checked([line])


def test_there_is_a_most_and_every_unit_has_its_words() -> None:
    line = Quantity(" 修复路灯 ", Decimal(12), "lamp")
    assert checked([line] * MOST_LINES)[0].what == "修复路灯"
    with pytest.raises(QuantityRefused):
        checked([line] * (MOST_LINES + 1))
    assert len({unit.code for unit in units()}) == len(units())
    assert all(unit.zh and unit.en and len(unit.code) <= 20 for unit in units())

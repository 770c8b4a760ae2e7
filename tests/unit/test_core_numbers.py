"""Ticket numbers with their check digits, query codes, callers' numbers, masks."""

from datetime import date

import pytest

from hotline.contacts.rules import caller_number
from hotline.numbering import typed
from hotline.people.privacy import masked_name, masked_phone
from hotline.tickets.numbers import QUERY_ALPHABET, is_ticket_number, query_code, ticket_number
from hotline.tickets.states import Channel

DAY = date(2020, 4, 30)


def test_a_number_says_day_channel_and_sequence() -> None:
    number = ticket_number(DAY, Channel.PHONE, 42)
    assert number[:-1] == "20200430DH000042"
    assert len(number) == 17
    assert is_ticket_number(number)


def test_the_check_digit_is_luhns() -> None:
    """20200430 D=13 H=17 000042, doubled from the right: 86 + 4 is the next multiple of ten."""
    digits = "20200430" + "13" + "17" + "000042"
    doubled = [int(d) * 2 if i % 2 == 0 else int(d) for i, d in enumerate(reversed(digits))]
    total = sum(d - 9 if d > 9 else d for d in doubled)
    assert int(ticket_number(DAY, Channel.PHONE, 42)[-1]) == (10 - total % 10) % 10


def test_one_wrong_digit_is_always_noticed() -> None:
    number = ticket_number(DAY, Channel.PHONE, 123456)
    for place in (*range(8), *range(10, 17)):
        for digit in "0123456789":
            wrong = number[:place] + digit + number[place + 1 :]
            assert is_ticket_number(wrong) == (wrong == number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "20200430DH00004",
        "²0200430DH0000421",
        "20200430--0000421",
        "20200430dh0000421",
        "２0200430DH0000421",
    ],
)
def test_what_is_no_number_is_not_one(text: str) -> None:
    assert not is_ticket_number(text)


@pytest.mark.parametrize("sequence", [0, -1, 1_000_000])
def test_a_day_has_a_million_numbers_less_one(sequence: int) -> None:
    with pytest.raises(ValueError, match="999999"):
        ticket_number(DAY, Channel.PHONE, sequence)


def test_query_codes_have_no_letters_that_are_misheard() -> None:
    codes = {query_code() for _ in range(200)}
    assert len(codes) == 200
    assert {len(code) for code in codes} == {8}
    assert set("".join(codes)) <= set(QUERY_ALPHABET)
    assert not set("01OIL") & set(QUERY_ALPHABET)


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("13912345678", "13912345678"),
        ("+8613912345678", "13912345678"),
        ("008613912345678", "13912345678"),
        ("+86 139-1234-5678", "13912345678"),
        ("(0931) 8412345", "09318412345"),
        ("+4915112345678", "+4915112345678"),
        ("12345", "12345"),
        ("8612345", "8612345"),  # a local number may begin like the country code
        ("+8612345", "+8612345"),  # too short to be a number abroad dialled home
    ],
)
def test_numbers_are_made_uniform(raw: str, number: str) -> None:
    assert caller_number(raw) == (number, False)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "anonymous",
        "Anonymous",
        "unknown",
        "Restricted",
        "1" * 200,
        "1" * 100_000,
        '"Robert\'); DROP TABLE ticket;--" <139>',
        "139\n\nAction: Originate",
        "sip:alice@example.org",
        "alice",
        "+",
        "12",
        "１３９１２３４５６７８",
        "139\x0012345678",
        "++8613912345678",
    ],
)
def test_what_is_no_number_counts_as_withheld(raw: str | None) -> None:
    assert caller_number(raw) == ("", True)


@pytest.mark.parametrize(
    ("number", "masked"),
    [("13912345678", "139****5678"), ("", ""), ("12345", "***45"), ("12", "**"), ("123", "*23")],
)
def test_numbers_are_masked(number: str, masked: str) -> None:
    assert masked_phone(number) == masked


def test_names_keep_their_first_character() -> None:
    assert [masked_name(name) for name in ("王小明", "王", "")] == ["王**", "王", ""]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("１２３２０", "12320"),
        (" 12320\u3000", "12320"),
        ("\u00a013912345678\t", "13912345678"),
        ("（０９３１）８４１－２３４５", "(0931)841-2345"),
        ("12320", "12320"),
        ("", ""),
    ],
)
def test_a_typed_number_is_in_the_signs_of_telephones(written: str, number: str) -> None:
    assert typed(written) == number

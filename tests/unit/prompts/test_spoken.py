"""Numbers, dates and times come out as speakers say them; every piece of them is a prompt."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from hotline.prompts import spoken
from hotline.prompts.texts import LANGUAGES, known_prompts, prompt_texts


def heard(pieces: list[str], language: str) -> str:
    """The words of the pieces as one sentence: read aloud, this is what a caller hears."""
    texts = prompt_texts(language)
    return ("" if language == "zh" else " ").join(texts[piece] for piece in pieces)


@pytest.mark.parametrize(
    ("n", "counted", "zh", "en"),
    [
        (0, False, "零", "zero"),
        (2, False, "二", "two"),
        (2, True, "两", "two"),
        (12, True, "十二", "twelve"),
        (20, True, "二十", "twenty"),
        (22, True, "二十二", "twenty two"),
        (105, False, "一百零五", "one hundred and five"),
        (200, False, "两百", "two hundred"),
        (222, True, "两百二十二", "two hundred and twenty two"),
        (2002, False, "两千零二", "two thousand and two"),
        (20_000, False, "两万", "twenty thousand"),
        (1_000_001, False, "一百万零一", "one million and one"),
        (200_000_000, False, "两亿", "two hundred million"),
        (-3, False, "负三", "minus three"),
    ],
)
def test_numbers(n: int, counted: bool, zh: str, en: str) -> None:
    assert heard(spoken.number(n, "zh", counted), "zh") == zh
    assert heard(spoken.number(n, "en", counted), "en") == en


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_that_nobody_says_is_refused(language: str) -> None:
    with pytest.raises(ValueError, match="no spoken form"):
        spoken.number(10**12, language)


def test_numbers_of_tickets_and_telephones_are_read_digit_by_digit() -> None:
    assert heard(spoken.digits("20261121dh-0000012", "zh"), "zh") == "二零二六幺幺二幺DH零零零零零幺二"
    assert heard(spoken.digits("139 6428", "en"), "en") == "one three nine six four two eight"


@pytest.mark.parametrize(
    ("at", "zh", "en"),
    [
        ((2026, 2, 2, 2, 0), "二月二日两点", "February the second at two a m"),
        (
            (2026, 11, 28, 16, 5),
            "十一月二十八日十六点零五分",
            "November the twenty eighth at four oh five p m",
        ),
        ((2026, 10, 30, 0, 12), "十月三十日零点十二分", "October the thirtieth at twelve twelve a m"),
        ((2026, 1, 28, 9, 0), "一月二十八日九点", "January the twenty eighth at nine a m"),
        ((2026, 12, 20, 12, 20), "十二月二十日十二点二十分", "December the twentieth at twelve twenty p m"),
    ],
)
def test_moments(at: tuple[int, int, int, int, int], zh: str, en: str) -> None:
    dt = datetime(*at, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert heard(spoken.moment(dt, "zh"), "zh") == zh
    assert heard(spoken.moment(dt, "en"), "en") == en


def test_years() -> None:
    assert heard(spoken.day(date(2026, 1, 1), "zh", with_year=True), "zh") == "二零二六年一月一日"
    english = {
        2026: "twenty twenty six",
        2005: "two thousand and five",
        2000: "two thousand",
        1900: "nineteen hundred",
        1909: "nineteen oh nine",
    }
    for year, words in english.items():
        assert heard(spoken.day(date(year, 1, 1), "en", with_year=True), "en") == f"January the first {words}"


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (0, "不到一分钟", "less than one minute"),
        (59, "不到一分钟", "less than one minute"),
        (110, "大约两分钟", "about two minutes"),
        (180, "大约三分钟", "about three minutes"),
        (12 * 60, "大约十分钟", "about ten minutes"),
        (13 * 60, "大约十五分钟", "about fifteen minutes"),
        (59 * 60, "大约一小时", "about one hour"),
        (2 * 3600 + 1200, "大约两小时二十分钟", "about two hours twenty minutes"),
    ],
)
def test_spans(seconds: int, zh: str, en: str) -> None:
    assert heard(spoken.duration(timedelta(seconds=seconds), "zh"), "zh") == zh
    assert heard(spoken.duration(timedelta(seconds=seconds), "en"), "en") == en


@pytest.mark.parametrize(
    ("amount", "zh", "en"),
    [
        ("0", "零元", "zero yuan"),
        ("2", "两元", "two yuan"),
        ("2.05", "两元零五分", "two yuan and five fen"),
        ("12.50", "十二元五角", "twelve yuan and fifty fen"),
        ("0.2", "两角", "twenty fen"),
        ("100.22", "一百元两角两分", "one hundred yuan and twenty two fen"),
    ],
)
def test_money(amount: str, zh: str, en: str) -> None:
    assert heard(spoken.money(Decimal(amount), "zh"), "zh") == zh
    assert heard(spoken.money(Decimal(amount), "en"), "en") == en


def test_debts_are_not_spoken() -> None:
    with pytest.raises(ValueError, match="below nothing"):
        spoken.money(Decimal(-1), "zh")


def test_a_place_in_the_queue_is_an_ordinal() -> None:
    assert heard(spoken.position(2, "zh"), "zh") == "您排在第二位。"
    assert heard(spoken.position(2, "en"), "en") == "You are number two in the queue."


def test_other_languages_are_refused() -> None:
    with pytest.raises(ValueError, match="zh or en"):
        spoken.number(1, "fr")


_WIDE: dict[str, Callable[[str], list[str]]] = {
    "numbers": lambda language: [p for n in range(20_000) for p in spoken.number(n, language, n % 2 == 0)],
    "great numbers": lambda language: [p for n in range(12) for p in spoken.number(10**n + n, language)],
    "days": lambda language: [
        p for n in range(366) for p in spoken.day(date(2028, 1, 1) + timedelta(n), language, with_year=True)
    ],
    "times": lambda language: [
        p for h in range(24) for m in range(60) for p in spoken.clock(time(h, m), language)
    ],
    "spans": lambda language: [
        p for m in range(3000) for p in spoken.duration(timedelta(minutes=m), language)
    ],
    "signs": lambda language: spoken.digits("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", language),
    "money": lambda language: [p for n in range(1000) for p in spoken.money(Decimal(n) / 100, language)],
    "the rest": lambda language: [
        *spoken.position(7, language),
        *spoken.moment(datetime(2026, 1, 1, tzinfo=UTC), language),
        *spoken.number(-1, language),
    ],
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", _WIDE)
def test_every_piece_is_a_prompt(language: str, kind: str) -> None:
    assert set(_WIDE[kind](language)) <= known_prompts(language)

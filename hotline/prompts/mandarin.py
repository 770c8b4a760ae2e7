"""Mandarin: each sign of what `hotline.language.numbers` writes is one prompt."""

from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from hotline.language import numbers

joint: tuple[str, ...] = ()
"""What stands between a date and a time."""

_SIGNS: Final = {
    **{sign: f"digit-{value}" for value, sign in enumerate(numbers.DIGITS)},
    "幺": "digit-1-telephone",
    "两": "two-counted",
    "十": "number-10",
    "百": "number-100",
    "千": "number-1000",
    "万": "number-10000",
    "亿": "number-100000000",
    "负": "minus",
    "年": "year",
    "月": "month",
    "日": "day",
    "点": "o-clock",
    "分": "minute",
}


def number(n: int, counted: bool) -> list[str]:
    """See `spoken.number`. Nobody says 兆, which means a million to some and a billion to others."""
    if abs(n) >= 10**12:
        raise ValueError("no spoken form for so great a number")
    return _signs(numbers.quantity(n) if counted else numbers.cardinal(n))


def digits(text: str) -> list[str]:
    """`text` holds digits and capitals."""
    return [
        _signs(numbers.identifier(sign))[0] if sign.isdigit() else f"letter-{sign.lower()}" for sign in text
    ]


def day(day: date, with_year: bool) -> list[str]:
    """See `spoken.day`."""
    return _signs(numbers.calendar_date(day, with_year=with_year))


def clock(moment: time) -> list[str]:
    """On the 24-hour clock, as the console shows it."""
    return _signs(numbers.time_of_day(moment))


def hours(n: int) -> list[str]:
    """A span."""
    return [*number(n, counted=True), "hours"]


def minutes(n: int) -> list[str]:
    """A span."""
    return [*number(n, counted=True), "minutes"]


def money(amount: Decimal) -> list[str]:
    """2.05 -> 两元零五分, 12.50 -> 十二元五角."""
    fen_in_all = int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP))
    yuan, (jiao, fen) = fen_in_all // 100, divmod(fen_in_all % 100, 10)
    spoken = [*number(yuan, counted=True), "yuan"] if yuan or not fen_in_all else []
    if jiao:
        spoken += [*number(jiao, counted=True), "jiao"]
    if fen:
        spoken += [*(["digit-0"] if yuan and not jiao else []), *number(fen, counted=True), "fen"]
    return spoken


def _signs(spoken: str) -> list[str]:
    return [_SIGNS[sign] for sign in spoken]

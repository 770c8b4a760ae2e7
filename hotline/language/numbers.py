"""Numbers, dates and times as they are spoken in Mandarin.

Quantities are read as numbers (12000元: 一万两千元), identifiers digit by digit with 幺 for one: so telephone
and ticket numbers are given over the telephone, lest 一 and 七 be confused.
"""

import re
from datetime import date, time
from decimal import Decimal

DIGITS = "零一二三四五六七八九"
LARGEST = 10**16 - 1

_PLACES = ("", "十", "百", "千")
_MYRIADS = ("", "万", "亿", "兆")
_TELEPHONE_DIGITS = str.maketrans("0123456789", "零幺二三四五六七八九")
_PLAIN_DIGITS = str.maketrans("0123456789", DIGITS)


def cardinal(number: int) -> str:
    """The number as it is counted: 12 -> 十二, 105 -> 一百零五, 2000 -> 两千, -3 -> 负三.

    Raises ValueError beyond sixteen digits, which nobody says as a number.
    """
    if abs(number) > LARGEST:
        raise ValueError(f"no spoken form for a number of {len(str(abs(number)))} digits")
    if number < 0:
        return "负" + cardinal(-number)
    if number == 0:
        return "零"
    spoken = _join_myriads(number)
    return spoken.removeprefix("一") if spoken.startswith("一十") else spoken


def _join_myriads(number: int) -> str:
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    spoken = ""
    gap = False
    for position in reversed(range(len(groups))):
        group = groups[position]
        if group == 0:
            gap = True
            continue
        if spoken and (gap or group < 1000):
            spoken += "零"
        words = "两" if group == 2 and position > 0 else _below_myriad(group)
        spoken += words + _MYRIADS[position]
        gap = False
    return spoken


def _below_myriad(number: int) -> str:
    spoken = ""
    gap = False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit == 0:
            gap = bool(spoken)
            continue
        word = "两" if digit == 2 and place >= 2 else DIGITS[digit]
        spoken += ("零" if gap else "") + word + _PLACES[place]
        gap = False
    return spoken


def quantity(number: int) -> str:
    """The number before a measure word: as `cardinal`, but two alone is 两 (两个, 两点, 两天)."""
    return "两" if number == 2 else cardinal(number)


def decimal(number: Decimal | str) -> str:
    """A decimal fraction: 12.50 -> 十二点五零 (every given place is read)."""
    whole, _, fraction = str(number).partition(".")
    sign = "负" if whole.startswith("-") else ""
    spoken = sign + cardinal(int(whole.lstrip("-") or "0"))
    return f"{spoken}点{digit_by_digit(fraction)}" if fraction else spoken


def digit_by_digit(digits: str) -> str:
    """Years and places after the point: 2026 -> 二零二六. Anything but the digits 0-9 is kept."""
    return digits.translate(_PLAIN_DIGITS)


def identifier(text: str) -> str:
    """Telephone, ticket and room numbers: 10086 -> 幺零零八六. Anything but the digits 0-9 is kept."""
    return text.translate(_TELEPHONE_DIGITS)


def telephone(number: str) -> str:
    """A telephone number with pauses: 13964285701 -> 幺三九，六四二八，五七零幺.

    The country code +86 is left out; other signs than digits are dropped.
    """
    digits = re.sub(r"\D", "", number)
    if number.strip().startswith("+86"):
        digits = digits.removeprefix("86")
    return "，".join(identifier(group) for group in _telephone_groups(digits))


def _telephone_groups(digits: str) -> list[str]:
    if len(digits) <= 5:
        return [digits]
    head = 3 if len(digits) % 4 == 3 else len(digits) % 4 or 4
    return [digits[:head], *(digits[i : i + 4] for i in range(head, len(digits), 4))]


def calendar_date(day: date, *, with_year: bool = True) -> str:
    """2026-11-21 -> 二零二六年十一月二十一日."""
    year = f"{digit_by_digit(f'{day.year:04}')}年" if with_year else ""
    return f"{year}{cardinal(day.month)}月{cardinal(day.day)}日"


def time_of_day(moment: time) -> str:
    """A time on the 24-hour clock: 14:05 -> 十四点零五分, 02:00 -> 两点."""
    spoken = f"{quantity(moment.hour)}点"
    if moment.minute == 0:
        return spoken
    if moment.minute < 10:
        return f"{spoken}零{DIGITS[moment.minute]}分"
    return f"{spoken}{cardinal(moment.minute)}分"

"""Numbers, dates, times and spans as lists of prompts to be played one after the other.

Every function returns names of prompts of the language that was asked for (`zh` or `en`), each of which
`texts.pieces` holds. Played in order they are what a speaker of it says on the telephone.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Protocol

from hotline.prompts import english, mandarin

ROUNDED_FROM = timedelta(minutes=10)
"""From here on a span is told in steps of five minutes: nobody can promise more."""


class _Tongue(Protocol):
    """What each language's module can say."""

    joint: tuple[str, ...]

    def number(self, n: int, counted: bool) -> list[str]: ...
    def digits(self, text: str) -> list[str]: ...
    def day(self, day: date, with_year: bool) -> list[str]: ...
    def clock(self, moment: time) -> list[str]: ...
    def hours(self, n: int) -> list[str]: ...
    def minutes(self, n: int) -> list[str]: ...
    def money(self, amount: Decimal) -> list[str]: ...


_TONGUES: dict[str, _Tongue] = {"zh": mandarin, "en": english}
_SIGNS = re.compile(r"[^0-9A-Z]")


def number(n: int, language: str, counted: bool = False) -> list[str]:
    """A whole number. `counted`: something is counted by it, so that two is 两 in Mandarin (两个), although
    it stays 二 in 十二 and 二十. Raises ValueError beyond what anybody says as a number."""
    return _tongue(language).number(n, counted)


def digits(text: str, language: str) -> list[str]:
    """Telephone and ticket numbers, query codes: digit by digit and letter by letter, one as 幺 in
    Mandarin. Signs are not read out."""
    return _tongue(language).digits(_SIGNS.sub("", text.upper()))


def day(day: date, language: str, with_year: bool = False) -> list[str]:
    """A calendar date."""
    return _tongue(language).day(day, with_year)


def clock(moment: time, language: str) -> list[str]:
    """A time of day, to the minute."""
    return _tongue(language).clock(moment)


def moment(dt: datetime, language: str, with_year: bool = False) -> list[str]:
    """Date and time of day in the time zone that `dt` carries: convert it to the city's before."""
    return [
        *_tongue(language).day(dt.date(), with_year),
        *_tongue(language).joint,
        *clock(dt.time(), language),
    ]


def duration(span: timedelta, language: str) -> list[str]:
    """About how long: `less than one minute`, `about three minutes`, `about one hour twenty minutes`."""
    minutes = _rounded_minutes(span)
    if minutes == 0:
        return ["less-than", *_tongue(language).minutes(1)]
    hours, rest = divmod(minutes, 60)
    spoken = ["about"]
    if hours:
        spoken += _tongue(language).hours(hours)
    return spoken + (_tongue(language).minutes(rest) if rest else [])


def money(amount: Decimal, language: str) -> list[str]:
    """An amount of yuan, to the fen. Raises ValueError for a debt."""
    if amount < 0:
        raise ValueError("an amount below nothing")
    return _tongue(language).money(amount)


def position(n: int, language: str) -> list[str]:
    """The whole sentence: you are number three in the queue."""
    return ["position-before", *number(n, language), "position-after"]


def _rounded_minutes(span: timedelta) -> int:
    if span < timedelta(minutes=1):
        return 0
    step = 5 if span >= ROUNDED_FROM else 1
    return max(1, round(span / timedelta(minutes=step))) * step


def _tongue(language: str) -> _Tongue:
    try:
        return _TONGUES[language]
    except KeyError:
        raise ValueError("language is zh or en") from None

"""English, as it is spoken on British telephones."""

from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal

joint: tuple[str, ...] = ("at",)
"""What stands between a date and a time."""

_GREAT = ((10**9, "number-1000000000"), (10**6, "number-1000000"), (1000, "number-1000"))


def number(n: int, counted: bool) -> list[str]:
    """See `spoken.number`; what is counted makes no difference."""
    if abs(n) >= 10**12:
        raise ValueError("no spoken form for so great a number")
    if n < 0:
        return ["minus", *number(-n, counted)]
    spoken = []
    rest = n
    for unit, name in _GREAT:
        many, rest = divmod(rest, unit)
        if many:
            spoken += [*_below_thousand(many), name]
    if rest or not spoken:
        spoken += [*(["and"] if spoken and rest < 100 else []), *_below_thousand(rest)]
    return spoken


def digits(text: str) -> list[str]:
    """`text` holds digits and capitals."""
    return [f"digit-{sign}" if sign.isdigit() else f"letter-{sign.lower()}" for sign in text]


def day(day: date, with_year: bool) -> list[str]:
    """28 November -> November the twenty-eighth."""
    tens, unit = divmod(day.day, 10)
    whole = day.day <= 20 or unit == 0
    ordinal = [f"ordinal-{day.day}"] if whole else [f"number-{tens}0", f"ordinal-{unit}"]
    return [f"month-{day.month}", "the", *ordinal, *(_year(day.year) if with_year else [])]


def clock(moment: time) -> list[str]:
    """16:05 -> four oh five p.m., 12:00 -> twelve p.m."""
    minute = ["oh", f"digit-{moment.minute}"] if 0 < moment.minute < 10 else _below_hundred(moment.minute)
    half = "a-m" if moment.hour < 12 else "p-m"
    return [*_below_hundred(moment.hour % 12 or 12), *(minute if moment.minute else []), half]


def hours(n: int) -> list[str]:
    """A span."""
    return [*number(n, counted=True), "hour" if n == 1 else "hours"]


def minutes(n: int) -> list[str]:
    """A span."""
    return [*number(n, counted=True), "minute" if n == 1 else "minutes"]


def money(amount: Decimal) -> list[str]:
    """2.05 -> two yuan and five fen; yuan and fen have no plural."""
    yuan, fen = divmod(int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP)), 100)
    spoken = [*number(yuan, counted=True), "yuan"] if yuan or not fen else []
    if fen:
        spoken += [*(["and"] if yuan else []), *number(fen, counted=True), "fen"]
    return spoken


def _year(year: int) -> list[str]:
    """2026 -> twenty twenty-six, 2005 -> two thousand and five."""
    if year % 1000 < 10:
        return number(year, counted=False)
    century, rest = divmod(year, 100)
    if rest == 0:
        return [*_below_hundred(century), "number-100"]
    return [*_below_hundred(century), *(["oh"] if rest < 10 else []), *_below_hundred(rest)]


def _below_thousand(n: int) -> list[str]:
    hundreds, rest = divmod(n, 100)
    if not hundreds:
        return _below_hundred(rest)
    return [f"digit-{hundreds}", "number-100", *(["and", *_below_hundred(rest)] if rest else [])]


def _below_hundred(n: int) -> list[str]:
    if n < 10:
        return [f"digit-{n}"]
    tens, unit = divmod(n, 10)
    if n < 20 or not unit:
        return [f"number-{n}"]
    return [f"number-{tens}0", f"digit-{unit}"]

"""Arabic numerals in a written sentence -> the words that a Mandarin speaker says for them."""

import re
from collections.abc import Callable
from datetime import date, time

from hotline.language import numbers

# Nouns before which a number counts something, and "two" is 两.
_COUNTED = (
    "个|天|次|年|周|小时|分钟|秒|元|块|万|亿|千|百|人|户|家|名|位|米|公里|里地|吨|斤|公斤|度|平|棵|辆|只|条|张|件|间|台|场|遍|口|点|岁"
    "|毫|厘|升|倍|桶|盏|座|根|片|处|袋|瓶|盒|份|笔|套|趟|顿|口子|星期|礼拜|本|头|顶|扇|把|包|封|股|角|分"
)
# Nouns before which a number is a name and is read as a plain number: 2号楼 is 二号楼.
_NAMED = "月|日|号|栋|幢|单元|楼|层|期|班|年级|级|路|环|厂|中|小|院|组|区|队|室|房"

_Reading = Callable[[re.Match[str]], str]
_PATTERNS: list[tuple[re.Pattern[str], _Reading]] = []


def _reads(pattern: str) -> Callable[[_Reading], _Reading]:
    def register(reading: _Reading) -> _Reading:
        _PATTERNS.append((re.compile(pattern), reading))
        return reading

    return register


def spell_numerals(text: str) -> str:
    """Replace every ASCII numeral of the sentence by Chinese words; the rest stays as it is.

    Telephone and ticket numbers are read digit by digit, quantities as numbers, dates, times of day,
    percentages, decimals and ranges as such. Full-width digits must have been folded to ASCII before.
    """
    for pattern, reading in _PATTERNS:
        text = pattern.sub(reading, text)
    return text


@_reads(r"(?<!\d)(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?!\d)")
def _written_date(match: re.Match[str]) -> str:
    try:
        return numbers.calendar_date(date(*map(int, match.groups())))
    except ValueError:
        return numbers.identifier(match[0])


@_reads(r"(?<!\d)(\d{4}|\d{2})(?=年(?!级|多|左右|以))")
def _year(match: re.Match[str]) -> str:
    is_span = len(match[1]) == 2 and int(match[1]) <= 40
    return numbers.cardinal(int(match[1])) if is_span else numbers.digit_by_digit(match[1])


@_reads(r"(?<![\d:])([01]?\d|2[0-4]):([0-5]\d)(?::[0-5]\d)?(?![\d:])")
def _clock(match: re.Match[str]) -> str:
    return numbers.time_of_day(time(int(match[1]) % 24, int(match[2])))


@_reads(r"(?<=\d),(?=\d{3}(?!\d))")
def _thousands_separator(_: re.Match[str]) -> str:
    return ""


@_reads(r"(\d{1,15}(?:\.\d+)?)\s*%")
def _percentage(match: re.Match[str]) -> str:
    return f"百分之{numbers.decimal(match[1])}"


@_reads(r"[¥$]\s*(\d{1,15}(?:\.\d+)?)")
def _money(match: re.Match[str]) -> str:
    return f"{numbers.decimal(match[1])}元"


@_reads(r"(?<![\d.])(\d{1,15}\.\d+)(?![\d.])")
def _decimal(match: re.Match[str]) -> str:
    return numbers.decimal(match[1])


@_reads(r"\+86[ -]?(?=1\d{2})|(?<=\d)[- ](?=\d{4})")
def _telephone_punctuation(_: re.Match[str]) -> str:
    return ""


@_reads(r"(?<=\d)\s*[-~]\s*(?=\d)")
def _range(_: re.Match[str]) -> str:
    return "到"


@_reads(rf"(?<![\d.第])(\d{{1,15}})(?=[多几余来]?(?:{_COUNTED}))")
def _counted(match: re.Match[str]) -> str:
    if match[1].startswith("0") and len(match[1]) > 1:
        return numbers.identifier(match[1])
    return numbers.quantity(int(match[1]))


@_reads(rf"(?<!\d)(\d{{1,2}})(?={_NAMED})")
def _named(match: re.Match[str]) -> str:
    return numbers.cardinal(int(match[1]))


@_reads(r"(?<!\d)(1(?:10|19|20|22))(?!\d)")
def _emergency(match: re.Match[str]) -> str:
    return numbers.identifier(match[1])


@_reads(r"\d+")
def _rest(match: re.Match[str]) -> str:
    digits = match[0]
    is_name = len(digits) >= 4 or (digits.startswith("0") and len(digits) > 1)
    reads_by_digit = is_name or re.match(r"室|房|路", match.string[match.end() :]) is not None
    return numbers.identifier(digits) if reads_by_digit else numbers.cardinal(int(digits))

"""Numbers as a Mandarin speaker says them -> digits: the other way round than `numbers` and `numerals`.

Counted numbers (六十八, 三百二十, 一千零一, 三百二) become their value, numbers named digit by digit
(幺三八, 四零二) their digits. Written numerals pass through.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

DIGITS = {character: str(value) for value, character in enumerate("零一二三四五六七八九")}
DIGITS |= {"〇": "0", "幺": "1", "两": "2"} | {str(digit): str(digit) for digit in range(10)}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"亿": 10**8, "万": 10**4}

NUMBER = r"[0-9零〇一二三四五六七八九十百千万亿幺两]"
"""A character class: what a spoken or written number is made of."""

_RUN = re.compile(rf"{NUMBER}+")
# 一万两千三百零五: groups below ten thousand, and what joins them.
_ONE = "[一二两三四五六七八九]"
_BELOW_MYRIAD = rf"(?:(?:{_ONE}千)?零?(?:{_ONE}百)?零?(?:{_ONE}?十)?零?{_ONE}?)"
_COUNTED = re.compile(rf"(?:{_BELOW_MYRIAD}亿)?零?(?:{_BELOW_MYRIAD}万)?零?{_BELOW_MYRIAD}")
_HAS_UNIT = re.compile(r"[十百千万亿]")


@dataclass(frozen=True)
class SpokenNumber:
    """A number in a text: its first character, the one after its last, and its digits."""

    start: int
    end: int
    digits: str


def find_numbers(text: str) -> list[SpokenNumber]:
    """Every number of the text, in order: "同安路六十八号" has one, at 3 to 6, "68"."""
    found = []
    for run in _RUN.finditer(text):
        place = run.start()
        for piece in _pieces(run[0]):
            found.append(SpokenNumber(place, place + len(piece), digits_of(piece)))
            place += len(piece)
    return found


def digits_of(words: str) -> str:
    """The digits of one number: 六十八 -> "68", 幺零二 -> "102", 三百二 -> "320", 两千零三 -> "2003"."""
    if not _HAS_UNIT.search(words):
        return "".join(DIGITS[character] for character in words)
    return str(_value(words))


def with_digits(text: str, wanted: Callable[[str], bool] = lambda following: True) -> str:
    """The text with its numbers as digits. `wanted` is asked with what follows each number.

    "二号楼三单元四零二" -> "2号楼3单元402".
    """
    written, place = [], 0
    for number in find_numbers(text):
        kept = number.digits if wanted(text[number.end :]) else text[number.start : number.end]
        written += [text[place : number.start], kept]
        place = number.end
    return "".join([*written, text[place:]])


def _pieces(run: str) -> list[str]:
    """A run of number words cut into numbers: 六十八四零二 is 六十八 and 四零二."""
    if not _HAS_UNIT.search(run) or run[0].isdigit():
        return [run]
    counted = _COUNTED.match(run)
    length = counted.end() if counted else 0
    if length == len(run):
        return [run]
    if length == 0 or not _HAS_UNIT.search(run[:length]):
        return _named_first(run)
    return [run[:length], *_pieces(run[length:])]


def _named_first(run: str) -> list[str]:
    """A run that begins with digits named one by one: 幺零二三百 is 幺零二 and 三百."""
    for length in range(1, len(run)):
        counted = _COUNTED.fullmatch(run, length)
        if counted and run[length] not in _UNITS and not _HAS_UNIT.search(run[:length]):
            return [run[:length], *_pieces(run[length:])]
    return list(run)


def _value(words: str) -> int:
    for unit, size in _MYRIADS.items():
        head, found, tail = words.rpartition(unit)
        if found:
            return (_value(head) if head else 1) * size + _tail_value(tail, size)
    return _small_value(words)


def _tail_value(tail: str, size: int) -> int:
    """What follows 万 or 亿; a single digit is of the next place: 一万二 is 12000."""
    if len(tail) == 1 and tail in DIGITS and size == _MYRIADS["万"]:
        return int(DIGITS[tail]) * size // 10
    return _value(tail) if tail else 0


def _small_value(words: str) -> int:
    total, digit, unit = 0, 0, 10
    is_zero_before = False
    for character in words:
        if character in _UNITS:
            unit = _UNITS[character]
            total += (digit or 1) * unit
            digit = 0
        elif character in DIGITS:
            is_zero_before = is_zero_before or DIGITS[character] == "0"
            digit = int(DIGITS[character]) + (digit * 10 if digit and unit == 10 and total == 0 else 0)
    colloquial = unit >= 100 and digit and not is_zero_before and words[-2:-1] in _UNITS
    return total + (digit * unit // 10 if colloquial else digit)

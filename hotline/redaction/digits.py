"""Telephone, identity-card and bank numbers, written or said digit by digit, in groups and with "er" between.

Check digits: identity cards by GB 11643-1999 (ISO 7064, MOD 11-2), bank cards by Luhn. Speakers and
recognisers err, so a long number after a word like 卡号 is taken also where its check digit is wrong: what is
hidden too much can be asked for, what is shown too much cannot be taken back.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hotline.language.spoken_numbers import DIGITS
from hotline.redaction.kinds import Finding, Kind

_DIGIT = "[0-9零〇一二三四五六七八九幺两]"
_FILLER = r"(?:[\s,，、·\-—]|嗯|呃|啊|那个|然后|再|杠){0,6}"
_STREAM = re.compile(rf"{_DIGIT}(?:{_FILLER}{_DIGIT})*(?:{_FILLER}[Xx叉])?")
_UNIT_AFTER = re.compile(r"[十百千万亿点]")
_CUE_REACH = 14  # characters before a number in which it may be announced

_TELEPHONE = re.compile(r"电话|手机|号码|座机|联系|打这个|打给|你打|就打")
_IDENTITY = re.compile(r"身份证|证件号")
_BANK = re.compile(r"卡号|银行|账号|帐号|工资卡|这张卡|卡里")
_NOT_PERSONAL = re.compile(r"工单|编号|发票|订单|条码|统一社会信用")

_MOBILE = re.compile(r"(?:86)?1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}[2-8]\d{6,7}|[2-8]\d{7}")
_SHORTEST_TELEPHONE, _LONGEST_TELEPHONE = 7, 13
_SHORTEST_BANK, _LONGEST_BANK = 15, 20
_IDENTITY_LENGTH = 18
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Stream:
    """Digits that belong together. `places` are their characters in the text."""

    digits: str
    places: tuple[int, ...]

    def finding(self, kind: Kind, first: int = 0, count: int | None = None) -> Finding:
        """What is found from the digit `first` on."""
        last = (len(self.places) if count is None else first + count) - 1
        return Finding(self.places[first], self.places[last] + 1, kind)


def find_numbers(text: str, before: str = "") -> Iterator[Finding]:
    """Personal numbers in the text. `before` is what was said before it, which may announce them."""
    for stream in streams(text):
        start = stream.places[0]
        cue = (before + text[:start])[-_CUE_REACH:]
        if not _NOT_PERSONAL.search(cue):
            yield from _in_stream(stream, cue)


def streams(text: str) -> Iterator[Stream]:
    """Runs of digits, without those of counted numbers (一百零五, 三点五)."""
    for match in _STREAM.finditer(text):
        places = [place for place in range(*match.span()) if text[place] in DIGITS or text[place] in "Xx叉"]
        if _UNIT_AFTER.match(text, match.end()) or _UNIT_AFTER.match(text[match.start() - 1 : match.start()]):
            continue
        yield Stream("".join(DIGITS.get(text[place], "X") for place in places), tuple(places))


def _in_stream(stream: Stream, cue: str) -> Iterator[Finding]:
    digits = stream.digits
    found = _by_form(stream, cue) or _by_cue(stream, cue)
    if found is not None:
        yield found
        return
    for match in re.finditer(
        r"1[3-9]\d{9}", digits
    ):  # a number within a longer run: said twice, or a date before it
        yield stream.finding(Kind.PHONE, match.start(), len(match[0]))


def _by_form(stream: Stream, cue: str) -> Finding | None:
    digits = stream.digits
    if len(digits) == _IDENTITY_LENGTH and is_identity_number(digits):
        return stream.finding(Kind.ID_CARD)
    if _SHORTEST_BANK < len(digits) <= _LONGEST_BANK and digits.isdigit() and passes_luhn(digits):
        return stream.finding(Kind.ID_CARD if _IDENTITY.search(cue) else Kind.BANK_CARD)
    if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits):
        return stream.finding(Kind.PHONE)
    return None


def _by_cue(stream: Stream, cue: str) -> Finding | None:
    """A number that was announced, although a digit of it got lost or was misheard."""
    length = len(stream.digits)
    if length >= _SHORTEST_BANK and _IDENTITY.search(cue):
        return stream.finding(Kind.ID_CARD)
    if length >= _SHORTEST_BANK and _BANK.search(cue):
        return stream.finding(Kind.BANK_CARD)
    if _SHORTEST_TELEPHONE <= length <= _LONGEST_TELEPHONE and _TELEPHONE.search(cue):
        return stream.finding(Kind.PHONE)
    if _SHORTEST_BANK <= length <= _LONGEST_BANK:
        return stream.finding(Kind.ID_CARD if length == _IDENTITY_LENGTH else Kind.BANK_CARD)
    return None


def is_identity_number(digits: str) -> bool:
    """Whether 18 digits (the last may be X) carry the right check digit."""
    if len(digits) != _IDENTITY_LENGTH or not digits[:-1].isdigit():
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == digits[-1]


def passes_luhn(digits: str) -> bool:
    """Whether the digits pass the check of ISO/IEC 7812."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0

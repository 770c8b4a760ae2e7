"""Telephone numbers as they arrive on a trunk, made safe and uniform."""

import re
from typing import NamedTuple

LONGEST_NUMBER = 20  # E.164 has 15 digits; trunks add prefixes
_COUNTRY = re.compile(r"^(?:\+|00)86(?=\d{7,})")
_SEPARATORS = re.compile(r"[\s().\-]")
_NUMBER = re.compile(rf"\+?\d{{3,{LONGEST_NUMBER}}}", re.ASCII)


class CallerNumber(NamedTuple):
    """`number` in national form, digits and at most a leading plus; empty where the caller withheld it."""

    number: str
    withheld: bool


def caller_number(raw: str | None) -> CallerNumber:
    """What a SIP caller id says: `+8613912345678` is 13912345678; what is no number counts as withheld."""
    text = _COUNTRY.sub("", _SEPARATORS.sub("", (raw or "")[:200]))
    if _NUMBER.fullmatch(text):
        return CallerNumber(text, withheld=False)
    return CallerNumber("", withheld=True)

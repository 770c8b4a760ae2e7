"""Ticket numbers and query codes (rulebook B1).

A number is `YYYYMMDD` + two letters of the channel + six digits of the day's sequence + one check digit.
A query code is eight random characters; number and code together let a citizen follow the ticket.
"""

import re
import secrets
from datetime import date

# Without 0 O 1 I L, which are misheard and misread.
QUERY_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
QUERY_LENGTH = 8
_LAST_SEQUENCE = 999_999
_NUMBER = re.compile(r"[0-9]{8}[A-Z]{2}[0-9]{7}")


def ticket_number(day: date, channel: str, sequence: int) -> str:
    """The number of the `sequence`-th ticket of a local day. Raises `ValueError` beyond 999,999."""
    if not 1 <= sequence <= _LAST_SEQUENCE:
        raise ValueError(f"sequence {sequence} is not within 1 and {_LAST_SEQUENCE}")
    stem = f"{day:%Y%m%d}{channel}{sequence:06d}"
    return stem + _check_digit(stem)


def is_ticket_number(text: str) -> bool:
    """Whether the text has the form of a number and the right check digit."""
    return bool(_NUMBER.fullmatch(text)) and _check_digit(text[:-1]) == text[-1]


def query_code() -> str:
    """A new random query code."""
    return "".join(secrets.choice(QUERY_ALPHABET) for _ in range(QUERY_LENGTH))


def _check_digit(stem: str) -> str:
    """Luhn's digit (ISO/IEC 7812-1, annex B) over the decimal values of digits and letters (A = 10)."""
    digits = [int(d) for character in stem for d in str(int(character, 36))]
    doubled = [sum(divmod(2 * d, 10)) if i % 2 == 0 else d for i, d in enumerate(reversed(digits))]
    return str(-sum(doubled) % 10)

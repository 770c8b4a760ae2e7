"""Asking by number and code."""

import hmac
import re

from sqlalchemy.orm import Session

from hotline.citizens import guessing
from hotline.context import Context
from hotline.tickets.models import Ticket
from hotline.tickets.numbers import QUERY_LENGTH
from hotline.tickets.queries import by_number

_BETWEEN = re.compile(r"[\s\-－—·]+")
_LONGEST = 40
_NO_CODE = "-" * QUERY_LENGTH


class NoSuchPair(LookupError):
    """Number and code do not fit together; which of the two is wrong is not said."""


class TooManyGuesses(NoSuchPair):
    """From this address, or for this number, too many were wrong; again after `guessing.WINDOW`."""


def look_up(context: Context, number: str, code: str, address: str) -> str:
    """The number of the citizen's ticket, as it is written. Raises `NoSuchPair` or `TooManyGuesses`.

    A wrong pair is counted against address and number; a right one is not.
    """
    wanted, told = _typed(number), _typed(code)
    by_address = guessing.key_of(context, "address", guessing.network_of(address))
    by_ticket = guessing.key_of(context, "number", wanted)
    with context.writing() as session:
        # Whoever may not guess any more does not use up what others may.
        free = guessing.take(session, context, by_address, guessing.WRONG_PER_ADDRESS) and guessing.take(
            session, context, by_ticket, guessing.WRONG_PER_NUMBER
        )
        right = _fits(session, wanted, told)
        if free and right:
            guessing.give_back(session, by_address, by_ticket)
    if not free:
        raise TooManyGuesses
    if not right:
        raise NoSuchPair
    return wanted


def _fits(session: Session, number: str, code: str) -> bool:
    """Takes the same steps for an unknown number as for a wrong code."""
    ticket: Ticket | None = by_number(session, number)
    kept = (ticket.query_code if ticket else None) or _NO_CODE
    return hmac.compare_digest(kept.encode(), code.encode()) and ticket is not None and kept != _NO_CODE


def _typed(text: str) -> str:
    """As it was given out: without blanks and hyphens, in capitals."""
    return _BETWEEN.sub("", text[: 2 * _LONGEST]).upper()[:_LONGEST]

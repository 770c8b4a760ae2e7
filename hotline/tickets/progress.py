"""How far a ticket is, for whoever keys its number and query code into a telephone."""

import hmac
import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, State

# The letters on a telephone's keys (ITU-T E.161).
_KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_KEYED_NUMBER = re.compile(r"(?P<day>\d{8})(?P<channel>\d{2})?(?P<sequence>\d{7})", re.ASCII)

RECEIVED = "progress-received"
HANDLING = "progress-handling"
REPLIED = "progress-replied"
CLOSED = "progress-closed"
REFUSED = "progress-refused"

_SENTENCES = {
    State.DRAFT: RECEIVED,  # written on the web page
    State.REGISTERED: RECEIVED,
    State.NEED_INFO: RECEIVED,
    State.TO_DISPATCH: RECEIVED,
    State.DISPATCHED: HANDLING,
    State.RETURN_PENDING: HANDLING,
    State.HANDLING: HANDLING,
    State.NEED_INFO_UNIT: HANDLING,
    State.SUSPENDED: HANDLING,
    State.REWORK: HANDLING,
    State.REPLIED: REPLIED,
    State.CALLBACK: REPLIED,
    State.CLOSED: CLOSED,
    State.ARCHIVED: CLOSED,
}


def on_keypad(text: str) -> str:
    """The keys that somebody presses for digits and letters."""
    return text.upper().translate(_KEYPAD)


def find_by_keys(session: Session, number: str, code: str) -> Ticket | None:
    """The ticket of this number and query code, each as keyed in; None if they do not fit together.

    The number's two letters may be left out or pressed. A sealed ticket is told to nobody.
    """
    keyed = _KEYED_NUMBER.fullmatch(number)
    if keyed is None:
        return None
    query = select(Ticket).where(Ticket.number.like(f"{keyed['day']}__{keyed['sequence']}"))
    for ticket in session.scalars(query):
        letters = keyed["channel"] in (None, on_keypad((ticket.number or "")[8:10]))
        fits = hmac.compare_digest(on_keypad(ticket.query_code or ""), code)
        if letters and fits and code and ticket.confidentiality is not Confidentiality.SEALED:
            return ticket
    return None


def sentence(state: State) -> str:
    """The prompt that tells this state."""
    return _SENTENCES.get(state, REFUSED)

"""What letters go out, why one does not, and when it is tried again. Pure."""

import re
from datetime import timedelta
from enum import StrEnum

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+", re.ASCII)
_MESSAGE_ID = re.compile(r"<[^<>\s@]+@[^<>\s@]+>", re.ASCII)
_OF_OURS = re.compile(r"<([0-9a-f]{32})@[^<>\s@]+>", re.ASCII)
LONGEST_MESSAGE_ID = 250
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=4)
MOST_TRIES = 14
"""With these pauses a letter is given up after 28 hours."""


class Kind(StrEnum):
    """What a letter tells."""

    RECEIPT = "receipt"
    QUESTION = "question"
    REFUSAL = "refusal"
    ANSWER = "answer"


class MailState(StrEnum):
    """How far a letter is."""

    WAITING = "waiting"
    SENT = "sent"  # the server has taken it
    FAILED = "failed"  # given up
    DROPPED = "dropped"  # there was nothing to tell any more, or nothing that may be told


class Reason(StrEnum):
    """Why a letter did not go out."""

    NO_PASSWORD = "no_password"  # noqa: S105 (the file that should hold it cannot be read)
    UNREACHABLE = "unreachable"
    NOT_TRUSTED = "not_trusted"  # its certificate
    REFUSED = "refused"  # the name or the password
    REFUSED_SENDER = "refused_sender"  # this account does not send from our address
    CONFUSED = "confused"  # it answers, but not as SMTP does, or without the TLS that we want
    NOT_NOW = "not_now"  # it says that it may take this letter later
    REFUSED_ADDRESS = "refused_address"
    REFUSED_LETTER = "refused_letter"
    OVERTAKEN = "overtaken"
    CONFIDENTIAL = "confidential"
    ERASED = "erased"  # address or code are gone with their period


class Away(Exception):
    """The server takes no letter of ours now."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class NotTaken(Exception):
    """The server does not take this letter. `for_good`: nor will it take it later."""

    def __init__(self, reason: Reason, for_good: bool) -> None:
        super().__init__(reason.value)
        self.reason, self.for_good = reason, for_good


class NothingToTell(Exception):
    """The letter is not sent any more."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def pause_after(tries: int) -> timedelta | None:
    """Until the next try, longer each time; None where it is given up."""
    return None if tries >= MOST_TRIES else min(FIRST_PAUSE * (1 << tries - 1), LONGEST_PAUSE)


def is_mailable(address: str) -> bool:
    """Whether a letter can be sent there: one plain address, without names, lists, lines or quotes."""
    return len(address) <= 254 and _ADDRESS.fullmatch(address) is not None


def token_in(message_id: str) -> str:
    """What the Message-ID would be kept under if it were ours; empty where it is of another kind."""
    found = _OF_OURS.fullmatch(message_id)
    return found[1] if found else ""


def message_id_of(heading: str) -> str:
    """The Message-ID of a heading, for the answer to name; empty where it is none."""
    fits = len(heading) <= LONGEST_MESSAGE_ID and _MESSAGE_ID.fullmatch(heading)
    return heading if fits else ""

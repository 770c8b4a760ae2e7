"""Why a mailbox could not be asked, and limits. Pure."""

from datetime import timedelta
from enum import StrEnum

MOST_OF_A_SENDER = 20
"""Letters of one address within `SENDER_SPAN` that become drafts; the others are set aside, and told."""
SENDER_SPAN = timedelta(days=1)
LONGEST_PAUSE = timedelta(minutes=15)


class Reason(StrEnum):
    """What stands between us and the mailbox."""

    NO_PASSWORD = "no_password"  # noqa: S105 (the file that should hold it cannot be read)
    UNREACHABLE = "unreachable"
    REFUSED = "refused"  # the name or the password
    CONFUSED = "confused"  # it answers, but not as IMAP does


class Away(Exception):
    """The mailbox cannot be asked now."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def pause_after(failures: int, every: timedelta) -> timedelta:
    """Until the next try: longer with every failure, up to `LONGEST_PAUSE`."""
    return max(every, min(every * (1 << min(failures, 10)), LONGEST_PAUSE))

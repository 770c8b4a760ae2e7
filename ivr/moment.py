"""Facts are told to the core with the time at which they happened, not the time at which we heard of them."""

import re
from dataclasses import replace
from datetime import UTC, datetime

from hotline.context import Context

# Where there are several Asterisks, each puts its name in front.
_LINKEDID = re.compile(r"(?:[a-z][a-z0-9]{0,11}-)?(?P<epoch>\d{9,12})\.\d{1,10}")


class Moment:
    """A clock that stands still at the time of a fact."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at


def context_at(context: Context, at: datetime) -> Context:
    """The same house at another time."""
    return replace(context, clock=Moment(at))


def began_at(linkedid: str) -> datetime | None:
    """The second in which a call's first channel began, as its identity says; None if the identity is of
    another form."""
    found = _LINKEDID.fullmatch(linkedid)
    return datetime.fromtimestamp(int(found["epoch"]), UTC) if found else None

"""Facts are told to the core with the time at which they happened, not the time at which we heard of them."""

from dataclasses import replace
from datetime import datetime

from hotline.context import Context


class Moment:
    """A clock that stands still at the time of a fact."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at


def context_at(context: Context, at: datetime) -> Context:
    """The same house at another time."""
    return replace(context, clock=Moment(at))

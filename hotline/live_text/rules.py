"""How many calls are followed at once, by how well the recogniser keeps up. Pure."""

from collections.abc import Sequence
from enum import StrEnum

from hotline.live_text.ports import Load

LAG_ALLOWED_S = 0.6
"""Sound that waits longer comes too late: words should be on the page a second after they were said."""
BUSY_ALLOWED = 0.75
"""Of the cores: with more than this no call is taken back, there is a telephone to serve."""
LATE_SECONDS = 3.0
"""So long sound must have come too late: what the machine does for a moment is no reason to let a call go."""
SHED_SECONDS = 1.5
"""Between two rounds of letting go: what the first has freed must be felt."""
SHED_SHARE = 8
"""One call in eight is let go in a round, one at least."""
CALM_SECONDS = 8.0
"""So long all must be well before one more call is followed."""


class CallText(StrEnum):
    """How the live text of a call stands."""

    STARTING = "starting"
    LISTENING = "listening"
    BEHIND = "behind"  # the words come late
    PAUSED = "paused"  # the recording is paused: nothing is listened to
    SHED = "shed"  # too much to do: not followed; the transcript of the recording will come


class Ceiling:
    """The most calls that are followed at once, learnt from how late sound is looked at.

    `most` is what the settings allow, 0 for no limit. Times are of `time.monotonic()`.
    """

    def __init__(self, most: int = 0) -> None:
        self._most = most
        self._learnt: int | None = None
        self._late_since: float | None = None
        self._changed_at = float("-inf")

    def observe(self, load: Load, followed: int, now: float) -> None:
        """The load while so many calls are followed: lower the ceiling, or raise it by one, or neither."""
        if load.lag_s > LAG_ALLOWED_S:
            self._late_since = now if self._late_since is None else self._late_since
            late_enough = now - self._late_since >= LATE_SECONDS
            if followed and late_enough and now - self._changed_at >= SHED_SECONDS:
                self._learnt, self._changed_at = followed - max(1, followed // SHED_SHARE), now
            return
        self._late_since = None
        if load.lag_s > LAG_ALLOWED_S / 2 or load.busy > BUSY_ALLOWED:
            self._changed_at = max(self._changed_at, now - CALM_SECONDS / 2)
        elif self._learnt is not None and now - self._changed_at >= CALM_SECONDS:
            self._learnt, self._changed_at = max(self._learnt, followed) + 1, now

    def allowed(self, calls: Sequence[int]) -> set[int]:
        """Which of these calls, the oldest first, are followed: the newest are let go first."""
        limits = [limit for limit in (self._most or None, self._learnt) if limit is not None]
        return set(calls[: min(limits)] if limits else calls)

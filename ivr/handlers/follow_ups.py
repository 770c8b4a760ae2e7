"""Citizens whom the hotline calls: what became of the try."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from hotline.follow_up.models import AttemptOutcome
from hotline.follow_up.service import attempt_ended, channel_ended
from ivr.ami import events
from ivr.handlers.turn import Turn

# Q.850 causes of a follow-up that nobody answered. A number that does not exist counts as a try, too:
# dialling it again will not reach the citizen. What is not named here is our own or the network's failure.
_BUSY = 17
_NOBODY = frozenset({1, 18, 19, 20, 21, 22, 28})


class FollowUps:
    """Facts about follow-ups."""

    def handles(self) -> Mapping[type, Callable[[Turn, Any], None]]:
        """See `Handles`."""
        return {events.FollowUpHungUp: self._hung_up, events.FollowUpNotReached: self._not_reached}

    def _hung_up(self, turn: Turn, event: events.FollowUpHungUp) -> None:
        """An answered one is the script's to report; only if it could not, the try ends without answers."""
        end = partial(channel_ended, turn.context, event.uniqueid)
        if event.answered:
            turn.later(partial(end, AttemptOutcome.SILENT))
        else:
            end(_outcome(event.cause))

    def _not_reached(self, turn: Turn, event: events.FollowUpNotReached) -> None:
        """The channel's end, which says why, comes a moment later; if there was no channel, this is all."""
        turn.later(partial(attempt_ended, turn.context, event.attempt_id, AttemptOutcome.FAILED))


def _outcome(cause: int) -> AttemptOutcome:
    if cause == _BUSY:
        return AttemptOutcome.BUSY
    return AttemptOutcome.NO_ANSWER if cause in _NOBODY else AttemptOutcome.FAILED

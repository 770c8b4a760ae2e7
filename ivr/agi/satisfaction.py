"""Script `satisfaction`: one key from 1 to 5 before the hang-up says how the caller was served."""

from hotline.calls.outcome import RATINGS, call_rated
from hotline.context import Context
from ivr import variables
from ivr.agi.script import AgiCall

QUESTION = "satisfaction"
INVALID_KEY = "invalid-key"
ANY_KEY = "0123456789*#"
WAIT_MILLISECONDS = 5000
TIMES = 2
"""Asked again after a wrong key only: who presses none does not want to answer."""


class SatisfactionScript:
    """Asks, tells the dialplan that it has asked, and records the answer.

    The dialplan writes the key down as a channel event, too: with the database away no answer is lost.
    """

    name = "satisfaction"

    def __init__(self, context: Context, wait_milliseconds: int = WAIT_MILLISECONDS) -> None:
        self._context = context
        self._wait = wait_milliseconds

    def execute(self, call: AgiCall) -> None:
        linkedid = call.read_variable(variables.LINKEDID)
        rating = self._ask(call)
        if rating is not None:
            call.write_variable(variables.RATING, str(rating))
        call.write_variable(variables.SATISFACTION, variables.SATISFACTION_ASKED)
        if rating is not None:
            call_rated(self._context, linkedid, rating)

    def _ask(self, call: AgiCall) -> int | None:
        for _ in range(TIMES):
            key = call.play(QUESTION, interrupted_by=ANY_KEY) or call.wait_for_digit(self._wait)
            if not key:
                return None
            if key.isdecimal() and int(key) in RATINGS:
                return int(key)
            call.play(INVALID_KEY)
        return None

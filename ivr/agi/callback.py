"""Script `callback`: a waiting caller hangs up and is called back when it is their turn."""

from hotline.callbacks.service import NumberRefused, request
from hotline.calls.rules import OutgoingRules
from hotline.context import Context
from hotline.prompts import spoken
from ivr import variables
from ivr.agi.keys import WAIT_MILLISECONDS, keyed, language_of, say
from ivr.agi.progress import BACK_IN_LINE
from ivr.agi.script import AgiCall

PROMISED = "callback-promised"
ASK_NUMBER = "callback-ask-number"
WE_CALL = "callback-number"
WRONG = "callback-wrong"

MOST_TRIES = 3
_LONGEST = 12


class CallbackWanted:
    """Writes the debt down before it promises anything. Where no number was shown, it is asked for."""

    name = "callback"

    def __init__(self, context: Context, wait_milliseconds: int = WAIT_MILLISECONDS) -> None:
        self._context = context
        self._wait = wait_milliseconds

    def execute(self, call: AgiCall) -> None:
        linkedid = call.read_variable(variables.LINKEDID)
        try:
            request(self._context, linkedid)
        except NumberRefused:
            if not self._with_number(call, linkedid):
                call.play(BACK_IN_LINE)
                return
        call.write_variable(variables.CALLBACK, variables.CALLBACK_OWED)
        call.play(PROMISED)

    def _with_number(self, call: AgiCall, linkedid: str) -> bool:
        for _ in range(MOST_TRIES):
            number = keyed(call, ASK_NUMBER, _LONGEST, self._wait)
            if not number:
                return False
            if OutgoingRules(self._context.settings.outgoing_patterns).fits(number):
                request(self._context, linkedid, number)
                say(call, [WE_CALL, *spoken.digits(number, language_of(call))])
                return True
            call.play(WRONG)
        return False

"""Script `slower`: a caller wants a slower voice. The first ones on a machine wait until it is made."""

import threading

from hotline.context import Context
from ivr import variables
from ivr.agi.script import AgiCall
from ivr.slow_voice import ensure_slow


class Slower:
    """Makes the prompts of the call's language slow, and tells the dialplan the language to speak."""

    name = "slower"

    def __init__(self, context: Context) -> None:
        self._settings = context.settings
        self._making = threading.Lock()

    def execute(self, call: AgiCall) -> None:
        language = call.read_variable(variables.LANGUAGE)[:2]
        with self._making:
            ensure_slow(self._settings, language)
        call.write_variable(variables.CALL_LANGUAGE, f"{language}_slow")

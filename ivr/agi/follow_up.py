"""Script `follow_up`: asks the citizen whether the matter is solved, and how satisfied they are."""

from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError

from hotline.context import Context
from hotline.follow_up.service import attempt_answered, record_answers
from ivr import variables
from ivr.agi.script import AgiCall, AgiError, ProtocolJunk

GREETING = "follow-up-greeting"
SOLVED = "follow-up-solved"
SATISFACTION = "follow-up-satisfaction"
THANKS = "follow-up-thanks"
AWAY = "follow-up-away"
GIVE_UP = "follow-up-give-up"
INVALID_KEY = "invalid-key"
TRY_AGAIN = "try-again"

SOLVED_KEYS = {"1": True, "2": False}
SATISFACTION_KEYS = {key: int(key) for key in "12345"}
ANY_KEY = "0123456789*#"
CONTENT = 2
"""Very satisfied and satisfied; everybody else is asked for a comment."""
REPEATS = 2
WAIT_MILLISECONDS = 6000

_log = structlog.get_logger(__name__)


@dataclass
class Answers:
    """What the citizen has keyed in so far; None where nothing valid came."""

    solved: bool | None = None
    satisfaction: int | None = None
    digits: str = ""

    @property
    def invites_comment(self) -> bool:
        """Whoever answered both questions and is not content is asked why."""
        return self.satisfaction is not None and (not self.solved or self.satisfaction > CONTENT)


class FollowUpScript:
    """Holds the conversation; whatever was answered before a hang-up is recorded."""

    name = "follow_up"

    def __init__(self, context: Context, wait_milliseconds: int = WAIT_MILLISECONDS) -> None:
        self._context = context
        self._wait = wait_milliseconds

    def execute(self, call: AgiCall) -> None:
        attempt_id = self._attempt(call)
        answers = Answers()
        try:
            attempt_answered(self._context, attempt_id)
            self._ask_all(call, answers)
        except AgiError as error:
            self._record(attempt_id, answers)
            _log.info("follow_up.broken_off", attempt=attempt_id, error=type(error).__name__)
        except SQLAlchemyError:
            self._part(call, AWAY)
            raise
        else:
            self._record_and_part(call, attempt_id, answers)

    def _attempt(self, call: AgiCall) -> int:
        given = next(iter(call.arguments), "")
        if not given.isdecimal():
            raise ProtocolJunk("no attempt given")
        return int(given)

    def _ask_all(self, call: AgiCall, answers: Answers) -> None:
        call.play(GREETING)
        key = self._ask(call, SOLVED, "".join(SOLVED_KEYS), answers)
        answers.solved = SOLVED_KEYS.get(key)
        if answers.solved is not None:
            key = self._ask(call, SATISFACTION, "".join(SATISFACTION_KEYS), answers)
            answers.satisfaction = SATISFACTION_KEYS.get(key)

    def _ask(self, call: AgiCall, question: str, keys: str, answers: Answers) -> str:
        """Ask up to three times; a key may be pressed while the question is spoken. Empty if none fits."""
        for turn in range(1 + REPEATS):
            key = call.play(TRY_AGAIN, interrupted_by=ANY_KEY) if turn else ""
            key = key or call.play(question, interrupted_by=ANY_KEY) or call.wait_for_digit(self._wait)
            answers.digits += key
            if key and key in keys:
                return key
            if key:
                call.play(INVALID_KEY)
        return ""

    def _record(self, attempt_id: int, answers: Answers) -> None:
        record_answers(self._context, attempt_id, answers.solved, answers.satisfaction, answers.digits)

    def _record_and_part(self, call: AgiCall, attempt_id: int, answers: Answers) -> None:
        """Record first: the citizen may hang up during the thanks."""
        try:
            self._record(attempt_id, answers)
        except SQLAlchemyError:
            self._part(call, AWAY)
            raise
        if answers.invites_comment:
            call.write_variable(variables.FOLLOW_UP, variables.FOLLOW_UP_COMMENT)
            return
        self._part(call, GIVE_UP if answers.solved is None else THANKS)

    def _part(self, call: AgiCall, farewell: str) -> None:
        """Say the last word, and tell the dialplan first that it need not apologise for us."""
        call.write_variable(variables.FOLLOW_UP, variables.FOLLOW_UP_SPOKEN)
        call.play(farewell)

"""Script `follow_up`: asks the citizen whether the matter is solved, and how satisfied they are."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple

import structlog
from sqlalchemy.exc import SQLAlchemyError

from hotline.context import Context
from hotline.follow_up import spoken
from hotline.follow_up.service import attempt_answered, record_answers
from ivr import variables
from ivr.agi.script import AgiCall, AgiError, ProtocolJunk
from ivr.agi.spoken_answer import ANY_KEY, Ear, Reply

GREETING = "follow-up-greeting"
SOLVED = "follow-up-solved"
SATISFACTION = "follow-up-satisfaction"
SOLVED_OR_SAY = "follow-up-solved-or-say"
SATISFACTION_OR_SAY = "follow-up-satisfaction-or-say"
THANKS = "follow-up-thanks"
AWAY = "follow-up-away"
GIVE_UP = "follow-up-give-up"
INVALID_KEY = "invalid-key"
TRY_AGAIN = "try-again"
UNCLEAR = "follow-up-unclear"

SOLVED_KEYS = {"1": True, "2": False}
SATISFACTION_KEYS = {key: int(key) for key in "12345"}
CONTENT = 2
"""Very satisfied and satisfied; everybody else is asked for a comment."""
REPEATS = 2
WAIT_MILLISECONDS = 6000

_log = structlog.get_logger(__name__)


class Question(NamedTuple):
    """A prompt for keys, one for keys and words, and the keys that the words mean."""

    prompt: str
    prompt_or_say: str
    meanings: Mapping[str, str]


SOLVED_QUESTION = Question(SOLVED, SOLVED_OR_SAY, spoken.SOLVED)
SATISFACTION_QUESTION = Question(SATISFACTION, SATISFACTION_OR_SAY, spoken.SATISFACTION)


@dataclass
class Answers:
    """What the citizen has answered so far; None where nothing valid came. heard: words, as understood."""

    solved: bool | None = None
    satisfaction: int | None = None
    digits: str = ""
    heard: list[str] = field(default_factory=list)

    @property
    def invites_comment(self) -> bool:
        """Whoever answered both questions and is not content is asked why."""
        return self.satisfaction is not None and (not self.solved or self.satisfaction > CONTENT)


class FollowUpScript:
    """Holds the conversation; whatever was answered before a hang-up is recorded.

    With a `listener`, the citizen may say the answers, too; the last time that a question is asked, only keys
    count.
    """

    name = "follow_up"

    def __init__(
        self,
        context: Context,
        wait_milliseconds: int = WAIT_MILLISECONDS,
        listener: spoken.Listener | None = None,
    ) -> None:
        self._context = context
        self._wait = wait_milliseconds
        self._listener = listener
        self._beside = ThreadPoolExecutor(thread_name_prefix="listening")

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
        ear = self._ear(call)
        key = self._ask(call, ear, SOLVED_QUESTION, "".join(SOLVED_KEYS), answers)
        answers.solved = SOLVED_KEYS.get(key)
        if answers.solved is not None:
            key = self._ask(call, ear, SATISFACTION_QUESTION, "".join(SATISFACTION_KEYS), answers)
            answers.satisfaction = SATISFACTION_KEYS.get(key)

    def _ear(self, call: AgiCall) -> Ear | None:
        if self._listener is None or not self._listener.is_ready():
            return None
        folder = call.read_variable("FOLDER")
        if not folder:
            return None
        return Ear(self._listener, self._beside, self._context.settings.spool_dir / folder)

    def _ask(self, call: AgiCall, ear: Ear | None, question: Question, keys: str, answers: Answers) -> str:
        """Ask up to three times; a key may be pressed while the question is spoken. Empty if none fits."""
        again = ""
        for turn in range(1 + REPEATS):
            hears = ear if turn < REPEATS else None
            reply = self._answer(call, hears, question, again)
            answers.digits += reply.key if reply.pressed else ""
            answers.heard += [reply.words] if reply.words else []
            if reply.key and reply.key in keys:
                return reply.key
            if reply.pressed:
                call.play(INVALID_KEY)
            again = UNCLEAR if reply.spoke else TRY_AGAIN
        return ""

    def _answer(self, call: AgiCall, ear: Ear | None, question: Question, again: str) -> Reply:
        prompts = [again] if again else []
        prompts.append(question.prompt if ear is None else question.prompt_or_say)
        for prompt in prompts:
            if key := call.play(prompt, interrupted_by=ANY_KEY):
                return Reply(key, pressed=True)
        if ear is not None:
            return ear.wait_for_answer(call, question.meanings, self._wait)
        key = call.wait_for_digit(self._wait)
        return Reply(key, pressed=bool(key))

    def _record(self, attempt_id: int, answers: Answers) -> None:
        heard = "；".join(answers.heard)
        record_answers(self._context, attempt_id, answers.solved, answers.satisfaction, answers.digits, heard)

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

"""Script `progress`: a waiting caller hears how far their ticket is."""

from hotline.context import Context
from hotline.prompts import spoken
from hotline.tickets.models import Ticket
from hotline.tickets.progress import HANDLING, find_by_keys, sentence
from ivr.agi.keys import WAIT_MILLISECONDS, keyed, language_of, say
from ivr.agi.script import AgiCall

ASK_NUMBER = "progress-ask-number"
ASK_CODE = "progress-ask-code"
WRONG = "progress-wrong"
TOO_OFTEN = "progress-too-often"
NUMBER_IS = "ticket-number"
UNTIL = "progress-until"
BACK_IN_LINE = "progress-back"

MOST_TRIES = 3
_NUMBER_KEYS, _CODE_KEYS = 17, 8


class Progress:
    """Asks for number and query code, three times at most, and tells the state."""

    name = "progress"

    def __init__(self, context: Context, wait_milliseconds: int = WAIT_MILLISECONDS) -> None:
        self._context = context
        self._wait = wait_milliseconds

    def execute(self, call: AgiCall) -> None:
        for _ in range(MOST_TRIES):
            number = keyed(call, ASK_NUMBER, _NUMBER_KEYS, self._wait)
            code = keyed(call, ASK_CODE, _CODE_KEYS, self._wait) if number else None
            if not number or code is None:
                break
            if told := self._told(number, code, language_of(call)):
                say(call, told)
                break
            call.play(WRONG)
        else:
            call.play(TOO_OFTEN)
            return
        call.play(BACK_IN_LINE)

    def _told(self, number: str, code: str, language: str) -> list[str]:
        with self._context.reading() as session:
            ticket = find_by_keys(session, number, code)
            return self._words(ticket, language) if ticket else []

    def _words(self, ticket: Ticket, language: str) -> list[str]:
        words = [NUMBER_IS, *spoken.digits(ticket.number or "", language), sentence(ticket.state)]
        if words[-1] == HANDLING and ticket.due_at is not None:
            local = ticket.due_at.astimezone(self._context.settings.zone)
            words += [UNTIL, *spoken.day(local.date(), language)]
        return words

"""Keys of callers who wait: the scripts `progress` and `callback`, with all that people press."""

from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from hotline.calls.models import CallbackReason, OwedCallback
from hotline.calls.service import call_queued, open_call
from hotline.context import Context
from hotline.tickets.models import Ticket
from hotline.tickets.progress import HANDLING, on_keypad
from hotline.tickets.states import Confidentiality
from ivr import variables
from ivr.agi import callback, progress
from ivr.agi.script import CallerHungUp
from tests.factories import City

LINKEDID = "1795294529.7"


@dataclass
class Caller:
    """An `AgiCall`: presses the next keys of a prompt while it is played; hangs up where told.

    Keys that nobody waited for end the next prompt that a key ends; one that no key ends swallows them."""

    keys: dict[str, list[str]] = field(default_factory=dict)
    hangs_up_at: str = ""
    language: str = "zh_wait_3_5"
    heard: list[str] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    _pressed: str = ""

    def read_variable(self, expression: str) -> str:
        return {variables.LINKEDID: LINKEDID, variables.LANGUAGE: self.language}[expression]

    def write_variable(self, name: str, value: str) -> None:
        self.written[name] = value

    def play(self, prompt: str, interrupted_by: str = "") -> str:
        self.heard.append(prompt)
        if prompt == self.hangs_up_at:
            raise CallerHungUp(prompt)
        if not interrupted_by:
            self._pressed = ""
        elif self.keys.get(prompt):
            self._pressed += self.keys[prompt].pop(0)
        return self.wait_for_digit(0)

    def wait_for_digit(self, milliseconds: int) -> str:
        key, self._pressed = self._pressed[:1], self._pressed[1:]
        return key


@pytest.fixture
def ticket(context: Context) -> Ticket:
    """The water bureau handles it."""
    ticket_id = City.founded(context).signed()
    with context.reading() as session:
        return session.get_one(Ticket, ticket_id)


def digits(ticket: Ticket) -> str:
    return "".join(filter(str.isdigit, ticket.number or ""))


def asks(context: Context, *pairs: tuple[str, str], **how: str) -> Caller:
    """A caller who keys in these numbers and codes."""
    keys = {
        progress.ASK_NUMBER: [number for number, _ in pairs],
        progress.ASK_CODE: [code for _, code in pairs],
    }
    caller = Caller(keys, **how)
    progress.Progress(context).execute(caller)
    return caller


def test_the_state_and_the_limit_are_told_after_the_number(context: Context, ticket: Ticket) -> None:
    code = on_keypad(ticket.query_code or "")
    for number in (f"{digits(ticket)}#", on_keypad(ticket.number or "")):
        heard = asks(context, (number, code)).heard
        assert heard[2] == progress.NUMBER_IS
        assert heard.index(HANDLING) < heard.index(progress.UNTIL)
        assert heard[-1] == progress.BACK_IN_LINE


def test_a_hash_behind_the_last_key_is_no_answer_to_the_next_question(
    context: Context, ticket: Ticket
) -> None:
    """It would be a wrong code, or end what is told."""
    whole, code = on_keypad(ticket.number or ""), on_keypad(ticket.query_code or "")
    heard = asks(context, (f"{whole}#", f"{code}#")).heard
    assert progress.WRONG not in heard
    assert {HANDLING, progress.UNTIL} <= set(heard)


def test_three_wrong_tries_are_all(context: Context, ticket: Ticket) -> None:
    good = f"{digits(ticket)}#"
    wrong = ("00000000#", "22222222")
    caller = asks(context, (good, "22222222"), wrong, ("1#", "#"), (good, on_keypad(ticket.query_code or "")))
    assert caller.heard.count(progress.WRONG) == 3
    assert caller.heard[-1] == progress.TOO_OFTEN
    assert HANDLING not in caller.heard


@pytest.mark.parametrize("pressed", ["", "*", "1234*", "#"])
def test_nothing_and_the_star_lead_back(context: Context, pressed: str) -> None:
    assert asks(context, (pressed, "")).heard == [progress.ASK_NUMBER, progress.BACK_IN_LINE]


def test_a_sealed_ticket_is_told_to_nobody(context: Context, ticket: Ticket) -> None:
    with context.writing() as session:
        session.get_one(Ticket, ticket.id).confidentiality = Confidentiality.SEALED
    code = on_keypad(ticket.query_code or "")
    assert HANDLING not in asks(context, (f"{digits(ticket)}#", code)).heard


@pytest.fixture
def waiting(context: Context) -> Context:
    open_call(context, LINKEDID, "13900000001", "12345")
    call_queued(context, LINKEDID)
    return context


@pytest.fixture
def withheld(context: Context) -> Context:
    open_call(context, LINKEDID, None, "12345")
    call_queued(context, LINKEDID)
    return context


def owed(context: Context) -> list[tuple[str, CallbackReason]]:
    with context.reading() as session:
        return [(row.number, row.reason) for row in session.scalars(select(OwedCallback))]


def test_a_callback_is_written_down_before_it_is_promised(waiting: Context) -> None:
    caller = Caller(hangs_up_at=callback.PROMISED)
    with pytest.raises(CallerHungUp):
        callback.CallbackWanted(waiting).execute(caller)
    assert caller.written == {variables.CALLBACK: variables.CALLBACK_OWED}
    assert owed(waiting) == [("13900000001", CallbackReason.REQUESTED)]


def test_a_number_that_was_not_shown_is_asked_for(withheld: Context) -> None:
    caller = Caller({callback.ASK_NUMBER: ["110#", "13911112222#"]})
    callback.CallbackWanted(withheld).execute(caller)
    assert caller.heard[:3] == [callback.ASK_NUMBER, callback.WRONG, callback.ASK_NUMBER]
    assert caller.heard[3] == callback.WE_CALL
    assert caller.heard[-1] == callback.PROMISED
    assert owed(withheld) == [("13911112222", CallbackReason.REQUESTED)]


@pytest.mark.parametrize("keys", [["*"], [], ["1#", "2#", "3#"]])
def test_who_gives_no_number_waits_on(withheld: Context, keys: list[str]) -> None:
    caller = Caller({callback.ASK_NUMBER: keys})
    callback.CallbackWanted(withheld).execute(caller)
    assert caller.written == {}
    assert owed(withheld) == []
    assert caller.heard[-1] == progress.BACK_IN_LINE

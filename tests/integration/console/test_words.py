"""Nothing that a page can say lacks its English, and nothing that the core can say lacks a word here."""

import ast
import inspect

from agent_console import catalogue, history, labels, refusals
from agent_console.tickets.standing import SENTENCES
from hotline.people.actors import Role
from hotline.tickets import guards
from hotline.tickets.lifecycle import TRANSITIONS
from hotline.tickets.states import State


def test_every_message_has_its_english() -> None:
    assert catalogue.missing() == []


def test_every_sentence_of_a_guard_has_words() -> None:
    tree = ast.parse(inspect.getsource(guards))
    returned = [node.value for node in ast.walk(tree) if isinstance(node, ast.Return) and node.value]
    texts = {
        part.value
        for value in returned
        for part in ast.walk(value)
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and " " in part.value
    }
    sentences = {text for text in texts if not text.startswith(("still missing", ", "))}
    assert sentences - set(refusals.GUARD_WORDS) == set()


def test_every_move_state_and_role_has_words() -> None:
    assert {row.event for row in TRANSITIONS} - set(history.EVENTS) == set()
    assert set(State) - set(labels.STATES) == set()
    assert set(State) - set(SENTENCES) == {State.CLOSED}
    assert set(Role) - set(labels.ROLES) == set()

"""Nothing that a page can say lacks its English, and nothing that the core can say lacks a word here."""

import ast
import inspect
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

import hotline
from agent_console import catalogue, file_words, history, labels, record_words, refusals
from agent_console.tickets.standing import (
    EMERGENCY,
    KEPT_OPEN,
    MEDIA_TAKEN,
    NEEDS_FINDING,
    REFERRED,
    REPLY_WAITS,
    SENTENCES,
    UNDECIDED,
    standing,
)
from agent_console.tickets.steps import offered_to
from hotline.evidence.faults import Fault
from hotline.evidence.models import Purpose
from hotline.people.actors import Role
from hotline.questions.service import Obstacle as QuestionObstacle
from hotline.rechecks.rules import Obstacle as RecheckObstacle
from hotline.replies.visits import Obstacle as VisitObstacle
from hotline.tickets import guards
from hotline.tickets.lifecycle import TRANSITIONS
from hotline.tickets.models import Ticket
from hotline.tickets.states import ENDED, ScreeningClass, State
from tests.factories import FixedClock
from tests.integration.console.test_pages import CHINESE


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


def test_every_note_in_a_history_has_words() -> None:
    sources = (path.read_text(encoding="utf-8") for path in Path(hotline.__file__).parent.rglob("*.py"))
    calls = [node for text in sources for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    notes = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "note"]
    noted = {word.value for call in notes for word in call.args[:1] if isinstance(word, ast.Constant)}
    assert noted
    assert noted - set(history.EVENTS) == set()


def test_every_refusal_of_a_departments_record_has_words() -> None:
    assert set(Fault) == set(file_words.FAULTS)
    assert set(Purpose) == set(file_words.PURPOSES)
    assert set(RecheckObstacle) == set(record_words.RECHECK_OBSTACLES)
    assert set(VisitObstacle) == set(record_words.VISIT_OBSTACLES)
    assert set(QuestionObstacle) == set(record_words.QUESTION_OBSTACLES)


def test_every_move_state_and_role_has_words() -> None:
    assert {row.event for row in TRANSITIONS} - set(history.EVENTS) == set()
    assert set(State) - set(labels.STATES) == set()
    assert set(State) == set(SENTENCES)
    assert set(Role) - set(labels.ROLES) == set()


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_state_says_who_until_when_and_what_next(locale: str, app: Flask, clock: FixedClock) -> None:
    """With a limit where the state has one, and the words that it has none while somebody works on it."""
    holder = "水务局" if locale == "zh" else "Water Bureau"
    with app.test_request_context(), force_locale(locale):
        for state in State:
            ticket = Ticket(state=state, screening_class=ScreeningClass.DISCIPLINE)
            now = standing(ticket, holder, clock.now())
            parts = (now.has, now.next, now.limit)
            assert all(parts) or SENTENCES[state].limit is None, state
            assert bool(now.at) is bool(now.limit), state
            assert now.has_no_limit is (not now.at and state not in ENDED), state
            assert "{" not in "".join(parts), state
            assert CHINESE.search(f"{parts}{now.turn}") is None or locale == "zh", (state, parts, now.turn)


def test_whose_turn_it_is_finds_a_step(app: Flask) -> None:
    """Whoever is named to those who can do nothing is offered something on the same page."""
    assert app
    some = {
        State.REGISTERED: [*UNDECIDED.values()],
        State.TRANSFERRED: [*REFERRED.values(), MEDIA_TAKEN, EMERGENCY],
        State.HANDLING: [REPLY_WAITS],
        State.CALLBACK: [NEEDS_FINDING, KEPT_OPEN],
    }
    for state, words in SENTENCES.items():
        for said in (words, *some.get(state, ())):
            assert set(said.by) <= offered_to(state), state
    idle = {state for state, words in SENTENCES.items() if not words.by}
    assert idle == {State.CLOSED, State.WITHDRAWN, State.ARCHIVED}

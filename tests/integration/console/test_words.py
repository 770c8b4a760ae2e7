"""Nothing that a page can say lacks its English, and nothing that the core can say lacks a word here."""

import ast
import inspect
from pathlib import Path

import hotline
from agent_console import catalogue, file_words, history, labels, record_words, refusals
from agent_console.tickets.standing import SENTENCES
from hotline.evidence.faults import Fault
from hotline.evidence.models import Purpose
from hotline.people.actors import Role
from hotline.questions.service import Obstacle as QuestionObstacle
from hotline.replies.visits import Obstacle as VisitObstacle
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
    assert set(VisitObstacle) == set(record_words.VISIT_OBSTACLES)
    assert set(QuestionObstacle) == set(record_words.QUESTION_OBSTACLES)


def test_every_move_state_and_role_has_words() -> None:
    assert {row.event for row in TRANSITIONS} - set(history.EVENTS) == set()
    assert set(State) - set(labels.STATES) == set()
    assert set(State) - set(SENTENCES) == {State.CLOSED}
    assert set(Role) - set(labels.ROLES) == set()

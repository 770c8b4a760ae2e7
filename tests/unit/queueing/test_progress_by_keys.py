"""What keys stand for letters, and what is said of each state."""

import pytest

from hotline.prompts.texts import known_prompts
from hotline.tickets.progress import on_keypad, sentence
from hotline.tickets.states import State


@pytest.mark.parametrize(
    ("text", "keys"), [("23456789", "23456789"), ("ADGJMPTW", "23456789"), ("xyZ9", "9999")]
)
def test_letters_stand_on_keys(text: str, keys: str) -> None:
    assert on_keypad(text) == keys


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_state_has_words(language: str) -> None:
    assert {sentence(state) for state in State} <= known_prompts(language)

"""Citizens who say their answers in a follow-up call: real Asterisk, a real voice, the real small model."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.clock import SystemClock
from hotline.config import PROJECT_ROOT
from hotline.context import Context
from hotline.database import Database
from hotline.follow_up.models import Attempt, AttemptOutcome
from hotline.follow_up.service import dial
from ivr.agi.follow_up import GREETING, SOLVED_OR_SAY
from ivr.control import AmiCallControl
from ivr.network import Line, NetworkCall
from ivr.prompts.wave_files import RATE, write_wave
from recordings.recogniser import Recogniser
from recordings.short_answers import ShortAnswers
from tests.factories import City
from tests.telephony.ivr_process import running
from tests.telephony.sounds import SAME, likeness, read_wave
from tests.telephony.switchboard import Switchboard
from tests.unit.recordings.speech import spoken
from tests.waiting import until

SMALL = PROJECT_ROOT / "recordings" / "models" / "small-zh"

SOON, LATER = 900, 90
"""Milliseconds after the question, and how much later than the one before each citizen begins: the line is
listened to in pieces that end with a second of silence, and some begin to speak just then."""


@dataclass(frozen=True)
class Speaks:
    """What a citizen does after each prompt: says a sentence, or presses a key.

    `opening` is how long greeting and first question are together, in seconds: on a busy machine there may be
    a silence between them, and nobody listens yet. `patience`: milliseconds of silence before each answer.
    """

    answers: tuple[str | Path, ...]
    opening: float
    patience: int

    def __call__(self, line: Line) -> None:
        line.answer()
        line.listen(self.opening)
        for place, answer in enumerate(self.answers):
            if place:
                line.hear_voice()
            line.hear_silence(self.patience)
            if isinstance(answer, Path):
                line.say(answer)
            else:
                line.press(answer)
        line.listen_to_the_end(90)


@dataclass(frozen=True)
class Asked:
    """A citizen's call as they heard it, and what the core knows of it."""

    call: NetworkCall
    attempt: Attempt


SAID = {
    "solved, full marks": ("解决了", "五分"),
    "not solved, satisfied": ("没有解决", "满意"),
    "by voice and by key": ("已经解决了", "3"),
    "by key alone": ("2", "4"),
    "something else twice": ("今天下雨我没带伞", "请稍等一下我换个手机", "1", "不满意"),
}


@pytest.fixture(scope="module")
def asked(
    switchboard: Switchboard, migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Asked]]:
    """Everybody is called at once."""
    folder = tmp_path_factory.mktemp("spoken-answers")
    path = folder / "hotline.sqlite"
    path.write_bytes(migrated_sqlite.read_bytes())
    context = Context(Database(f"sqlite:///{path}"), SystemClock(), switchboard.settings)
    city = City.founded(context)
    listener = ShortAnswers(lambda: Recogniser(SMALL))
    listener.join()
    opening = sum(seconds_of(switchboard.prompt(name)) for name in (GREETING, SOLVED_OR_SAY))
    calls, follow_ups = {}, {}
    with running(context, switchboard, listener):
        for place, (name, answers) in enumerate(SAID.items()):
            number = f"1380000880{place}"
            follow_ups[name] = city.owed(number)[1]
            sounds = tuple(as_sound(folder, answer) for answer in answers)
            script = Speaks(sounds, opening, SOON + place * LATER)
            calls[name] = switchboard.network.expect_callback(number, script)
            assert dial(context, AmiCallControl(context.settings), follow_ups[name])
        for call in calls.values():
            call.wait_ended(150)
        until(lambda: all_over(context), 20, "the outcomes of all attempts")
    with context.reading() as session:
        attempts = {attempt.follow_up_id: attempt for attempt in session.scalars(select(Attempt))}
        assert all(attempt.follow_up.ticket for attempt in attempts.values())  # while there is a session
    yield {name: Asked(calls[name], attempts[follow_ups[name]]) for name in SAID}
    context.database.dispose()


def seconds_of(prompt: Path) -> float:
    return len(read_wave(prompt)) / RATE


def as_sound(folder: Path, answer: str) -> str | Path:
    if answer.isdecimal():
        return answer
    path = folder / f"{answer}.wav"
    write_wave(path, spoken(answer) / 32768)
    return path


def all_over(context: Context) -> bool:
    with context.reading() as session:
        return all(attempt.outcome for attempt in session.scalars(select(Attempt)))


@pytest.mark.parametrize(
    ("name", "solved", "satisfaction", "keys", "heard"),
    [
        ("solved, full marks", True, 1, "", "解决了；五分"),
        ("not solved, satisfied", False, 2, "", "没有解决；满意"),
        ("by voice and by key", True, 3, "3", "已经解决了"),
        ("by key alone", False, 4, "24", ""),
        ("something else twice", True, 4, "1", "不满意"),
    ],
)
def test_what_was_said_is_what_is_known(
    asked: dict[str, Asked], name: str, solved: bool, satisfaction: int, keys: str, heard: str
) -> None:
    attempt = asked[name].attempt
    assert (attempt.outcome, attempt.digits, attempt.heard) == (AttemptOutcome.ANSWERED, keys, heard)
    assert (attempt.follow_up.solved, attempt.follow_up.satisfaction) == (solved, satisfaction)


def test_who_says_something_else_is_asked_again_and_then_for_keys(
    switchboard: Switchboard, asked: dict[str, Asked]
) -> None:
    heard = asked["something else twice"].call.heard
    for prompt in ("follow-up-solved-or-say", "follow-up-unclear", "follow-up-solved"):
        assert likeness(heard, switchboard.prompt(prompt)) > SAME


def test_no_sound_of_an_answer_stays_beside_the_tracks(
    switchboard: Switchboard, asked: dict[str, Asked]
) -> None:
    assert asked
    assert not list(switchboard.settings.spool_dir.rglob("answer-*"))

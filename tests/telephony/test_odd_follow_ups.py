"""Citizens who leave a follow-up in the middle, or press keys that it does not know."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.clock import SystemClock
from hotline.context import Context
from hotline.database import Database
from hotline.follow_up.models import Attempt, AttemptOutcome, FollowUpState
from hotline.follow_up.service import dial
from hotline.tickets.states import State
from ivr.control import AmiCallControl
from ivr.network import Line, NetworkCall, Script
from ivr.network.calls import EndedBy
from tests.factories import City
from tests.telephony.ivr_process import running
from tests.telephony.sounds import SAME, likeness
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

WRONG_KEYS = "9*#"


@dataclass(frozen=True)
class Leaving:
    """When a citizen leaves a follow-up, and what is to be known of it afterwards."""

    keys: str
    into_the_next_prompt: bool
    outcome: AttemptOutcome
    follow_up: FollowUpState
    ticket: State
    answers: tuple[bool | None, int | None]

    def __call__(self, line: Line) -> None:
        """The first key is pressed after the first question, the second into the second question."""
        line.answer()
        line.hear_voice()
        for key in self.keys:
            line.hear_silence() if key == self.keys[0] else line.hear_voice()
            line.press(key)
        if self.into_the_next_prompt:
            line.hear_voice()


LEAVINGS = {
    "during the first prompt": Leaving(
        keys="",
        into_the_next_prompt=False,
        outcome=AttemptOutcome.SILENT,
        follow_up=FollowUpState.DUE,
        ticket=State.CALLBACK,
        answers=(None, None),
    ),
    "between the questions": Leaving(
        keys="1",
        into_the_next_prompt=True,
        outcome=AttemptOutcome.PARTIAL,
        follow_up=FollowUpState.DONE,
        ticket=State.CLOSED,
        answers=(True, None),
    ),
    "right after the last key": Leaving(
        keys="12",
        into_the_next_prompt=False,
        outcome=AttemptOutcome.ANSWERED,
        follow_up=FollowUpState.DONE,
        ticket=State.CLOSED,
        answers=(True, 2),
    ),
}


def corrects_a_wrong_key(key: str) -> Script:
    """Presses a wrong key after the first question, the right one when asked again, the last one at once."""

    def script(line: Line) -> None:
        line.answer()
        line.hear_voice()
        line.hear_silence()
        line.press(key)
        line.hear_voice()
        line.hear_silence()
        line.press("1")
        line.hear_voice()
        line.press("2")
        line.listen_to_the_end(60)

    return script


@dataclass(frozen=True)
class Asked:
    """A citizen's call as they heard it, and what the core knows of it."""

    call: NetworkCall
    attempt: Attempt


@pytest.fixture(scope="module")
def asked(
    switchboard: Switchboard, migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Asked]]:
    """Everybody is called at once."""
    path = tmp_path_factory.mktemp("follow-ups") / "hotline.sqlite"
    path.write_bytes(migrated_sqlite.read_bytes())
    context = Context(Database(f"sqlite:///{path}"), SystemClock(), switchboard.settings)
    city = City.founded(context)
    scripts: dict[str, Script] = {**LEAVINGS, **{key: corrects_a_wrong_key(key) for key in WRONG_KEYS}}
    calls, follow_ups = {}, {}
    with running(context, switchboard):
        for place, (name, script) in enumerate(scripts.items()):
            number = f"1380000770{place}"
            follow_ups[name] = city.owed(number)[1]
            calls[name] = switchboard.network.expect_callback(number, script)
            assert dial(context, AmiCallControl(context.settings), follow_ups[name])
        for call in calls.values():
            call.wait_ended(90)
        until(lambda: all_over(context), 20, "the outcomes of all attempts")
        until(lambda: no_channel_is_open(switchboard), what="the end of all channels")
    with context.reading() as session:
        attempts = {attempt.follow_up_id: attempt for attempt in session.scalars(select(Attempt))}
        assert all(
            attempt.follow_up.ticket for attempt in attempts.values()
        )  # loaded while there is a session
    yield {name: Asked(calls[name], attempts[follow_ups[name]]) for name in scripts}
    context.database.dispose()


def all_over(context: Context) -> bool:
    with context.reading() as session:
        return all(attempt.outcome for attempt in session.scalars(select(Attempt)))


def no_channel_is_open(switchboard: Switchboard) -> bool:
    return switchboard.pbx.control("core show channels count").startswith("0 active channels")


@pytest.mark.parametrize("name", LEAVINGS)
def test_a_citizen_who_leaves_a_follow_up(asked: dict[str, Asked], name: str) -> None:
    expected, attempt, follow_up = LEAVINGS[name], asked[name].attempt, asked[name].attempt.follow_up
    assert asked[name].call.ended_by is EndedBy.US
    assert attempt.answered_at is not None
    assert (attempt.outcome, attempt.digits) == (expected.outcome, expected.keys)
    assert (follow_up.state, follow_up.ticket.state) == (expected.follow_up, expected.ticket)
    assert (follow_up.solved, follow_up.satisfaction) == expected.answers
    if expected.follow_up is FollowUpState.DUE:
        assert follow_up.due_at is not None
        assert follow_up.due_at > attempt.started_at


@pytest.mark.parametrize("key", WRONG_KEYS)
def test_a_wrong_key_is_called_invalid_and_the_question_asked_again(
    switchboard: Switchboard, asked: dict[str, Asked], key: str
) -> None:
    call, attempt = asked[key].call, asked[key].attempt
    assert call.ended_by is EndedBy.THEM
    assert (attempt.outcome, attempt.digits) == (AttemptOutcome.ANSWERED, f"{key}12")
    assert (attempt.follow_up.solved, attempt.follow_up.satisfaction) == (True, 2)
    for prompt in ("invalid-key", "try-again", "follow-up-thanks"):
        assert likeness(call.heard, switchboard.prompt(prompt)) > SAME

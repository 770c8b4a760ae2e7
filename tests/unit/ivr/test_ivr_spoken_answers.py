"""What citizens say in a follow-up call. Asterisk's side is played; the listener is a fake at our port."""

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from hotline.context import Context
from hotline.follow_up.models import Attempt, AttemptOutcome
from hotline.follow_up.service import begin_attempt
from hotline.follow_up.spoken import Heard
from ivr.agi.follow_up import FollowUpScript
from ivr.agi.server import AgiServer, Limits
from ivr.prompts.wave_files import RATE, write_wave
from tests.factories import City
from tests.unit.agi.asterisk_side import AsteriskSide
from tests.waiting import until

SILENCE = Heard(spoke=False)
NONSENSE = Heard(spoke=True)


class Listener:
    """Hears what it was told to hear, piece by piece; takes over each until `done` is set."""

    def __init__(self) -> None:
        self.will_hear: list[Heard] = []
        self.done = threading.Event()
        self.done.set()
        self.ready = True
        self.asked: list[tuple[list[str], tuple[str, ...]]] = []

    def is_ready(self) -> bool:
        return self.ready

    def hear(self, pieces: Sequence[Path], phrases: tuple[str, ...]) -> Heard:
        self.asked.append(([piece.name for piece in pieces], phrases))
        heard = self.will_hear.pop(0) if self.will_hear else SILENCE
        assert self.done.wait(60)
        return heard


class Citizen:
    """keys: by the prompt during which they are pressed; record and wait: the answers to those commands;
    pressed: called after the last of `wait`."""

    def __init__(
        self,
        keys: dict[str, str] | None = None,
        record: str = "",
        wait: str = "",
        pressed: Callable[[], None] = lambda: None,
    ) -> None:
        self._keys, self._pressed = keys or {}, pressed
        self._record, self._wait = list(record), list(wait)
        self.heard: list[str] = []
        self.recorded: list[str] = []

    def answer(self, command: str) -> str:
        if command.startswith("GET FULL VARIABLE"):
            return "200 result=1 (2026/11/28/1.1)\n"
        key = ""
        if command.startswith("STREAM FILE"):
            self.heard.append(command.split()[2])
            key = self._keys.get(self.heard[-1], "")
        elif command.startswith("RECORD FILE"):
            self.recorded.append(command)
            key = self._record.pop(0) if self._record else ""
            return (
                f"200 result={ord(key)} (dtmf) endpos=8000\n"
                if key
                else "200 result=4991 (timeout) endpos=8000\n"
            )
        elif command.startswith("WAIT FOR DIGIT"):
            key = self._wait.pop(0) if self._wait else ""
            if key and not self._wait:
                self._pressed()
        return f"200 result={ord(key) if key.strip() else 0} endpos=8000\n"


Talk = Callable[[Citizen], Attempt]


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def wait_milliseconds() -> int:
    """Longer than any thread stands still: whoever says nothing at first still has time."""
    return 60_000


@pytest.fixture
def server(context: Context, listener: Listener, wait_milliseconds: int) -> Iterator[AgiServer]:
    script = FollowUpScript(context, wait_milliseconds, listener)
    server = AgiServer(("127.0.0.1", 0), [script], Limits(stop_seconds=2))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def folder(context: Context) -> Path:
    """Of the call, where Asterisk would have left what it recorded."""
    folder = context.settings.spool_dir / "2026" / "11" / "28" / "1.1"
    folder.mkdir(parents=True)
    return folder


def record(path: Path, seconds: float) -> None:
    write_wave(path, np.zeros(round(seconds * RATE)))


@pytest.fixture
def talk(server: AgiServer, context: Context, city: City) -> Talk:
    def play(citizen: Citizen) -> Attempt:
        attempt_id = begin_attempt(context, city.owed()[1]).attempt_id
        with AsteriskSide(server.port) as asterisk:
            asterisk.header(script="follow_up", agi_arg_1=str(attempt_id))
            while command := asterisk.hears():
                asterisk.say(citizen.answer(command))

        def ended() -> Attempt | None:
            with context.reading() as session:
                attempt = session.get_one(Attempt, attempt_id)
                return attempt if attempt.outcome and attempt.follow_up else None

        return until(ended)

    return play


def test_two_spoken_answers_are_taken_and_written_down(
    talk: Talk, listener: Listener, context: Context
) -> None:
    listener.will_hear = [Heard(True, "已经解决"), SILENCE, Heard(True, "满意")]
    citizen = Citizen()
    attempt = talk(citizen)
    assert (attempt.outcome, attempt.digits) == (AttemptOutcome.ANSWERED, "")
    assert attempt.heard == "已经解决；满意"
    assert (attempt.follow_up.solved, attempt.follow_up.satisfaction) == (True, 2)
    assert citizen.heard == [
        "follow-up-greeting", "follow-up-solved-or-say", "follow-up-satisfaction-or-say", "follow-up-thanks",
    ]  # fmt: skip
    folder = context.settings.spool_dir / "2026" / "11" / "28" / "1.1"
    assert citizen.recorded[0].startswith(f'RECORD FILE "{folder}/answer-1" wav "0123456789*#" ')
    assert citizen.recorded[0].endswith(" s=1")
    assert [names for names, _ in listener.asked] == [
        ["answer-1.wav"], ["answer-2.wav"], ["answer-2.wav", "answer-3.wav"],
    ]  # fmt: skip
    assert "没有解决" in listener.asked[0][1]
    assert "非常满意" in listener.asked[2][1]


def test_silence_keeps_nobody_and_is_heard_again_with_what_follows_it(
    talk: Talk, listener: Listener, folder: Path
) -> None:
    """Whoever begins to speak just after a piece has ended loses no syllable: the next one begins at once."""
    record(folder / "answer-1.wav", 1.02)
    record(folder / "answer-2.wav", 1.0)
    record(folder / "answer-3.wav", 1.6)
    listener.will_hear = [Heard(True, "解决了"), Heard(True, "满意")]
    citizen = Citizen()
    assert talk(citizen).heard == "解决了；满意"
    assert [names for names, _ in listener.asked] == [["answer-2.wav", "answer-3.wav"], ["answer-4.wav"]]


def test_unclear_speech_is_asked_again_and_the_third_time_only_keys_count(
    talk: Talk, listener: Listener
) -> None:
    listener.will_hear = [NONSENSE, Heard(True, "是不是"), Heard(True, "满意")]
    citizen = Citizen(keys={"follow-up-solved": "2"})
    attempt = talk(citizen)
    assert citizen.heard[1:7] == [
        "follow-up-solved-or-say", "follow-up-unclear", "follow-up-solved-or-say", "follow-up-unclear",
        "follow-up-solved", "follow-up-satisfaction-or-say",
    ]  # fmt: skip
    assert (attempt.follow_up.solved, attempt.follow_up.satisfaction) == (False, 2)
    assert (attempt.digits, attempt.heard) == ("2", "是不是；满意")


def test_a_key_during_a_recording_ends_it_and_counts(talk: Talk, listener: Listener) -> None:
    attempt = talk(Citizen(record="13"))
    assert (attempt.digits, attempt.heard) == ("13", "")
    assert (attempt.follow_up.solved, attempt.follow_up.satisfaction) == (True, 3)
    assert listener.asked == []


def test_a_key_while_words_are_being_understood_is_not_lost(talk: Talk, listener: Listener) -> None:
    listener.will_hear = [Heard(True, "没有"), Heard(True, "满意")]
    listener.done.clear()
    attempt = talk(Citizen(wait=" 1", pressed=listener.done.set))
    assert attempt.digits == "1"
    assert (attempt.follow_up.solved, attempt.follow_up.satisfaction) == (True, 2)


@pytest.mark.parametrize("wait_milliseconds", [1000])
def test_a_piece_that_the_time_ended_is_listened_to_however_short(
    talk: Talk, listener: Listener, folder: Path
) -> None:
    record(folder / "answer-1.wav", 0.6)
    record(folder / "answer-2.wav", 0.6)
    listener.will_hear = [Heard(True, "解决了"), Heard(True, "满意")]
    assert talk(Citizen()).heard == "解决了；满意"
    assert [names for names, _ in listener.asked] == [["answer-1.wav"], ["answer-2.wav"]]


@pytest.mark.parametrize("wait_milliseconds", [300])
def test_silence_is_asked_again_as_for_keys(talk: Talk) -> None:
    citizen = Citizen()
    attempt = talk(citizen)
    assert attempt.outcome is AttemptOutcome.SILENT
    assert citizen.heard.count("try-again") == 2
    assert citizen.heard[-1] == "follow-up-give-up"


def test_while_the_model_is_loaded_only_keys_are_asked_for(talk: Talk, listener: Listener) -> None:
    listener.ready = False
    citizen = Citizen(keys={"follow-up-solved": "1", "follow-up-satisfaction": "1"})
    attempt = talk(citizen)
    assert attempt.outcome is AttemptOutcome.ANSWERED
    assert citizen.recorded == []


def test_no_sound_of_an_answer_stays_in_the_spool(talk: Talk, listener: Listener, folder: Path) -> None:
    (folder / "answer-1.wav").write_bytes(b"as Asterisk would have left it")
    listener.will_hear = [Heard(True, "解决了"), Heard(True, "满意")]
    talk(Citizen())
    assert list(folder.iterdir()) == []

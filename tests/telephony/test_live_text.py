"""Words arrive while people speak, each on the right side; and nothing of it can harm a call."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select, update

from hotline.calls.seats import sign_off, sign_on
from hotline.context import Context
from hotline.conversations import service as steps
from hotline.conversations.queries import pauses_of
from hotline.conversations.rules import Phase
from hotline.directory.models import DutyPhone
from hotline.live_text.queries import segments_of
from hotline.live_text.service import forget_replaced
from hotline.transcripts.models import Recording, RecordingState, Speaker
from hotline.transcripts.queries import conversation
from ivr.control import AmiCallControl
from recordings.accuracy import character_error_rate
from recordings.recogniser import Recogniser
from recordings.speech_models import Models
from recordings.tracks import Spool
from recordings.transcriber import Transcriber
from tests.factories import City
from tests.telephony.ami_tap import AmiTap
from tests.telephony.ivr_process import recording_row
from tests.telephony.live_words import (
    AGENT_VOICE,
    CITIZEN_VOICE,
    EXPERT_VOICE,
    Desk,
    LiveProcess,
    Speaks,
    following,
    likeness,
)
from tests.telephony.people import Story, call_of
from tests.telephony.switchboard import Switchboard
from tests.telephony.talking import FIRST, SECOND, WATER, city, context, switchboard
from tests.waiting import until

__all__ = ["city", "context", "switchboard"]

COMPLAINT = "楼下的饭店油烟太大我们都不敢开窗户"
AND_THEN = "路灯坏了一个星期了"
QUESTION = "请问是什么时候开始的"
SECRET = "我的电话是一三九六四二八五七零一"
WITHIN_SECONDS = 5.0
"""From the end of a sentence to its last word on the page. The figure is `benchmarks.live`'s; here several
tests may share the cores."""
_numbers = count(13700000001)


@pytest.fixture(scope="module")
def recogniser(switchboard: Switchboard) -> Recogniser:
    return Recogniser(switchboard.settings.vosk_model)


class Spoken:
    """A citizen who talks with an agent, in words."""

    def __init__(
        self, switchboard: Switchboard, context: Context, city: City, folder: Path, seat: int = 0
    ) -> None:
        self.switchboard, self.network = switchboard, switchboard.network
        self.extension = (FIRST, SECOND)[seat]
        self.context = context.acting_as(city.agent)
        self.control = AmiCallControl(switchboard.settings)
        self.citizen, self.agent = Speaks(CITIZEN_VOICE, folder), Speaks(AGENT_VOICE, folder)
        password = switchboard.seats[seat].password
        self.network.agent_phone(self.extension, password, self.agent.script())
        sign_on(self.context, self.control, self.extension)
        number = str(next(_numbers))
        self.citizen.call = self.network.citizen_calls(number, self.citizen.script())
        call = until(lambda: call_of(context, number), 20, "the call")
        self.call_id, self.linkedid = call.id, call.linkedid
        self.story = Story(context, call.id)
        self.story.until_phase(Phase.TALKING, 20)
        self.desk = Desk(context, call.id)

    def step(self, step: Callable[..., object], *values: object) -> None:
        """A step of the agent's."""
        step(self.context, self.control, self.call_id, *values)

    def clear(self) -> None:
        self.desk.close()
        sign_off(self.context, self.control, self.extension)


Calls = Callable[..., Spoken]


@pytest.fixture
def calls(switchboard: Switchboard, context: Context, city: City, tmp_path: Path) -> Iterator[Calls]:
    """Makes calls; all are over afterwards."""
    made: list[Spoken] = []

    def call(seat: int = 0) -> Spoken:
        made.append(Spoken(switchboard, context, city, tmp_path, seat))
        return made[-1]

    yield call
    with everybody_gone(switchboard):
        for spoken in made:
            spoken.clear()


@contextmanager
def everybody_gone(switchboard: Switchboard) -> Iterator[None]:
    switchboard.pbx.control("channel request hangup all")
    until(lambda: switchboard.pbx.control("core show channels count").startswith("0 active channels"), 20)
    yield


def spies(switchboard: Switchboard) -> int:
    """Channels over which sound is brought."""
    return switchboard.pbx.control("core show channels concise").count("AudioSocket/")


def test_two_speakers_words_arrive_on_the_right_side(
    calls: Calls, context: Context, recogniser: Recogniser, switchboard: Switchboard
) -> None:
    with AmiTap(switchboard.settings) as tap, following(context, recogniser):
        spoken = calls()
        desk = spoken.desk
        desk.until_stands("listening")
        spoken.agent.says(QUESTION)
        assert desk.until_said(Speaker.AGENT, QUESTION, 0.8) - spoken.agent.said_at < WITHIN_SECONDS
        spoken.citizen.begin(COMPLAINT)
        desk.until_said(Speaker.CALLER, COMPLAINT, 0.25)
        assert not spoken.citizen.is_silent, "the first words came after the last"
        spoken.citizen.finishes()
        assert desk.until_said(Speaker.CALLER, COMPLAINT, 0.8) - spoken.citizen.said_at < WITHIN_SECONDS
        until(lambda: all(turn.final for turn in desk.read().turns.values()), what="all to be final")
        for speaker, sentence in ((Speaker.AGENT, QUESTION), (Speaker.CALLER, COMPLAINT)):
            desk.until_written(speaker)
            assert character_error_rate(sentence, desk.written_by(speaker)) < 0.4
        agents = [one.end_s for one in desk.written() if one.speaker is Speaker.AGENT]
        citizens = [one.start_s for one in desk.written() if one.speaker is Speaker.CALLER]
        assert max(agents) < min(citizens)
        spoken.citizen.hangs_up()
        spoken.story.until_phase(Phase.OVER)
        until(lambda: spies(switchboard) == 0, what="nobody to be listened to")
        # What listens is nobody's leg, and `hotline ivr` is not told of it.
        assert not [one for one in tap.packets if one.get("Channel", "").startswith("AudioSocket/")]
        assert any(one.get("Event") == "Hangup" for one in tap.packets)


def test_hold_and_a_third_party(calls: Calls, context: Context, recogniser: Recogniser, city: City) -> None:
    with following(context, recogniser):
        spoken = calls()
        desk = spoken.desk
        desk.until_stands("listening")
        spoken.step(steps.hold)
        spoken.story.until_phase(Phase.HELD)
        spoken.step(steps.resume)
        spoken.story.until_phase(Phase.TALKING)
        expert = Speaks(EXPERT_VOICE, spoken.citizen.folder)
        expert.call = spoken.network.expect_callback(WATER, expert.script())
        with context.reading() as session:
            phone = session.scalars(select(DutyPhone.id).where(DutyPhone.phone == WATER)).one()
        spoken.step(steps.add, f"phone:{phone}")
        spoken.story.until_talking(3, 20)
        for person, speaker, sentence in (
            (spoken.citizen, Speaker.CALLER, COMPLAINT),
            (spoken.agent, Speaker.AGENT, QUESTION),
            (expert, Speaker.THIRD, "您好请问市民反映的是什么问题"),
        ):
            person.says(sentence)
            desk.until_said(speaker, sentence)
        labels = {turn.label for turn in desk.turns.values() if turn.speaker is Speaker.THIRD}
        assert labels
        assert all(label.endswith("值班") for label in labels)
        others = desk.said_by(Speaker.AGENT) + desk.said_by(Speaker.THIRD)
        assert likeness(COMPLAINT, others) < 0.3, others


def test_what_is_not_recorded_is_not_understood(
    calls: Calls, context: Context, recogniser: Recogniser
) -> None:
    with following(context, recogniser):
        spoken = calls()
        desk = spoken.desk
        desk.until_stands("listening")
        spoken.citizen.says(AND_THEN)
        desk.until_said(Speaker.CALLER, AND_THEN)
        until(lambda: desk.written(), what="what was said before the pause")
        spoken.step(steps.pause_recording, True)
        desk.until_stands("paused")
        spoken.citizen.says(SECRET)
        spoken.step(steps.pause_recording, False)
        desk.until_stands("listening")
        spoken.citizen.says(COMPLAINT)
        desk.until_said(Speaker.CALLER, COMPLAINT)
        until(lambda: all(turn.final for turn in desk.read().turns.values()), what="all to be final")
        desk.until_written(Speaker.CALLER)
        texts = [one.text for one in desk.written()]
        assert all(likeness(SECRET, text) < 0.4 for text in texts), texts
        with context.reading() as session:
            [pause] = pauses_of(session, spoken.call_id)
        assert all(not pause.from_at < one.said_at < pause.until_at for one in desk.written())


def test_a_call_too_many_is_let_go_and_taken_back(
    calls: Calls, context: Context, recogniser: Recogniser, switchboard: Switchboard
) -> None:
    with following(context, recogniser, live_calls=1):
        first = calls()
        first.desk.until_stands("listening")
        second = calls(seat=1)
        second.desk.until_stands("shed")
        second.citizen.says(AND_THEN)
        first.citizen.says(COMPLAINT)
        first.desk.until_said(Speaker.CALLER, COMPLAINT)
        assert second.desk.read().turns == {}
        assert spies(switchboard) == 2
        first.citizen.hangs_up()
        second.desk.until_stands("listening")
        second.citizen.says(COMPLAINT)
        second.desk.until_said(Speaker.CALLER, COMPLAINT)


def transcribed_alone(context: Context, recording: Recording) -> None:
    """Recordings of earlier tests are not due: to transcribe them, too, would take long."""
    with context.writing() as session:
        session.execute(update(Recording).where(Recording.id != recording.id).values(due_at=None))


def test_a_killed_process_harms_no_call_and_its_successor_goes_on(
    calls: Calls, context: Context, recogniser: Recogniser, switchboard: Switchboard
) -> None:
    process = LiveProcess(context)
    try:
        spoken = calls()
        desk = spoken.desk
        desk.until_stands("listening", 60)
        spoken.citizen.says(AND_THEN)
        desk.until_said(Speaker.CALLER, AND_THEN)
        until(desk.written, what="it to be written down")
        spoken.citizen.begin(COMPLAINT)
        desk.until_said(Speaker.CALLER, COMPLAINT, 0.25)
    finally:
        process.kill()
    desk.until_stands("away")
    spoken.citizen.finishes()
    until(lambda: spies(switchboard) == 0, what="Asterisk to notice")
    assert spoken.story.standing().phase is Phase.TALKING
    with following(context, recogniser):
        desk.until_stands("listening")
        spoken.agent.says(QUESTION)
        desk.until_said(Speaker.AGENT, QUESTION)
        spoken.citizen.hangs_up()
        recording = until(lambda: recording_row(context, spoken.linkedid), 20, "the recording")
        assert likeness(AND_THEN, desk.written()[0].text) > 0.5
    transcriber = Transcriber(context, Models(recogniser), Spool(context.settings.spool_dir), "test")
    transcribed_alone(context, recording)
    while transcriber.run_once():
        pass
    row = recording_row(context, spoken.linkedid)
    assert row is not None
    assert row.state is RecordingState.DONE
    with context.reading() as session:
        transcript = conversation(session.merge(recording))
        whole = "".join(segment.text for speaker, segment in transcript if speaker is Speaker.CALLER)
    assert likeness(AND_THEN + COMPLAINT, whole) > 0.6, whole
    forget_replaced(context)
    with context.reading() as session:
        assert not segments_of(session, spoken.call_id)


def test_an_agent_who_is_muted_is_not_understood(
    calls: Calls, context: Context, recogniser: Recogniser
) -> None:
    with following(context, recogniser):
        spoken = calls()
        desk = spoken.desk
        desk.until_stands("listening")
        spoken.step(steps.mute, True)
        until(lambda: spoken.story.standing().agent.muted, what="the agent to be muted")  # type: ignore[union-attr]
        spoken.agent.says(SECRET)
        spoken.step(steps.mute, False)
        until(lambda: not spoken.story.standing().agent.muted, what="the agent to be heard")  # type: ignore[union-attr]
        spoken.agent.says(QUESTION)
        desk.until_said(Speaker.AGENT, QUESTION)
        assert likeness(SECRET, desk.said_by(Speaker.AGENT)) < 0.3, desk.said_by(Speaker.AGENT)

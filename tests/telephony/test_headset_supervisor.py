"""A supervisor with a native headset: listens, whispers, barges in, takes over, and has the call then."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.context import Context
from hotline.conversations import service as talks
from hotline.conversations.rules import Phase
from hotline.monitoring.models import Mode
from hotline.monitoring.service import supervise
from tests.factories import PASSWORD
from tests.telephony.headset_process import HeadsetProcess, PipeCard, serving
from tests.telephony.hearing import AGENT, CITIZEN, SUPERVISOR, heard_now
from tests.telephony.sounds import write_tone
from tests.telephony.talking import BOSS, Talk, city, context, switchboard, talk
from tests.waiting import until

__all__ = ["city", "context", "switchboard", "talk"]


@pytest.fixture
def card(tmp_path: Path) -> Iterator[PipeCard]:
    """Whoever wears it hums all the time: it is heard only where the microphone is let through."""
    with PipeCard(tmp_path, write_tone(tmp_path / "tone.wav", SUPERVISOR, 1)) as card:
        yield card


@pytest.fixture
def headset(talk: Talk, context: Context, card: PipeCard, tmp_path: Path) -> Iterator[HeadsetProcess]:
    """Switched on, and the only telephone of the supervisor's seat."""
    talk.boss = talk.context_of(BOSS)
    with serving(context) as address:
        headset = HeadsetProcess(tmp_path, card, address, talk.boss.actor.name, PASSWORD, ready=False)
        try:
            headset.until("idle", 30)
            until(lambda: talk.is_registered(BOSS), 20, "the headset to be reachable")
            yield headset
        finally:
            headset.end()


def each_hears(talk: Talk, card: PipeCard, *heard: set[int]) -> None:
    """Wait until citizen, agent and supervisor hear these voices; None is asked of who has gone."""
    ears = (talk.citizen.call, talk.agent.call, card)
    for ear, voices in zip(ears, heard, strict=False):
        assert ear is not None
        until(lambda: heard_now(ear.heard) == voices, 15, f"somebody to hear {voices}")  # noqa: B023


def test_a_supervisor_supervises_and_takes_over_with_a_headset(
    talk: Talk, headset: HeadsetProcess, card: PipeCard
) -> None:
    supervise(talk.boss, talk.control, talk.call_id, Mode.LISTEN)
    headset.until("talking", 20)  # picked up by itself: it was asked for with a button
    until(lambda: talk.supervised_as(Mode.LISTEN), 20, "listening")
    each_hears(talk, card, {AGENT}, {CITIZEN}, {CITIZEN, AGENT})
    for mode, heard in (
        (Mode.WHISPER, ({AGENT}, {CITIZEN, SUPERVISOR}, {CITIZEN, AGENT})),
        (Mode.BARGE, ({AGENT, SUPERVISOR}, {CITIZEN, SUPERVISOR}, {CITIZEN, AGENT})),
    ):
        supervise(talk.boss, talk.control, talk.call_id, mode)
        until(lambda: talk.supervised_as(mode), 20, mode)  # noqa: B023
        each_hears(talk, card, *heard)
    supervise(talk.boss, talk.control, talk.call_id, Mode.TAKE_OVER)
    until(lambda: talk.supervised_as(Mode.TAKE_OVER), 20, "taking over")
    until(lambda: talk.agent.ended_at, 20, "the agent to be free")
    until(lambda: heard_now(card.heard) == {CITIZEN}, 15, "the citizen in the headset")
    talks.hold(talk.boss, talk.control, talk.call_id)
    talk.story.until_phase(Phase.HELD)
    until(lambda: heard_now(card.heard) == set(), 15, "silence in the headset")
    talks.resume(talk.boss, talk.control, talk.call_id)
    talk.story.until_phase(Phase.TALKING)
    until(lambda: heard_now(card.heard) == {CITIZEN}, 15, "the citizen again")
    headset.press("hang up")
    headset.until("idle", 20)
    until(lambda: talk.citizen.ended_at, 20, "the goodbye")
    tracks = {path.name.partition("-")[0] for path in talk.folder().glob("*.wav")}
    assert tracks == {"agent", "caller.wav", "mix.wav", "supervisor"}

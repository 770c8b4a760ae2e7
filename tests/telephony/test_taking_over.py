"""A supervisor who took a call over has it as an agent has: steps, breaks, the end."""

import pytest

from hotline.calls.models import SeatState
from hotline.conversations import service as talks
from hotline.conversations.rules import Phase, Refusal, TalkRefused
from hotline.monitoring import rules
from hotline.monitoring.models import Mode
from hotline.monitoring.service import stop, supervise
from tests.telephony.hearing import (
    AGENT,
    CITIZEN,
    EXPERT,
    SUPERVISOR,
    until_hears,
    until_sounds,
    voices_in,
)
from tests.telephony.people import Person
from tests.telephony.sounds import growing
from tests.telephony.talking import BOSS, SECOND, WATER, Talk, city, context, switchboard, talk
from tests.waiting import until

__all__ = ["city", "context", "switchboard", "talk"]

HALF_A_SECOND = 4000  # samples


def took_over(talk: Talk) -> Person:
    """The supervisor talks with the citizen, and the agent has gone."""
    boss = talk.supervisor()
    talk.supervise(boss, Mode.TAKE_OVER)
    until(lambda: talk.agent.ended_at, 20, "the agent to be free")
    talk.story.until_phase(Phase.TALKING)
    return boss


def test_who_takes_over_holds_consults_joins_and_leaves(talk: Talk) -> None:
    story, citizen, boss = talk.story, talk.citizen, took_over(talk)
    story.stage("taken over", (citizen, {SUPERVISOR}), (boss, {CITIZEN}))
    with pytest.raises(TalkRefused) as refused:
        talks.hold(talk.context, talk.control, talk.call_id)
    assert refused.value.refusal is Refusal.NOT_YOURS
    talks.hold(talk.boss, talk.control, talk.call_id)
    story.until_phase(Phase.HELD)
    story.stage("hold", (citizen, set()), (boss, set()))
    talks.resume(talk.boss, talk.control, talk.call_id)
    story.until_phase(Phase.TALKING)
    story.stage("back", (citizen, {SUPERVISOR}), (boss, {CITIZEN}))
    expert = talk.expect(WATER, EXPERT)
    talks.consult(talk.boss, talk.control, talk.call_id, talk.phone_id(WATER))
    story.until_phase(Phase.CONSULTING)
    story.stage("consult", (citizen, set()), (boss, {EXPERT}), (expert, {SUPERVISOR}))
    talks.join(talk.boss, talk.control, talk.call_id)
    story.until_talking(3)
    everybody = {CITIZEN, SUPERVISOR, EXPERT}
    story.stage("three", *((person, everybody - {person.voice}) for person in (citizen, boss, expert)))
    talks.leave(talk.boss, talk.control, talk.call_id)
    story.until_phase(Phase.HANDED_OVER)
    story.stage("left", (citizen, {EXPERT}), (expert, {CITIZEN}))
    until(lambda: talk.seat_is(BOSS, SeatState.OFFLINE, SeatState.WRAP_UP), what="the supervisor to be free")
    talk.over(boss, expert)


def test_who_barged_in_takes_over_and_gives_the_caller_to_another_agent(talk: Talk) -> None:
    story, citizen, agent, boss = talk.story, talk.citizen, talk.agent, talk.supervisor()
    talk.supervise(boss, Mode.BARGE)
    both = {CITIZEN, AGENT, SUPERVISOR}
    story.stage("barged in", *((one, both - {one.voice}) for one in (citizen, agent, boss)))
    talk.supervise(boss, Mode.TAKE_OVER)
    until(lambda: agent.ended_at, 20, "the agent to be free")
    story.until_phase(Phase.TALKING)
    story.stage("taken over", (citizen, {SUPERVISOR}), (boss, {CITIZEN}))
    other = talk.second_agent()
    talks.transfer(talk.boss, talk.control, talk.call_id, f"agent:{SECOND}")
    until(lambda: talk.owner() == SECOND, 20, "the other agent's call")
    other.call = talk.phone.calls[-1]
    until(lambda: boss.ended_at, 20, "the supervisor to be free")
    story.until_talking(2)
    story.stage("handed on", (citizen, {other.voice}), (other, {CITIZEN}))
    talk.over(boss, other)


def test_a_supervisor_who_took_over_and_hangs_up_has_said_goodbye(talk: Talk) -> None:
    took_over(talk)
    stop(talk.boss, talk.control)
    until(lambda: talk.citizen.ended_at, 20, "the goodbye")
    talk.nobody_is_left()


def test_a_supervisor_whose_line_breaks_after_taking_over_gets_the_caller_back(talk: Talk) -> None:
    story, citizen, boss = talk.story, talk.citizen, took_over(talk)
    talk.break_line(talk.legs().agent)
    until(lambda: len(talk.boss_phone.calls) > 1 and talk.boss_phone.answered, 20, "the supervisor's return")
    story.until_phase(Phase.TALKING)
    boss.call = talk.boss_phone.calls[-1]
    story.stage("back", (citizen, {SUPERVISOR}), (boss, {CITIZEN}))
    assert talk.owner() == BOSS
    talk.over(boss)


def test_who_barged_in_stays_with_the_agent_on_hold_and_comes_back_with_them(talk: Talk) -> None:
    story, citizen, agent, boss = talk.story, talk.citizen, talk.agent, talk.supervisor()
    talk.supervise(boss, Mode.BARGE)
    talks.hold(talk.context, talk.control, talk.call_id)
    story.until_phase(Phase.HELD)
    story.stage("hold", (citizen, set()), (agent, {SUPERVISOR}), (boss, {AGENT}))
    talks.resume(talk.context, talk.control, talk.call_id)
    hears(talk, {AGENT, SUPERVISOR})
    three = {CITIZEN, AGENT, SUPERVISOR}
    story.stage("back", *((one, three - {one.voice}) for one in (citizen, agent, boss)))
    assert talk.supervised_as(Mode.BARGE)
    talk.control.leave(talk.legs())
    hears(talk, {SUPERVISOR})
    talk.over(boss)


def test_a_paused_recording_holds_no_word_of_a_supervisor(talk: Talk) -> None:
    """One who barges in while it is paused, and one who is there when it is paused."""
    story, citizen, agent, boss = talk.story, talk.citizen, talk.agent, talk.supervisor()
    heard = [(one, {CITIZEN, AGENT, SUPERVISOR} - {one.voice}) for one in (citizen, agent, boss)]
    pause(talk, True)
    talk.supervise(boss, Mode.BARGE)
    story.stage("not recorded", *heard)
    track = until(lambda: next(talk.folder().glob("supervisor-*.wav"), None), 10, "the supervisor's track")
    until(lambda: len(growing(track)) > HALF_A_SECOND, 10, "half a second of the track")
    assert SUPERVISOR not in voices_in(growing(track))
    pause(talk, False)
    until_sounds(track, {SUPERVISOR})
    pause(talk, True)
    until_sounds(track, set())
    story.stage("not recorded again", *heard)
    until_sounds(track, set())
    talk.over(boss)


def hears(talk: Talk, voices: set[int]) -> None:
    """Wait until the citizen does."""
    assert talk.citizen.call is not None
    until_hears(talk.citizen.call, voices)


def pause(talk: Talk, paused: bool) -> None:
    talks.pause_recording(talk.context, talk.control, talk.call_id, paused=paused)
    until(lambda: talk.story.standing().recording_paused is paused, what="the recording's state")


def test_two_supervisors_on_one_call(talk: Talk) -> None:
    """The second may listen, and is told who speaks; both may want the call, and one gets it."""
    story, citizen, agent, boss = talk.story, talk.citizen, talk.agent, talk.supervisor()
    other = talk.second_agent()
    second = talk.context_of(SECOND)
    talk.supervise(boss, Mode.BARGE)
    for mode in (Mode.WHISPER, Mode.BARGE, Mode.TAKE_OVER):
        with pytest.raises(rules.SomebodySpeaks):
            supervise(second, talk.control, talk.call_id, mode)
    supervise(second, talk.control, talk.call_id, Mode.LISTEN)
    until(lambda: talk.phone.calls and talk.phone.answered, 20, "the second supervisor's telephone")
    other.call = talk.phone.calls[-1]
    three = {CITIZEN, AGENT, SUPERVISOR}
    story.stage(
        "listened to", *((one, three - {one.voice}) for one in (citizen, agent, boss)), (other, three)
    )
    talk.supervise(boss, Mode.TAKE_OVER)
    talk.supervise(boss, Mode.TAKE_OVER)  # pressed twice
    until(lambda: agent.ended_at, 20, "the agent to be free")
    with pytest.raises(rules.SomebodySpeaks):
        supervise(second, talk.control, talk.call_id, Mode.TAKE_OVER)
    story.stage("taken over", (citizen, {SUPERVISOR}), (boss, {CITIZEN}))
    stop(second, talk.control)
    until(lambda: other.ended_at, 20, "the second supervisor to be gone")
    talk.over(boss, other)


def test_who_barged_in_goes_back_to_listening_where_the_agent_left_others_together(talk: Talk) -> None:
    story, citizen, expert = talk.story, talk.citizen, talk.expect(WATER, EXPERT)
    talks.add(talk.context, talk.control, talk.call_id, talk.phone_id(WATER))
    story.until_talking(3)
    talks.leave(talk.context, talk.control, talk.call_id)
    story.until_phase(Phase.HANDED_OVER)
    boss = talk.supervisor()
    talk.supervise(boss, Mode.BARGE)
    story.stage("barged in", (citizen, {EXPERT, SUPERVISOR}), (boss, {CITIZEN, EXPERT}))
    talk.supervise(boss, Mode.LISTEN)
    story.stage("listens", (citizen, {EXPERT}), (expert, {CITIZEN}), (boss, {CITIZEN, EXPERT}))
    talk.over(boss, expert)

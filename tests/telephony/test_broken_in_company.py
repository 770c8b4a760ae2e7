"""An agent's line breaks while others talk with the citizen: they go on, and the agent is fetched back."""

import re
import threading

import pytest

from hotline.calls.models import CallState, SeatState
from hotline.conversations import service as talks
from hotline.conversations.rules import Phase
from hotline.monitoring.models import Mode
from tests.telephony.hearing import AGENT, CITIZEN, EXPERT, SUPERVISOR
from tests.telephony.people import Person
from tests.telephony.talking import FIRST, SECOND, WATER, Talk, city, context, switchboard, talk
from tests.waiting import until

__all__ = ["city", "context", "switchboard", "talk"]


@pytest.fixture
def expert(talk: Talk) -> Person:
    """A third party in the talk."""
    expert = talk.expect(WATER, EXPERT)
    talks.add(talk.context, talk.control, talk.call_id, talk.phone_id(WATER))
    talk.story.until_talking(3)
    return expert


def break_off(talk: Talk) -> None:
    talk.break_line(talk.legs().agent)
    until(lambda: talk.seat_state(FIRST) is SeatState.BROKEN, what="the break")


def is_back(talk: Talk) -> Person:
    """The agent, on a new leg."""
    until(lambda: len(talk.agent_phone.calls) > 1 and talk.agent_phone.answered, 20, "the agent's return")
    talk.agent.call = talk.agent_phone.calls[-1]
    return talk.agent


def test_the_others_go_on_and_the_same_agent_comes_back_to_them(talk: Talk, expert: Person) -> None:
    story, citizen, agent = talk.story, talk.citizen, talk.agent
    back = agent.picks_up = threading.Event()
    break_off(talk)
    story.stage("without the agent", (citizen, {EXPERT}), (expert, {CITIZEN}))
    assert talk.state() is CallState.TALKING
    # A bridge for two would leave now and then one of them deaf once the third is back (decision 0081).
    bridges = talk.switchboard.pbx.control("bridge show all")
    assert re.findall(r" (simple_bridge|softmix) ", bridges) == ["softmix"]
    back.set()
    agent = is_back(talk)
    story.until_talking(3)
    voices = {CITIZEN, AGENT, EXPERT}
    story.stage("back", *((one, voices - {one.voice}) for one in (citizen, agent, expert)))
    until(lambda: talk.seat_is(FIRST, SeatState.TALKING), what="the agent's seat to talk again")
    talks.hold(talk.context, talk.control, talk.call_id)
    story.until_phase(Phase.CONSULTING)
    story.stage("the citizen on hold", (citizen, set()), (agent, {EXPERT}), (expert, {AGENT}))
    talks.resume(talk.context, talk.control, talk.call_id)
    story.until_talking(3)
    talk.control.hang_up(talk.legs().agent)  # goodbye: nobody is fetched back
    story.until_phase(Phase.HANDED_OVER)
    story.stage("left", (citizen, {EXPERT}), (expert, {CITIZEN}))
    calls = len(talk.agent_phone.calls)
    talk.over(expert)
    assert len(talk.agent_phone.calls) == calls
    assert len(list(talk.folder().glob("agent-*.wav"))) == 2


def test_one_who_does_not_come_back_leaves_the_others_talking(talk: Talk, expert: Person) -> None:
    story, citizen = talk.story, talk.citizen
    talk.network.unplug(talk.agent_phone)
    break_off(talk)
    until(lambda: talk.seat_state(FIRST) is SeatState.PAUSED, 25, "the agent to be given up")
    story.stage("without the agent", (citizen, {EXPERT}), (expert, {CITIZEN}))
    assert story.standing().phase is Phase.HANDED_OVER
    assert talk.state() is CallState.TALKING
    other = talk.second_agent()
    talk.control.hang_up(story.standing().thirds[0].channel_id)
    until(lambda: talk.owner() == SECOND, 40, "the caller to reach another agent")
    other.call = talk.phone.calls[-1]
    story.until_phase(Phase.TALKING)
    story.stage("another agent", (citizen, {other.voice}), (other, {CITIZEN}))
    talk.over(expert, other)


def test_the_third_party_leaves_meanwhile_and_the_agent_comes_back_to_the_citizen(
    talk: Talk, expert: Person
) -> None:
    story, citizen, agent = talk.story, talk.citizen, talk.agent
    back = agent.picks_up = threading.Event()
    break_off(talk)
    talk.control.hang_up(story.standing().thirds[0].channel_id)
    until(lambda: talk.state() is CallState.BROKEN, what="the citizen to hear music")
    back.set()
    until(lambda: talk.owner() == FIRST and talk.state() is CallState.TALKING, 25, "the agent's return")
    agent = is_back(talk)
    story.until_talking(2)
    story.stage("back", (citizen, {AGENT}), (agent, {CITIZEN}))
    talk.over(expert)


def test_a_supervisor_who_barged_in_keeps_the_citizen_company(talk: Talk) -> None:
    story, citizen, agent, boss = talk.story, talk.citizen, talk.agent, talk.supervisor()
    talk.supervise(boss, Mode.BARGE)
    back = agent.picks_up = threading.Event()
    break_off(talk)
    story.stage("without the agent", (citizen, {SUPERVISOR}), (boss, {CITIZEN}))
    back.set()
    agent = is_back(talk)
    story.until_phase(Phase.TALKING)
    voices = {CITIZEN, AGENT, SUPERVISOR}
    story.stage("back", *((one, voices - {one.voice}) for one in (citizen, agent, boss)))
    talk.over(boss)

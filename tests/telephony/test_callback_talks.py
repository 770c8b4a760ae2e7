"""A callback is a talk like any other, though the citizen is behind a channel of ours with two halves."""

import threading

from hotline.calls.models import Call
from hotline.conversations import service as talks
from hotline.conversations.rules import Phase
from hotline.monitoring.models import Mode
from tests.telephony.hearing import AGENT, CITIZEN, EXPERT, OTHER, SUPERVISOR
from tests.telephony.talking import SECOND, WATER, CalledBack, called_back, city, context, switchboard
from tests.waiting import until

__all__ = ["called_back", "city", "context", "switchboard"]


def test_who_is_called_back_is_held_and_the_agent_consults_joins_and_leaves(called_back: CalledBack) -> None:
    talk = called_back
    story, citizen, agent = talk.story, talk.citizen, talk.agent
    made = talk.context, talk.control, talk.call_id
    story.stage("talk", (citizen, {AGENT}), (agent, {CITIZEN}))
    talk.hold_and_take_back()
    expert = talk.consult(WATER, EXPERT)
    talks.join(*made)
    story.until_talking(3)
    story.stage("three", (citizen, {AGENT, EXPERT}), (agent, {CITIZEN, EXPERT}), (expert, {CITIZEN, AGENT}))
    talks.leave(*made)
    story.until_phase(Phase.HANDED_OVER)
    story.stage("left", (citizen, {EXPERT}), (expert, {CITIZEN}))
    talk.over(expert)


def test_who_was_on_hold_hears_the_goodbye_after_the_agent(called_back: CalledBack) -> None:
    talk = called_back
    talk.hold_and_take_back()
    talk.control.hang_up(talk.legs().agent)
    talk.until_quiet()
    with talk.context.reading() as session:
        events = talk.switchboard.events(session.get_one(Call, talk.call_id).linkedid)
    assert "parting" in {event.context for event in events}


def test_who_is_called_back_goes_to_another_agent(called_back: CalledBack) -> None:
    """By a blind transfer; the other agent asks a department, and hands the citizen over to it."""
    talk, citizen = called_back, called_back.citizen
    story, other = talk.story, talk.second_agent()
    other.picks_up = threading.Event()
    talks.transfer(talk.context, talk.control, talk.call_id, f"agent:{SECOND}")
    other.picks_up.set()
    until(lambda: talk.owner() == SECOND, what="the call to be the other agent's")
    other.call = talk.phone.calls[-1]
    story.until_talking(2)
    story.stage("other", (citizen, {OTHER}), (other, {CITIZEN}))
    others = talk.context_of(SECOND), talk.control, talk.call_id
    expert = talk.expect(WATER, EXPERT)
    talks.consult(*others, talk.phone_id(WATER))
    story.until_phase(Phase.CONSULTING)
    story.stage("consult", (citizen, set()), (other, {EXPERT}), (expert, {OTHER}))
    talks.hand_over(*others)
    story.until_phase(Phase.HANDED_OVER)
    story.stage("handed over", (citizen, {EXPERT}), (expert, {CITIZEN}))
    talk.over(other, expert)


def test_a_consulted_department_hangs_up_and_a_supervisor_joins(called_back: CalledBack) -> None:
    talk, citizen, agent = called_back, called_back.citizen, called_back.agent
    story, made = talk.story, (talk.context, talk.control, talk.call_id)
    expert = talk.expect(WATER, EXPERT)
    talks.consult(*made, talk.phone_id(WATER))
    story.until_phase(Phase.CONSULTING)
    [asked] = story.standing().thirds
    talk.control.hang_up(asked.channel_id)
    story.until_phase(Phase.TALKING)
    story.stage("back", (citizen, {AGENT}), (agent, {CITIZEN}))
    boss = talk.supervisor()
    talk.supervise(boss, Mode.BARGE)
    everybody = {CITIZEN, AGENT, SUPERVISOR}
    story.stage("barged in", *((one, everybody - {one.voice}) for one in (citizen, agent, boss)))
    talk.over(expert, boss)

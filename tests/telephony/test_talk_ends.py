"""Whoever hangs up, in whatever state of a conversation: nobody is left alone on the line."""

import threading

from hotline.conversations import service as talks
from hotline.conversations.models import PartyEnd, PartyState
from hotline.conversations.rules import Phase
from tests.telephony.hearing import AGENT, CITIZEN, EXPERT
from tests.telephony.talking import POLICE, SECOND, WATER, Talk, city, context, switchboard, talk
from tests.waiting import until

__all__ = ["city", "context", "switchboard", "talk"]


def test_whom_the_agent_consulted_hangs_up_and_the_caller_is_back(talk: Talk) -> None:
    story, citizen, agent = talk.story, talk.citizen, talk.agent
    talk.expect(WATER, EXPERT)
    party_id = talks.consult(talk.context, talk.control, talk.call_id, talk.phone_id(WATER))
    story.until_phase(Phase.CONSULTING)
    talk.control.hang_up(talk.party(party_id).channel_id)
    story.until_phase(Phase.TALKING)
    until(lambda: talk.party(party_id).end is PartyEnd.HUNG_UP, what="the end of the party")
    story.stage("back", (citizen, {AGENT}), (agent, {CITIZEN}))
    talks.hold(talk.context, talk.control, talk.call_id)
    story.until_phase(Phase.HELD)
    talks.resume(talk.context, talk.control, talk.call_id)
    story.until_phase(Phase.TALKING)
    story.stage("held once more", (citizen, {AGENT}), (agent, {CITIZEN}))
    talk.over()


def test_a_caller_on_hold_hangs_up_and_the_agent_is_free(talk: Talk) -> None:
    talks.hold(talk.context, talk.control, talk.call_id)
    talk.story.until_phase(Phase.HELD)
    talk.control.hang_up(talk.legs().caller)
    until(lambda: talk.agent.ended_at, what="the agent's telephone to be free")
    talk.nobody_is_left()


def test_an_agent_hangs_up_on_hold_and_the_caller_is_not_left_with_music(talk: Talk) -> None:
    talks.hold(talk.context, talk.control, talk.call_id)
    talk.story.until_phase(Phase.HELD)
    talk.control.hang_up(talk.legs().agent)
    until(lambda: talk.citizen.ended_at, 20, "the goodbye")
    talk.nobody_is_left()


def test_a_caller_hangs_up_while_the_agent_consults_who_may_finish(talk: Talk) -> None:
    story, agent = talk.story, talk.agent
    expert = talk.expect(WATER, EXPERT)
    party_id = talks.consult(talk.context, talk.control, talk.call_id, talk.phone_id(WATER))
    story.until_phase(Phase.CONSULTING)
    talk.control.hang_up(talk.legs().caller)
    story.until_phase(Phase.CALLER_LEFT)
    story.stage("the two", (agent, {EXPERT}), (expert, {AGENT}))
    talk.control.hang_up(talk.party(party_id).channel_id)
    until(lambda: agent.ended_at, what="the agent's telephone to be free")
    talk.nobody_is_left()
    story.check()


def test_a_caller_hangs_up_while_somebody_rings_for_them(talk: Talk) -> None:
    expert = talk.expect(WATER, EXPERT)
    expert.picks_up = threading.Event()  # never
    party_id = talks.transfer(talk.context, talk.control, talk.call_id, talk.phone_id(WATER))
    talk.story.until_phase(Phase.HELD)
    talk.control.hang_up(talk.legs().caller)
    until(lambda: talk.party(party_id).state is PartyState.LEFT, 20, "the department to be told")
    until(lambda: talk.agent.ended_at, what="the agent's telephone to be free")
    talk.nobody_is_left()


def test_the_caller_is_left_with_the_department_which_hangs_up(talk: Talk) -> None:
    story, citizen = talk.story, talk.citizen
    expert = talk.expect(POLICE, EXPERT)
    party_id = talks.add(talk.context, talk.control, talk.call_id, talk.phone_id(POLICE))
    story.until_talking(3)
    talks.leave(talk.context, talk.control, talk.call_id)
    story.until_phase(Phase.HANDED_OVER)
    story.stage("two", (citizen, {EXPERT}), (expert, {CITIZEN}))
    talk.control.hang_up(talk.party(party_id).channel_id)
    until(lambda: citizen.ended_at, 20, "the goodbye")
    talk.nobody_is_left()
    story.check()


def test_the_caller_goes_back_to_the_queue_and_to_another_agent(talk: Talk) -> None:
    story, citizen = talk.story, talk.citizen
    other = talk.second_agent()
    talks.hold(talk.context, talk.control, talk.call_id)
    story.until_phase(Phase.HELD)
    talks.transfer(talk.context, talk.control, talk.call_id, "queue")
    until(lambda: talk.agent.ended_at, what="the first agent to be free")
    until(lambda: talk.phone.answered, 20, "another agent")
    other.call = talk.phone.calls[-1]
    story.until_phase(Phase.TALKING)
    story.stage("other", (citizen, {other.voice}), (other, {CITIZEN}))
    assert talk.owner() == SECOND
    talk.over(other)

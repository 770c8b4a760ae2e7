"""Callers whom nobody takes, and whose agent has gone, get to a person; buttons that are pressed twice."""

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from hotline.calls.models import SeatState
from hotline.calls.seats import pause, sign_off
from hotline.conversations import service as talks
from hotline.conversations.models import PartyEnd, PartyState
from hotline.conversations.rules import Phase, Refusal, TalkRefused
from ivr.network import Line, Script
from tests.telephony.hearing import AGENT, CITIZEN, EXPERT
from tests.telephony.talking import FIRST, SECOND, WATER, Talk, city, context, switchboard, talk
from tests.waiting import until

SETTLED_SECONDS = 0.5

__all__ = ["city", "context", "switchboard", "talk"]


def rings_then(refuses: Callable[[Line], None], talk: Talk) -> Script:
    """A telephone that rings until the agent has gone."""

    def script(line: Line) -> None:
        line.ring(0.5)
        line.wait_until(lambda: talk.agent.ended_at > 0)
        refuses(line)

    return script


# What the telephone does in the end.
ENDS: dict[PartyEnd, Callable[[Line], None]] = {
    PartyEnd.BUSY: lambda line: line.refuse_as_busy(),
    PartyEnd.UNREACHABLE: lambda line: line.refuse_as_dead(),
    PartyEnd.NO_ANSWER: lambda line: line.ring(60),  # for as long as we have it rung
}


@pytest.mark.parametrize("end", ENDS)
def test_whom_nobody_takes_after_the_agent_has_gone_gets_to_another_agent(talk: Talk, end: PartyEnd) -> None:
    talk.network.expect_callback(WATER, rings_then(ENDS[end], talk))
    party_id = talks.transfer(talk.context, talk.control, talk.call_id, talk.phone_id(WATER))
    talk.story.until_phase(Phase.HELD)
    talk.control.hang_up(talk.legs().agent)
    gets_to_another_agent(talk, party_id, end)


def test_whom_nobody_takes_after_the_agents_line_broke_gets_to_another_agent(talk: Talk) -> None:
    talk.network.expect_callback(WATER, rings_then(ENDS[PartyEnd.BUSY], talk))
    party_id = talks.transfer(talk.context, talk.control, talk.call_id, talk.phone_id(WATER))
    talk.story.until_phase(Phase.HELD)
    talk.break_line(talk.legs().agent)
    gets_to_another_agent(talk, party_id, PartyEnd.BUSY)


def gets_to_another_agent(talk: Talk, party_id: int | None, end: PartyEnd) -> None:
    """The caller waits before everybody else, and talks with whoever is free."""
    until(lambda: talk.agent.ended_at, 20, "the first agent to be gone")
    sign_off(talk.context, talk.control, FIRST)
    other = talk.second_agent()
    until(lambda: talk.party(party_id).state is PartyState.LEFT, 60, "the failure")
    assert talk.party(party_id).end is end
    until(lambda: talk.owner() == SECOND, 30, "another agent")
    other.call = talk.phone.calls[-1]
    talk.story.until_phase(Phase.TALKING)
    talk.story.stage("other", (talk.citizen, {other.voice}), (other, {CITIZEN}))
    talk.over(other)


def press_twice(step: Callable[[], object]) -> None:
    """The second press comes before anything is known of the first one's effect, or is refused in words."""
    step()
    with suppress(TalkRefused):
        step()


def test_buttons_pressed_twice_do_what_they_do_once(talk: Talk) -> None:
    story, citizen, agent = talk.story, talk.citizen, talk.agent
    made = talk.context, talk.control, talk.call_id
    press_twice(lambda: talks.hold(*made))
    story.until_phase(Phase.HELD)
    story.stage("hold", (citizen, set()), (agent, set()))
    press_twice(lambda: talks.resume(*made))
    story.until_phase(Phase.TALKING)
    story.stage("back", (citizen, {AGENT}), (agent, {CITIZEN}))
    expert = talk.expect(WATER, EXPERT)
    press_twice(lambda: talks.consult(*made, talk.phone_id(WATER)))
    story.until_phase(Phase.CONSULTING)
    story.stage("consult", (citizen, set()), (agent, {EXPERT}), (expert, {AGENT}))
    assert len(story.standing().thirds) == 1
    press_twice(lambda: talks.join(*made))
    story.until_talking(3)
    voices = {CITIZEN, AGENT, EXPERT}
    story.stage("three", *((one, voices - {one.voice}) for one in (citizen, agent, expert)))
    press_twice(lambda: talks.leave(*made))
    story.until_phase(Phase.HANDED_OVER)
    story.stage("left", (citizen, {EXPERT}), (expert, {CITIZEN}))
    talk.over(expert)


def test_handing_over_twice(talk: Talk) -> None:
    story, citizen = talk.story, talk.citizen
    made = talk.context, talk.control, talk.call_id
    expert = talk.expect(WATER, EXPERT)
    talks.consult(*made, talk.phone_id(WATER))
    story.until_phase(Phase.CONSULTING)
    press_twice(lambda: talks.hand_over(*made))
    story.until_phase(Phase.HANDED_OVER)
    story.stage("handed over", (citizen, {EXPERT}), (expert, {CITIZEN}))
    talk.over(expert)


def test_to_the_queue_twice(talk: Talk) -> None:
    story, citizen = talk.story, talk.citizen
    sign_off(talk.context, talk.control, FIRST)
    press_twice(lambda: talks.transfer(talk.context, talk.control, talk.call_id, "queue"))
    until(lambda: talk.agent.ended_at, 20, "the first agent to be free")
    other = talk.second_agent()
    until(lambda: talk.owner() == SECOND, 30, "another agent")
    other.call = talk.phone.calls[-1]
    story.until_phase(Phase.TALKING)
    story.stage("other", (citizen, {other.voice}), (other, {CITIZEN}))
    talk.over(other)


def test_nobody_is_rung_who_is_busy_or_away(talk: Talk) -> None:
    """Told at once, and the call goes on as it was."""
    talk.second_agent()
    second = talk.context_of(SECOND)
    pause(second, talk.control, SECOND, "break")
    until(settled(talk, SeatState.PAUSED), what="the pause")
    is_refused(talk, Refusal.TARGET_BUSY)
    sign_off(second, talk.control, SECOND)
    until(settled(talk, SeatState.OFFLINE), what="the end of the shift")
    is_refused(talk, Refusal.TARGET_AWAY)
    talk.story.stage("as it was", (talk.citizen, {AGENT}), (talk.agent, {CITIZEN}))
    talk.over()


def settled(talk: Talk, state: SeatState) -> Callable[[], bool]:
    """Whether it has been so for a moment: Asterisk's word of what was before may still be on its way."""
    since = time.monotonic()

    def lasts() -> bool:
        nonlocal since
        if not talk.seat_is(SECOND, state):
            since = time.monotonic()
        return time.monotonic() - since > SETTLED_SECONDS

    return lasts


def is_refused(talk: Talk, why: Refusal) -> None:
    for step in (talks.transfer, talks.consult, talks.add):
        with pytest.raises(TalkRefused) as refused:
            step(talk.context, talk.control, talk.call_id, f"agent:{SECOND}")
        assert refused.value.refusal is why

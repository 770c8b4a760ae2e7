"""Hold, consult, transfer, three-way and more on a real PBX: tones tell who hears whom."""

import threading

import pytest

from hotline.calls.models import SeatState
from hotline.conversations import service as talks
from hotline.conversations.models import PartyEnd, PartyState
from hotline.conversations.rules import Phase, Refusal, TalkRefused
from ivr.ami.client import AmiConnection
from ivr.control import ami_account
from ivr.network import turn_busy
from tests.telephony.hearing import AGENT, CITIZEN, EXPERT, FIFTH, OTHER, SIXTH
from tests.telephony.talking import NOBODY, POLICE, SECOND, WATER, Talk, city, context, switchboard, talk
from tests.waiting import until

__all__ = ["city", "context", "switchboard", "talk"]

NAMESAKES = 4


def test_a_caller_is_held_and_the_agent_consults_joins_and_leaves(talk: Talk) -> None:
    story, citizen, agent = talk.story, talk.citizen, talk.agent
    story.stage("talk", (citizen, {AGENT}), (agent, {CITIZEN}))
    talks.hold(talk.context, talk.control, talk.call_id)
    story.until_phase(Phase.HELD)
    talk.control.hold(talk.legs())
    control = talk.switchboard.pbx.control
    until(lambda: control("core show channels count").startswith("6 active channels"), what="six channels")
    story.stage("hold", (citizen, set()), (agent, set()))
    talks.resume(talk.context, talk.control, talk.call_id)
    story.until_phase(Phase.TALKING)
    story.stage("back", (citizen, {AGENT}), (agent, {CITIZEN}))
    expert = talk.expect(WATER, EXPERT)
    talks.consult(talk.context, talk.control, talk.call_id, talk.phone_id(WATER))
    story.until_phase(Phase.CONSULTING)
    story.stage("consult", (citizen, set()), (agent, {EXPERT}), (expert, {AGENT}))
    talks.join(talk.context, talk.control, talk.call_id)
    story.until_talking(3)
    story.stage("three", (citizen, {AGENT, EXPERT}), (agent, {CITIZEN, EXPERT}), (expert, {CITIZEN, AGENT}))
    talks.leave(talk.context, talk.control, talk.call_id)
    story.until_phase(Phase.HANDED_OVER)
    story.stage("left", (citizen, {EXPERT}), (expert, {CITIZEN}))
    talk.over(expert)


def test_a_caller_goes_to_another_agent_whose_call_it_is_then(talk: Talk) -> None:
    story, citizen = talk.story, talk.citizen
    other = talk.second_agent()
    other.picks_up = threading.Event()
    talks.transfer(talk.context, talk.control, talk.call_id, f"agent:{SECOND}")
    assert story.standing().phase is not Phase.HANDED_OVER
    other.picks_up.set()
    until(lambda: talk.owner() == SECOND, what="the call to be the other agent's")
    other.call = talk.phone.calls[-1]
    story.until_talking(2)
    story.stage("other", (citizen, {OTHER}), (other, {CITIZEN}))
    until(lambda: talk.seat_is(SECOND, SeatState.TALKING), what="the other agent's seat to talk")
    until(lambda: not talk.seat_is("1001", SeatState.TALKING), what="the first agent's seat to be free")
    with pytest.raises(TalkRefused) as refused:
        talks.hold(talk.context, talk.control, talk.call_id)
    assert refused.value.refusal is Refusal.NOT_YOURS
    others = talk.context_of(SECOND)
    talks.hold(others, talk.control, talk.call_id)
    story.until_phase(Phase.HELD)
    story.stage("hold", (citizen, set()), (other, set()))
    talk.over(other)
    tracks = {path.name.partition("-")[0] for path in talk.folder().glob("*.wav")}
    assert tracks == {"agent", "caller.wav", "mix.wav"}


def test_a_caller_whom_nobody_takes_comes_back_and_may_then_be_taken(talk: Talk) -> None:
    story, citizen, agent = talk.story, talk.citizen, talk.agent
    talk.network.expect_callback(WATER, turn_busy())
    for number, end in ((WATER, PartyEnd.BUSY), (NOBODY, PartyEnd.UNREACHABLE)):
        party_id = talks.transfer(talk.context, talk.control, talk.call_id, talk.phone_id(number))
        until(lambda: talk.party(party_id).state is PartyState.LEFT, what="the failure")  # noqa: B023
        assert talk.party(party_id).end is end
        story.until_phase(Phase.TALKING)
    story.stage("back", (citizen, {AGENT}), (agent, {CITIZEN}))
    expert = talk.expect(POLICE, EXPERT)
    talks.transfer(talk.context, talk.control, talk.call_id, talk.phone_id(POLICE))
    story.until_phase(Phase.HANDED_OVER)
    story.stage("expert", (citizen, {EXPERT}), (expert, {CITIZEN}))
    until(lambda: agent.ended_at, what="the agent to be free")
    assert expert.call is not None
    talk.over(expert)


def test_six_talk_together_and_go_one_by_one(talk: Talk) -> None:
    story, citizen, agent = talk.story, talk.citizen, talk.agent
    other = talk.second_agent()
    experts = [
        talk.expect(number, voice) for number, voice in ((WATER, EXPERT), (POLICE, FIFTH), ("110", SIXTH))
    ]
    targets = [talk.phone_id(WATER), talk.phone_id(POLICE), "emergency:110", f"agent:{SECOND}"]
    parties = [talks.add(talk.context, talk.control, talk.call_id, target) for target in targets]
    with pytest.raises(TalkRefused) as refused:
        talks.add(talk.context, talk.control, talk.call_id, talk.phone_id(NOBODY))
    assert refused.value.refusal is Refusal.FULL
    story.until_talking(6)
    other.call = talk.phone.calls[-1]
    everybody = [citizen, agent, other, *experts]
    voices = {person.voice for person in everybody}
    story.stage("six", *((person, voices - {person.voice}) for person in everybody))
    talks.remove(talk.context, talk.control, talk.call_id, parties[0])
    talks.remove(talk.context, talk.control, talk.call_id, parties[3])
    story.until_talking(4)
    four = [citizen, agent, *experts[1:]]
    left = {person.voice for person in four}
    story.stage("four", *((person, left - {person.voice}) for person in four))
    talks.hold(talk.context, talk.control, talk.call_id)
    story.until_phase(Phase.CONSULTING)
    story.stage(
        "without the citizen", (citizen, set()), (agent, {FIFTH, SIXTH}), (experts[1], {AGENT, SIXTH})
    )
    talks.resume(talk.context, talk.control, talk.call_id)
    story.until_talking(4)
    story.stage("again", *((person, left - {person.voice}) for person in four))
    talk.over(other, *experts)
    assert len(list(talk.folder().glob("expert-*.wav"))) == 3


def test_nobody_is_taken_for_somebody_else_whose_identity_begins_the_same(talk: Talk) -> None:
    """As X and X;2, a line of two halves, or as callers of one second, 1796066421.3 and 1796066421.30."""
    legs = talk.legs()
    for leg in (legs.caller, legs.agent):
        for number in range(NAMESAKES):
            begin_like(talk, f"{leg}{number}")
    talk.hold_and_take_back()
    expert = talk.consult(WATER, EXPERT)
    talks.hand_over(talk.context, talk.control, talk.call_id)
    talk.story.until_phase(Phase.HANDED_OVER)
    talk.story.stage("handed over", (talk.citizen, {EXPERT}), (expert, {CITIZEN}))
    talk.over(expert)


def begin_like(talk: Talk, identity: str) -> None:
    """A channel of this identity waits for nothing."""
    originate(talk, {"ChannelId": identity, "OtherChannelId": f"{identity}-other"}, "talk-keep", "silence")


def originate(
    talk: Talk, headers: dict[str, str], context: str, exten: str, given: dict[str, str] | None = None
) -> None:
    """A channel of ours, which is sent there."""
    place = {"Context": context, "Exten": exten, "Priority": "1"}
    headers = {"Channel": "Local/silence@talk-keep/n", "Timeout": "3000"} | place | headers
    with AmiConnection(ami_account(talk.switchboard.settings)) as asterisk:
        asterisk.ask("Originate", headers, given or {})


@pytest.mark.parametrize(
    ("place", "exten", "gone"),
    [
        ("talk-keep", "agent", "AGENT_LEG"),
        ("talk-third", "meet", "CALLER_LEG"),
        ("supervise", "join", "CITIZEN_LEG"),
    ],
)
def test_whom_a_leg_that_has_gone_was_to_meet_meets_nobody_else(
    talk: Talk, place: str, exten: str, gone: str
) -> None:
    control = talk.switchboard.pbx.control
    originate(talk, {}, place, exten, {gone: "1763768000.9", "FOLDER": str(talk.folder())})
    until(lambda: control("core show channels count").startswith("2 active channels"), what="two channels")
    talk.story.stage("as before", (talk.citizen, {AGENT}), (talk.agent, {CITIZEN}))
    talk.over()

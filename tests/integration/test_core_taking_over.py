"""A call that a supervisor has taken over is theirs as an agent's is, on both kinds of database."""

import pytest

from hotline.calls import service as calls
from hotline.calls.models import Call, CallLeg, Seat, SeatState
from hotline.calls.ports import Meeting, Supervising, TelephoneAway
from hotline.calls.reachability import end_wrap_up
from hotline.calls.seats import seat_of
from hotline.context import Context
from hotline.conversations import facts
from hotline.conversations import service as talks
from hotline.conversations.models import PartyEnd
from hotline.conversations.queries import call_of_agent, standing
from hotline.conversations.rules import Phase, Refusal, Step, TalkRefused
from hotline.monitoring import rules
from hotline.monitoring.models import Mode
from hotline.monitoring.service import joined, recording_paused, supervise, taken_over
from tests.factories import City, FakeTelephone, FixedClock, user
from tests.integration.supervising import (
    AGENT_LEG,
    LINKEDID,
    boss,
    boss_at,
    call_id,
    is_up,
    session_now,
    telephone,
)

__all__ = ["boss", "call_id", "telephone"]

ROOM = "room"


@pytest.fixture
def talking(city: City, call_id: int) -> int:
    """Citizen and agent hear each other."""
    for channel_id, extension in ((LINKEDID, None), (AGENT_LEG, "1001")):
        enters(city.context, channel_id, extension)
    return call_id


def enters(context: Context, channel_id: str, extension: str | None) -> str | None:
    """As the telephone says it."""
    return facts.party_entered(context, facts.Place(LINKEDID, channel_id, channel_id, extension, ROOM))


def has_taken_over(boss: Context, call_id: int, telephone: FakeTelephone) -> str:
    """The supervisor is in the talk, which is theirs, and the agent has gone; returns the leg."""
    leg = is_up(boss, Mode.TAKE_OVER, call_id, telephone)
    taken_over(boss, leg)
    enters(boss, leg, "2001")
    calls.leg_ended(boss, AGENT_LEG)
    assert facts.party_gone(boss, AGENT_LEG, PartyEnd.HUNG_UP).taken_over == LINKEDID
    return leg


def seat(context: Context, extension: str) -> Seat:
    with context.reading() as session:
        return seat_of(session, extension)


def test_the_call_is_the_supervisors_with_every_step(
    city: City, boss: Context, talking: int, telephone: FakeTelephone
) -> None:
    leg = has_taken_over(boss, talking, telephone)
    with boss.reading() as session:
        call = session.get_one(Call, talking)
        now = standing(session, call)
        assert call.agent_id == boss.actor.user_id
        assert call_of_agent(session, boss.actor.user_id or 0) is call
    assert (now.phase, now.agent and now.agent.channel_id) == (Phase.TALKING, leg)
    assert {Step.HOLD, Step.CONSULT, Step.TRANSFER, Step.ADD, Step.PAUSE_RECORDING} <= now.steps()
    talks.hold(boss, telephone, talking)
    assert telephone.asked[-1] == ("hold", LINKEDID, leg)
    with pytest.raises(TalkRefused) as refused:
        talks.hold(city.context.acting_as(city.agent), telephone, talking)
    assert refused.value.refusal is Refusal.NOT_YOURS


def test_going_from_room_to_room_takes_nothing_over_again(
    boss: Context, talking: int, telephone: FakeTelephone
) -> None:
    leg = has_taken_over(boss, talking, telephone)
    before = list(telephone.asked)
    joined(boss, telephone, leg)
    assert telephone.asked == before


def test_the_seat_is_afterwards_what_it_was(
    boss: Context, talking: int, telephone: FakeTelephone, clock: FixedClock
) -> None:
    leg = has_taken_over(boss, talking, telephone)
    assert (seat(boss, "2001").state, seat(boss, "2001").call_id) == (SeatState.TALKING, talking)
    assert seat(boss, "1001").state is SeatState.WRAP_UP
    calls.leg_ended(boss, leg)
    assert seat(boss, "2001").state is SeatState.WRAP_UP
    clock.advance(minutes=10)
    end_wrap_up(boss, telephone)
    assert seat(boss, "2001").state is SeatState.OFFLINE
    assert ("make_ready", "2001") not in telephone.asked


def test_while_the_agent_is_there_the_call_is_the_agents(
    boss: Context, talking: int, telephone: FakeTelephone
) -> None:
    leg = is_up(boss, Mode.TAKE_OVER, talking, telephone)
    taken_over(boss, leg)
    assert enters(boss, leg, "2001") is None
    with boss.reading() as session:
        assert session.get_one(Call, talking).agent_id != boss.actor.user_id


def test_an_order_to_take_over_that_is_not_taken_leaves_the_call_to_the_agent(
    boss: Context, talking: int, telephone: FakeTelephone
) -> None:
    is_up(boss, Mode.BARGE, talking, telephone)
    telephone.away = True
    with pytest.raises(TelephoneAway):
        supervise(boss, telephone, talking, Mode.TAKE_OVER)
    assert session_now(boss).mode is Mode.BARGE
    telephone.away = False
    supervise(boss, telephone, talking, Mode.TAKE_OVER)
    assert telephone.asked[-1] == ("take_over", session_now(boss).channel_id, LINKEDID, AGENT_LEG)


def test_whoever_rings_to_get_the_caller_is_not_wanted_any_more(
    city: City, boss: Context, talking: int, telephone: FakeTelephone
) -> None:
    other = user(city.context, city.hotline_id, *city.agent.roles, extension="1002")
    with city.context.writing() as session:
        seat_of(session, "1002").registered = True
        seat_of(session, "1002").state = SeatState.READY
    assert other.user_id
    talks.transfer(city.context.acting_as(city.agent), telephone, talking, "agent:1002")
    assert telephone.asked[-1][:3] == ("ring_third", Meeting.TRANSFER, "1002")
    assert facts.ringing_for_transfer(boss, LINKEDID) == [telephone.asked[-1][3]]
    assert facts.ringing_for_transfer(boss, "unknown") == []


def test_a_second_supervisor_hears_of_the_first(
    city: City, boss: Context, talking: int, telephone: FakeTelephone
) -> None:
    has_taken_over(boss, talking, telephone)
    other = boss_at(city, "2002")
    with pytest.raises(rules.SomebodySpeaks):
        supervise(other, telephone, talking, Mode.TAKE_OVER)
    leg = is_up(other, Mode.LISTEN, talking, telephone)
    assert telephone.asked[-1][:3] == ("ring_supervisor", "2002", leg)
    with pytest.raises(rules.ListeningToOneself):
        supervise(boss, telephone, talking, Mode.LISTEN)


def test_a_paused_recording_is_paused_for_supervisors_who_take_part(
    boss: Context, talking: int, telephone: FakeTelephone
) -> None:
    facts.recording_paused(boss, LINKEDID, on=True)
    leg = is_up(boss, Mode.BARGE, talking, telephone)
    assert telephone.asked[-1] == ("pause_recording", leg, "True")
    recording_paused(boss, telephone, LINKEDID, on=False)
    assert telephone.asked[-1] == ("pause_recording", leg, "False")
    before = list(telephone.asked)
    recording_paused(boss, telephone, AGENT_LEG, on=True)  # another channel of the call says nothing
    assert telephone.asked == before


def test_who_only_listens_has_no_track_to_pause(
    boss: Context, talking: int, telephone: FakeTelephone
) -> None:
    facts.recording_paused(boss, LINKEDID, on=True)
    is_up(boss, Mode.WHISPER, talking, telephone)
    recording_paused(boss, telephone, LINKEDID, on=True)
    assert {words[0] for words in telephone.asked} == {"ring_supervisor"}


def test_a_leg_of_a_supervisor_who_took_over_counts_as_an_answer(
    boss: Context, talking: int, telephone: FakeTelephone
) -> None:
    leg = has_taken_over(boss, talking, telephone)
    with boss.reading() as session:
        found = session.query(CallLeg).filter(CallLeg.uniqueid == leg).one()
        assert (found.extension, found.answered_at is not None) == ("2001", True)
    assert session_now(boss).mode is Mode.TAKE_OVER
    assert Supervising.JOIN in telephone.asked[0]

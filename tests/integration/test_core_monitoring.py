"""Supervisors with calls, on both kinds of database."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.calls import service as calls
from hotline.calls.messages import message_left
from hotline.calls.models import Call, CallState, Seat, SeatState
from hotline.calls.ports import Supervising, TelephoneAway
from hotline.calls.seats import seat_of
from hotline.context import Context
from hotline.conversations.facts import party_gone
from hotline.conversations.models import Party, PartyEnd, PartyKind, PartyState
from hotline.monitoring import rules
from hotline.monitoring.models import Deed, Mode, SessionEnd
from hotline.monitoring.queries import Answering, answering
from hotline.monitoring.service import (
    end_what_is_gone,
    heard,
    joined,
    left,
    not_answered,
    settle,
    stop,
    supervise,
)
from hotline.people.actors import Role
from tests.factories import City, FakeTelephone, FixedClock, user
from tests.integration.supervising import (
    AGENT_LEG,
    LINKEDID,
    WAITING,
    audit_log,
    boss,
    boss_at,
    call_id,
    is_up,
    open_modes,
    session_now,
    telephone,
    waiting_call,
)

__all__ = ["boss", "call_id", "telephone"]


def test_a_supervisor_listens_from_until(
    boss: Context, call_id: int, telephone: FakeTelephone, clock: FixedClock
) -> None:
    leg = is_up(boss, Mode.LISTEN, call_id, telephone)
    assert telephone.asked == [("ring_supervisor", "2001", leg, LINKEDID, AGENT_LEG, "listen")]
    began = clock.now()
    clock.advance(minutes=2)
    left(boss, leg)
    settle(boss, leg)
    now = session_now(boss)
    assert (now.started_at, now.ended_at, now.end) == (began, clock.now(), SessionEnd.STOPPED)
    assert audit_log(boss) == [(boss.actor.name, Deed.LISTEN)]


def test_the_mode_changes_without_another_ring(boss: Context, call_id: int, telephone: FakeTelephone) -> None:
    leg = is_up(boss, Mode.LISTEN, call_id, telephone)
    supervise(boss, telephone, call_id, Mode.WHISPER)
    supervise(boss, telephone, call_id, Mode.BARGE)
    assert [words[0] for words in telephone.asked] == ["ring_supervisor", "supervise", "supervise"]
    assert telephone.asked[-1] == ("supervise", leg, LINKEDID, AGENT_LEG, "join")
    assert [deed for _, deed in audit_log(boss)] == [Deed.LISTEN, Deed.WHISPER, Deed.BARGE]


def test_a_button_pressed_twice_is_pressed_once(
    boss: Context, call_id: int, telephone: FakeTelephone
) -> None:
    first = supervise(boss, telephone, call_id, Mode.LISTEN)
    assert supervise(boss, telephone, call_id, Mode.LISTEN) == first
    assert len(telephone.asked) == 1
    assert len(audit_log(boss)) == 1


def test_taking_over_lets_the_agent_go_once_the_supervisor_is_in_the_talk(
    boss: Context, call_id: int, telephone: FakeTelephone
) -> None:
    supervise(boss, telephone, call_id, Mode.TAKE_OVER)
    leg = session_now(boss).channel_id or ""
    heard(boss, leg, Supervising.JOIN)
    assert [words[0] for words in telephone.asked] == ["ring_supervisor"]
    joined(boss, telephone, leg)
    assert telephone.asked[-1] == ("take_over", leg, LINKEDID, AGENT_LEG)
    calls.leg_ended(boss, AGENT_LEG)
    with boss.reading() as session:
        assert seat_of(session, "1001").state is SeatState.WRAP_UP
        assert session.get_one(Call, call_id).state is CallState.TALKING
    with pytest.raises(rules.HoldsTheCaller):
        supervise(boss, telephone, call_id, Mode.LISTEN)


def test_who_barged_in_may_listen_again_while_others_talk_with_the_citizen(
    boss: Context, call_id: int, telephone: FakeTelephone
) -> None:
    """The agent has left citizen and department together."""
    everybody = ((LINKEDID, PartyKind.CALLER), ("third-1", PartyKind.DEPARTMENT))
    with boss.writing() as session:
        session.add_all(
            Party(
                call_id=call_id,
                kind=kind,
                state=PartyState.TALKING,
                channel_id=channel_id,
                bridge="room",
                asked_at=boss.now(),
            )
            for channel_id, kind in everybody
        )
    calls.leg_ended(boss, AGENT_LEG)
    leg = is_up(boss, Mode.BARGE, call_id, telephone)
    with pytest.raises(rules.NobodyToWhisperTo):
        supervise(boss, telephone, call_id, Mode.WHISPER)
    supervise(boss, telephone, call_id, Mode.LISTEN)
    assert telephone.asked[-1] == ("supervise", leg, LINKEDID, "", "listen")
    party_gone(boss, "third-1", PartyEnd.HUNG_UP)
    supervise(boss, telephone, call_id, Mode.BARGE)
    joined(boss, telephone, leg)
    with pytest.raises(rules.HoldsTheCaller):
        supervise(boss, telephone, call_id, Mode.LISTEN)


def test_who_takes_part_already_takes_over_without_leaving(
    boss: Context, call_id: int, telephone: FakeTelephone
) -> None:
    is_up(boss, Mode.BARGE, call_id, telephone)
    supervise(boss, telephone, call_id, Mode.TAKE_OVER)
    assert [words[0] for words in telephone.asked] == ["ring_supervisor", "take_over"]


def test_two_supervisors_listen_and_one_speaks(
    city: City, boss: Context, call_id: int, telephone: FakeTelephone
) -> None:
    other = boss_at(city, "2002")
    is_up(boss, Mode.LISTEN, call_id, telephone)
    leg = is_up(other, Mode.WHISPER, call_id, telephone)
    with pytest.raises(rules.SomebodySpeaks) as refused:
        supervise(boss, telephone, call_id, Mode.BARGE)
    assert refused.value.name == other.actor.name
    assert open_modes(boss) == [Mode.LISTEN, Mode.WHISPER]
    left(other, leg)
    supervise(boss, telephone, call_id, Mode.BARGE)
    assert open_modes(boss) == [Mode.BARGE]


def test_a_leg_that_lost_its_agent_speaks_to_nobody(
    city: City, boss: Context, call_id: int, telephone: FakeTelephone
) -> None:
    leg = is_up(boss, Mode.WHISPER, call_id, telephone)
    heard(boss, leg, Supervising.LISTEN, by_itself=True)
    assert session_now(boss).mode is Mode.LISTEN
    supervise(boss_at(city, "2002"), telephone, call_id, Mode.BARGE)


def test_a_late_word_about_an_earlier_mode_changes_nothing(
    boss: Context, call_id: int, telephone: FakeTelephone
) -> None:
    leg = is_up(boss, Mode.LISTEN, call_id, telephone)
    supervise(boss, telephone, call_id, Mode.WHISPER)
    heard(boss, leg, Supervising.LISTEN)
    assert session_now(boss).mode is Mode.WHISPER


@pytest.mark.parametrize("before", [None, Mode.LISTEN])
def test_with_the_exchange_away_nothing_has_changed(
    boss: Context, call_id: int, telephone: FakeTelephone, before: Mode | None
) -> None:
    if before:
        is_up(boss, before, call_id, telephone)
    telephone.away = True
    with pytest.raises(TelephoneAway):
        supervise(boss, telephone, call_id, Mode.WHISPER)
    assert open_modes(boss) == ([before] if before else [])
    assert [deed for _, deed in audit_log(boss)][-2:] == [Deed.WHISPER, Deed.FAILED]
    telephone.away = False
    supervise(boss, telephone, call_id, Mode.WHISPER)
    assert open_modes(boss) == [Mode.WHISPER]


def test_a_telephone_that_nobody_picks_up_ends_the_session(
    boss: Context, call_id: int, telephone: FakeTelephone
) -> None:
    not_answered(boss, supervise(boss, telephone, call_id, Mode.LISTEN))
    assert session_now(boss).end is SessionEnd.NOT_ANSWERED
    supervise(boss, telephone, call_id, Mode.LISTEN)
    assert open_modes(boss) == [Mode.LISTEN]


def test_a_telephone_that_still_rings_takes_no_other_order(
    boss: Context, call_id: int, telephone: FakeTelephone
) -> None:
    supervise(boss, telephone, call_id, Mode.LISTEN)
    with pytest.raises(rules.OwnTelephoneBusy):
        supervise(boss, telephone, call_id, Mode.BARGE)


def test_there_is_nothing_to_listen_to_while_a_caller_waits(
    city: City, boss: Context, telephone: FakeTelephone
) -> None:
    with pytest.raises(rules.NothingToListenTo):
        supervise(boss, telephone, waiting_call(city), Mode.LISTEN)


def test_a_call_that_ended_meanwhile_is_over(boss: Context, call_id: int, telephone: FakeTelephone) -> None:
    leg = is_up(boss, Mode.LISTEN, call_id, telephone)
    left(boss, leg)
    calls.call_ended(boss, LINKEDID)
    settle(boss, leg)
    assert session_now(boss).end is SessionEnd.CALL_OVER
    with pytest.raises(rules.CallIsOver):
        supervise(boss, telephone, call_id, Mode.LISTEN)
    with pytest.raises(rules.NoSuchCall):
        supervise(boss, telephone, 999, Mode.LISTEN)
    with pytest.raises(rules.NoSession):
        stop(boss, telephone)


def test_a_supervisor_without_a_registered_telephone_is_told_so(
    city: City, call_id: int, telephone: FakeTelephone
) -> None:
    bare = city.context.acting_as(city.supervisor)
    unplugged = boss_at(city, "2003")
    with city.context.writing() as session:
        seat_of(session, "2003").registered = False
    gone_just_now = boss_at(city, "2004")
    telephone.unplugged = {"2004"}
    for context in (bare, unplugged, gone_just_now):
        with pytest.raises(rules.NoOwnTelephone):
            supervise(context, telephone, call_id, Mode.LISTEN)
    assert open_modes(bare) == []


def test_nobody_listens_to_themselves(city: City, call_id: int, telephone: FakeTelephone) -> None:
    with city.context.writing() as session:
        seat = seat_of(session, "1001")
        seat.registered, seat.user.roles = True, [Role.AGENT, Role.SUPERVISOR]
        actor = seat.user.actor()
    with pytest.raises(rules.ListeningToOneself):
        supervise(city.context.acting_as(actor), telephone, call_id, Mode.LISTEN)


def test_one_call_at_a_time(city: City, boss: Context, call_id: int, telephone: FakeTelephone) -> None:
    user(city.context, city.hotline_id, Role.AGENT, extension="1002")
    second = waiting_call(city)
    calls.call_answered(boss, "1763768100.9", "1002", "1763768100.10", "PJSIP/agent-1002-00000010")
    is_up(boss, Mode.LISTEN, call_id, telephone)
    with pytest.raises(rules.OnAnotherCall):
        supervise(boss, telephone, second, Mode.LISTEN)
    stop(boss, telephone)
    supervise(boss, telephone, second, Mode.LISTEN)


def test_sessions_whose_leg_is_not_there_are_over_after_a_restart(
    boss: Context, call_id: int, telephone: FakeTelephone, clock: FixedClock
) -> None:
    supervise(boss, telephone, call_id, Mode.LISTEN)
    end_what_is_gone(boss, set(), "")
    assert open_modes(boss) == [Mode.LISTEN]  # ordered just now: its leg is about to come
    end_what_is_gone(boss, set(), "another")
    clock.advance(minutes=2)
    end_what_is_gone(boss, set(), "")
    assert open_modes(boss) == []


def test_a_day_is_counted(city: City, boss: Context, call_id: int, clock: FixedClock) -> None:
    waiting = waiting_call(city)
    clock.advance(seconds=40)
    calls.call_ended(boss, "1763768100.9")
    assert waiting
    with boss.reading() as session:
        counted = answering(session, clock.now().replace(hour=0), clock.now())
    assert counted == Answering(answered=1, in_time=1, abandoned=1, missed=0)
    assert counted.in_time_percent == 50


def test_who_left_a_message_has_not_given_up(city: City, boss: Context, clock: FixedClock) -> None:
    waiting_call(city)
    message_left(boss, WAITING)
    calls.call_ended(boss, WAITING)
    with boss.reading() as session:
        counted = answering(session, clock.now().replace(hour=0), clock.now())
    assert counted == Answering(answered=0, in_time=0, abandoned=0, missed=0)


def test_an_answer_after_fifteen_seconds_is_late(city: City, boss: Context, clock: FixedClock) -> None:
    waiting_call(city)
    clock.advance(seconds=16)
    calls.call_answered(boss, "1763768100.9", "1001", "1763768100.10", "PJSIP/agent-1001-00000010")
    with boss.reading() as session:
        counted = answering(session, clock.now().replace(hour=0), clock.now())
    assert counted == Answering(answered=1, in_time=0, abandoned=0, missed=0)


def test_whoever_waits_for_longer_has_not_been_answered_in_time(
    city: City, boss: Context, call_id: int, clock: FixedClock
) -> None:
    waiting_call(city)
    for seconds, missed in ((15, 0), (1, 1)):
        clock.advance(seconds=seconds)
        with boss.reading() as session:
            assert answering(session, clock.now() - timedelta(minutes=15), clock.now()).missed == missed
    with boss.reading() as session:
        assert answering(session, clock.now() - timedelta(seconds=5), clock.now()) == Answering(0, 0, 0, 0)
    calls.call_ended(boss, WAITING)
    with boss.reading() as session:
        counted = answering(session, clock.now() - timedelta(minutes=15), clock.now())
    assert (counted.abandoned, counted.missed, counted.in_time_percent) == (1, 0, 50)


def test_a_supervisors_seat_is_not_in_the_queue(
    boss: Context, call_id: int, telephone: FakeTelephone
) -> None:
    is_up(boss, Mode.BARGE, call_id, telephone)
    with boss.reading() as session:
        seat = session.scalars(select(Seat).where(Seat.extension == "2001")).one()
    assert seat.state is SeatState.OFFLINE

"""Who is listened to, what is kept, and who may see it, on both kinds of database."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.calls import service as calls
from hotline.calls.models import Call, SeatState
from hotline.calls.ports import Supervising
from hotline.calls.seats import seat_changed, seat_of
from hotline.conversations import facts
from hotline.conversations.facts import Place
from hotline.events import Event
from hotline.live_text.queries import call_at_desk, call_supervised, segments_of, wanted_calls
from hotline.live_text.service import HEARD, KEPT_FOR, Said, forget_replaced, write_down
from hotline.monitoring.models import Mode
from hotline.monitoring.queries import session_of
from hotline.monitoring.service import heard, supervise
from hotline.people.actors import Role
from hotline.suggestions.queries import pieces_of_contact
from hotline.transcripts import service as transcripts
from hotline.transcripts.models import CallNotice, Speaker
from tests.factories import CITIZEN, City, FakeTelephone, FixedClock, user

LINKEDID, AGENT_LEG = "1763768000.1", "1763768000.2"


@pytest.fixture
def call_id(city: City) -> int:
    """The agent 1001 talks with a citizen."""
    context = city.context
    calls.open_call(context, LINKEDID, CITIZEN, "12345")
    calls.leg_started(context, LINKEDID, LINKEDID, "PJSIP/trunk-00000000")
    calls.call_queued(context, LINKEDID)
    calls.call_answered(context, LINKEDID, "1001", AGENT_LEG, "PJSIP/agent-1001-00000001")
    for channel_id, channel, extension in (
        (LINKEDID, "PJSIP/trunk-00000000", None),
        (AGENT_LEG, "PJSIP/agent-1001-00000001", "1001"),
    ):
        facts.party_entered(context, Place(LINKEDID, channel_id, channel, extension, "room"))
    with context.reading() as session:
        return session.scalars(select(Call.id)).one()


def said(city: City, call_id: int, key: str = "k-0", text: str = "楼上没有水", start_s: float = 3.0) -> Said:
    now = city.context.now()
    words = [[text, start_s, start_s + 1, 0.9]]
    return Said(call_id, key, Speaker.CALLER, "", start_s, start_s + 1, now, text, words)


def test_those_who_talk_are_listened_to_and_nobody_else(city: City, call_id: int) -> None:
    context = city.context
    calls.open_call(context, "1763768100.1", "13900000000", "12345")  # still hears the greeting
    with context.reading() as session:
        [wanted] = wanted_calls(session, "")
        assert wanted_calls(session, "east") == []
    assert wanted.call_id == call_id
    assert not wanted.paused
    assert [(one.channel_id, one.speaker, one.muted) for one in wanted.speakers] == [
        (LINKEDID, Speaker.CALLER, False),
        (AGENT_LEG, Speaker.AGENT, False),
    ]
    calls.call_ended(context, LINKEDID)
    with context.reading() as session:
        assert wanted_calls(session, "") == []


def test_a_supervisor_who_takes_part_is_not_listened_to(city: City, call_id: int) -> None:
    context = city.context
    boss = user(context, city.hotline_id, Role.SUPERVISOR, extension="2001")
    leg = "monitor-1763768010.1"
    facts.party_entered(context, Place(LINKEDID, leg, "PJSIP/agent-2001-00000002", None, "room"))
    with context.reading() as session:
        [wanted] = wanted_calls(session, "")
    assert leg not in [one.channel_id for one in wanted.speakers]
    assert boss.user_id is not None


def test_a_pause_and_a_mute_are_known(city: City, call_id: int) -> None:
    context = city.context
    facts.recording_paused(context, LINKEDID, on=True)
    facts.party_muted(context, AGENT_LEG, on=True)
    with context.reading() as session:
        [wanted] = wanted_calls(session, "")
    assert wanted.paused
    assert [one.muted for one in wanted.speakers] == [False, True]
    facts.recording_paused(context, LINKEDID, on=False)
    with context.reading() as session:
        assert not wanted_calls(session, "")[0].paused


def test_the_languages_of_a_call_are_known(city: City, call_id: int) -> None:
    with city.context.writing() as session:
        session.add(CallNotice(call_id=call_id, language="zh", tongue="wu"))
    with city.context.reading() as session:
        assert wanted_calls(session, "")[0].languages == ("wu", "zh")


def test_those_answered_first_stand_in_front(city: City, call_id: int, clock: FixedClock) -> None:
    context = city.context
    user(context, city.hotline_id, Role.AGENT, extension="1002")
    clock.advance(minutes=1)
    calls.open_call(context, "1763768100.1", "13900000000", "12345")
    calls.call_answered(context, "1763768100.1", "1002", "1763768100.2", "PJSIP/agent-1002-00000001")
    with context.reading() as session:
        first, _ = wanted_calls(session, "")
    assert first.call_id == call_id


def test_what_was_said_is_kept_once_and_told_without_words(city: City, call_id: int) -> None:
    one, other = said(city, call_id), said(city, call_id, "k-1", "水压也低", 1.0)
    write_down(city.context, [one, other])
    write_down(city.context, [one])
    with city.context.reading() as session:
        assert [segment.text for segment in segments_of(session, call_id)] == ["水压也低", "楼上没有水"]
        assert segments_of(session, call_id)[1].words == [["楼上没有水", 3.0, 4.0, 0.9]]
        told = session.scalars(select(Event).where(Event.kind == HEARD)).all()
        assert [event.subject for event in told] == [f"call:{call_id}"] * 2
        assert all(event.payload == {} for event in told)
        newest = max(segment.id for segment in segments_of(session, call_id))
        assert not segments_of(session, call_id, after_id=newest)


def test_the_transcript_takes_the_place_of_live_text(city: City, call_id: int) -> None:
    context = city.context
    write_down(context, [said(city, call_id)])
    files = [transcripts.TrackFile(Speaker.CALLER, "f/caller.wav", 5.0)]
    transcripts.register_recording(context, LINKEDID, "f", files)
    assert forget_replaced(context) == 0
    claim = transcripts.claim_recording(context, "test")
    assert claim is not None
    spoken = {claim.tracks[0].track_id: [transcripts.SpokenSegment(1.0, 2.0, "楼上没有水", [])]}
    transcripts.complete_transcript(context, claim, spoken, "small-zh", "0" * 64)
    assert forget_replaced(context) == 1
    with context.reading() as session:
        assert segments_of(session, call_id) == []


def test_suggestions_are_made_of_it_until_the_transcript_is_there(city: City, call_id: int) -> None:
    context = city.context
    write_down(context, [said(city, call_id)])

    def texts() -> list[str]:
        with context.reading() as session:
            contact_id = session.get_one(Call, call_id).contact_id
            return [piece.text for piece in pieces_of_contact(session, contact_id)]

    assert texts() == ["楼上没有水"]
    files = [transcripts.TrackFile(Speaker.CALLER, "f/caller.wav", 5.0)]
    transcripts.register_recording(context, LINKEDID, "f", files)
    claim = transcripts.claim_recording(context, "test")
    assert claim is not None
    spoken = {claim.tracks[0].track_id: [transcripts.SpokenSegment(1.0, 2.0, "楼上没有热水", [])]}
    transcripts.complete_transcript(context, claim, spoken, "small-zh", "0" * 64)
    assert texts() == ["楼上没有热水"]


def test_live_text_without_a_transcript_is_not_kept_for_ever(
    city: City, call_id: int, clock: FixedClock
) -> None:
    write_down(city.context, [said(city, call_id)])
    clock.advance(seconds=(KEPT_FOR - timedelta(minutes=1)).total_seconds())
    assert forget_replaced(city.context) == 0
    clock.advance(minutes=2)
    assert forget_replaced(city.context) == 1


def test_the_agent_sees_the_own_call_until_the_wrap_up_is_over(city: City, call_id: int) -> None:
    context = city.context
    assert city.agent.user_id is not None
    other = user(context, city.hotline_id, Role.AGENT, extension="1002")
    assert other.user_id is not None

    def seen(user_id: int) -> int | None:
        with context.reading() as session:
            call = call_at_desk(session, user_id)
            return call.id if call else None

    assert seen(city.agent.user_id) == call_id
    assert seen(other.user_id) is None
    calls.leg_ended(context, AGENT_LEG)  # wrap-up
    assert seen(city.agent.user_id) == call_id
    seat_changed(context, "1001", SeatState.READY)
    assert seen(city.agent.user_id) is None


def test_a_supervisor_sees_the_call_that_is_listened_to(city: City, call_id: int) -> None:
    boss = user(city.context, city.hotline_id, Role.SUPERVISOR, extension="2001")
    assert boss.user_id is not None
    with city.context.writing() as session:
        seat_of(session, "2001").registered = True
    telephone = FakeTelephone()

    def seen() -> int | None:
        assert boss.user_id is not None
        with city.context.reading() as session:
            call = call_supervised(session, boss.user_id)
            return call.id if call else None

    supervise(city.context.acting_as(boss), telephone, call_id, Mode.LISTEN)
    assert seen() is None  # the telephone rings still
    with city.context.reading() as session:
        now = session_of(session, boss.user_id)
        assert now is not None
        leg = now.channel_id
    heard(city.context, leg, Supervising.LISTEN)
    assert seen() == call_id

"""What is not recorded, what others are shown, and keys: silence in the tracks, numbers that nobody sees."""

import time
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from hotline.calls.models import Call
from hotline.conversations import service as talks
from hotline.conversations.emergency import call_emergency
from hotline.conversations.models import HandOver, Relay, RelayState
from hotline.conversations.queries import pauses_of
from hotline.conversations.relay import call_citizen
from hotline.conversations.rules import Phase, Refusal, TalkRefused
from hotline.directory.models import DutyPhone
from hotline.replies.models import ContactRecord
from hotline.tickets.models import Ticket
from hotline.transcripts.models import Recording, Speaker
from ivr.network import Line, Script
from tests.telephony.hearing import AGENT, CITIZEN, EXPERT, heard_now, voices_in
from tests.telephony.sounds import growing
from tests.telephony.talking import WATER, Talk, city, context, switchboard, talk
from tests.waiting import until

__all__ = ["city", "context", "switchboard", "talk"]

RATE = 8000
DISPLAYED = ("CALLERID(num)", "PJSIP_HEADER(read,P-Asserted-Identity)", "PJSIP_HEADER(read,From)")
RELAYED = "13800000777"


@dataclass
class Shown:
    """What a telephone was shown of who calls, and the keys that it heard."""

    variables: dict[str, str] = field(default_factory=dict)

    def script(self, voice: int) -> Script:
        """Look at the display, pick up, hum, and stay."""

        def look(line: Line) -> None:
            for name in DISPLAYED:
                self.variables[name] = line.variable(name)
            line.answer()
            line.hum(voice)
            line.listen_to_the_end(60)

        return look


def test_nothing_is_recorded_while_the_recording_is_paused_or_the_agent_muted(talk: Talk) -> None:
    story, citizen, agent = talk.story, talk.citizen, talk.agent
    story.stage("recorded", (citizen, {AGENT}), (agent, {CITIZEN}))
    talks.pause_recording(talk.context, talk.control, talk.call_id, paused=True)
    until(lambda: story.standing().recording_paused, what="the pause")
    with pytest.raises(TalkRefused) as refused:
        talks.pause_recording(talk.context, talk.control, talk.call_id, paused=True)
    assert refused.value.refusal is Refusal.RECORDING_STATE
    expert = talk.expect(WATER, EXPERT)
    party_id = talks.add(talk.context, talk.control, talk.call_id, talk.phone_id(WATER))
    story.until_talking(3)
    story.stage("not recorded", (citizen, {AGENT, EXPERT}), (agent, {CITIZEN, EXPERT}))
    talks.remove(talk.context, talk.control, talk.call_id, party_id)
    story.until_talking(2)
    talks.pause_recording(talk.context, talk.control, talk.call_id, paused=False)
    until(lambda: not story.standing().recording_paused, what="the end of the pause")
    began = time.monotonic()
    talks.mute(talk.context, talk.control, talk.call_id, muted=True)
    until(lambda: (party := story.standing().agent) and party.muted, what="the mute")
    story.stage("muted", (citizen, set()), (agent, {CITIZEN}))
    talks.mute(talk.context, talk.control, talk.call_id, muted=False)
    until(lambda: (party := story.standing().agent) and not party.muted, what="the voice")
    muted = time.monotonic() - began
    story.stage("heard again", (citizen, {AGENT}), (agent, {CITIZEN}))
    talk.over(expert)
    [pause] = talk_pauses(talk)
    assert pause.until_at is not None
    span = (pause.until_at - pause.from_at).total_seconds()
    folder = talk.folder()
    [agents_track] = folder.glob("agent-*.wav")
    [experts_track] = folder.glob("expert-*.wav")
    assert EXPERT not in voices_in(growing(experts_track)[-4000:])
    both = [folder / "mix.wav", folder / "caller.wav"]
    for track, silent in ((both[0], span), (both[1], span), (agents_track, span + muted)):
        # A busy machine sends less: where nothing comes nothing is written; and it takes an order up late.
        assert 0.4 * silent < silence_seconds(growing(track)) < silent + 1.5
    until(lambda: recording(talk), 20, "the recording")
    mix = growing(both[0])
    ends = [voices_in(mix[-back - 1600 : -back]) for back in range(1600, 12000, 800)]
    assert {CITIZEN, AGENT} in ends, ends


def test_an_emergency_service_sees_the_citizens_number_and_the_ticket_goes_with_it(talk: Talk) -> None:
    shown = Shown()
    with talk.context.writing() as session:
        ticket = session.scalars(ticket_of(talk)).one()
        ticket.address, ticket.description = "幸福路 8 号", "三楼起火"
    call = talk.network.expect_callback("119", shown.script(EXPERT))
    call_emergency(talk.context, talk.control, talk.call_id, "119")
    talk.story.until_talking(3)
    assert talk.number in shown.variables["PJSIP_HEADER(read,P-Asserted-Identity)"]
    with talk.context.reading() as session:
        handed = session.scalars(select(HandOver).where(HandOver.call_id == talk.call_id)).one()
        assert handed.service == "119"
        assert "幸福路 8 号" in handed.summary
        assert talk.number in handed.summary
    for text in ("", "911", "emergency"):
        with pytest.raises(TalkRefused):
            call_emergency(talk.context, talk.control, talk.call_id, text)
    talk.over()
    call.wait_ended(60)


def test_keys_reach_whom_the_agent_talks_with(talk: Talk) -> None:
    heard: list[str] = []

    def menu(line: Line) -> None:
        line.answer()
        heard.append(line.keys(3, 40))
        line.hum(EXPERT)
        line.listen_to_the_end(60)

    talk.network.expect_callback(WATER, menu)
    talks.consult(talk.context, talk.control, talk.call_id, talk.phone_id(WATER))
    talk.story.until_phase(Phase.CONSULTING)
    talks.press_keys(talk.context, talk.control, talk.call_id, "1 0*")
    until(lambda: heard, what="the keys")
    assert heard == ["10*"]
    with pytest.raises(TalkRefused):
        talks.press_keys(talk.context, talk.control, talk.call_id, "1;2")
    talk.over()


def test_a_department_speaks_with_a_citizen_and_neither_sees_the_others_number(talk: Talk) -> None:
    city = talk.city
    talk.over()
    ticket_id = city.signed(RELAYED)
    displays = {WATER: Shown(), RELAYED: Shown()}
    calls = [
        talk.network.expect_callback(number, shown.script(voice))
        for (number, shown), voice in zip(displays.items(), (EXPERT, CITIZEN), strict=True)
    ]
    handler = city.context.acting_as(city.handler)
    with handler.reading() as session:
        phone_id = session.scalars(select(DutyPhone.id).where(DutyPhone.phone == WATER)).one()
    relay_id = call_citizen(handler, talk.control, ticket_id, phone_id)
    with pytest.raises(TalkRefused) as refused:
        call_citizen(handler, talk.control, ticket_id, phone_id)
    assert refused.value.refusal is Refusal.RELAY_RUNNING
    until(lambda: relay(talk, relay_id).state is RelayState.TALKING, 20, "the two to talk")
    until(lambda: heard_now(calls[0].heard) == {CITIZEN}, 30, "the citizen's voice")
    talk.switchboard.pbx.control("channel request hangup all")
    until(lambda: relay(talk, relay_id).state is RelayState.OVER, what="the end")
    for number, shown in displays.items():
        others = {WATER, RELAYED} - {number}
        assert shown.variables["CALLERID(num)"] == "12345"
        assert not any(other in text for other in others for text in shown.variables.values())
    with handler.reading() as session:
        assert [record.reached for record in session.scalars(select(ContactRecord))] == [True]
    found = until(lambda: relay_recording(talk, relay_id), 20, "the recording")
    assert {Speaker.CALLER, Speaker.THIRD, Speaker.MIX} == found


def talk_pauses(talk: Talk):  # type: ignore[no-untyped-def]
    with talk.context.reading() as session:
        return list(pauses_of(session, talk.call_id))


def ticket_of(talk: Talk):  # type: ignore[no-untyped-def]
    return select(Ticket).join(Call, Call.contact_id == Ticket.contact_id).where(Call.id == talk.call_id)


def recording(talk: Talk) -> bool:
    with talk.context.reading() as session:
        return session.scalar(select(Recording.id).where(Recording.call_id == talk.call_id)) is not None


def relay(talk: Talk, relay_id: int) -> Relay:
    with talk.context.reading() as session:
        return session.get_one(Relay, relay_id)


def relay_recording(talk: Talk, relay_id: int) -> set[Speaker]:
    """Speakers of the tracks that are registered."""
    with talk.context.reading() as session:
        channel_id = session.get_one(Relay, relay_id).channel_id
        found = session.scalar(select(Recording).join(Call).where(Call.linkedid == channel_id))
        return {track.speaker for track in found.tracks} if found else set()


def silence_seconds(samples) -> float:  # type: ignore[no-untyped-def]
    """How long digital silence lasts in a track of somebody who hums all the time."""
    frames = samples[: len(samples) // 160 * 160].reshape(-1, 160)
    return float((abs(frames).max(axis=1) == 0).sum()) * 160 / RATE

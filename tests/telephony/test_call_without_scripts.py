"""Nothing of ours runs but the PBX: a call is greeted, queued, answered and recorded all the same."""

from pathlib import Path

from ivr.network import complain, hang_up_early, listen, talk_as_agent
from ivr.network.calls import EndedBy
from ivr.network.line import Line
from tests.telephony.ami_tap import AmiTap
from tests.telephony.conftest import TONE_SECONDS
from tests.telephony.hearing import wait_until_closed
from tests.telephony.sounds import AGENT_HZ, CITIZEN_HZ, SAME, likeness, read_wave, tone_seconds
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

CITIZEN = "13800001234"
MOST_OF_IT = 0.8 * TONE_SECONDS
OTHER = 0.6
RATE = 8000


def test_each_track_holds_its_speaker_alone(
    switchboard: Switchboard, ami: AmiTap, citizen_tone: Path, agent_tone: Path
) -> None:
    seat, before = switchboard.seats[0], switchboard.calls()
    # Twice: when the first words are said a busy machine may not have connected the two yet.
    phone = switchboard.network.agent_phone(seat.extension, seat.password, talk_as_agent([agent_tone] * 2))
    with switchboard.seat_in_queue(seat):
        agent_done = lambda: sum(step.name == "say" for step in phone.calls[-1].steps) == 2  # noqa: E731
        call = switchboard.network.citizen_calls(
            CITIZEN, complain([citizen_tone] * 2, until=lambda: phone.answered, before_hanging_up=agent_done)
        )
        assert call.wait_ended(60) is EndedBy.US
    assert phone.calls[-1].wait_ended(60) is EndedBy.THEM

    linkedid = switchboard.new_call(before)
    finished = ami.wait_for("HotlineCallFinished", linkedid)
    assert (finished["Answered"], finished["CallbackOwed"], finished["Opened"]) == ("yes", "no", "no")
    folder = switchboard.folder(linkedid)
    [agent_track] = folder.glob("agent-*.wav")
    caller_track, mix = folder / "caller.wav", folder / "mix.wav"
    wait_until_closed(agent_track, caller_track, mix)
    assert tone_seconds(caller_track, CITIZEN_HZ) > MOST_OF_IT
    assert tone_seconds(caller_track, AGENT_HZ) == 0
    assert tone_seconds(agent_track, AGENT_HZ) > MOST_OF_IT
    assert tone_seconds(agent_track, CITIZEN_HZ) == 0
    assert tone_seconds(call.heard, AGENT_HZ) > 0
    assert tone_seconds(phone.calls[-1].heard, CITIZEN_HZ) > MOST_OF_IT
    assert len(read_wave(mix)) == len(read_wave(caller_track))
    tracks = {packet["File"] for packet in ami.user_events("HotlineTrack", linkedid)}
    assert tracks == {"caller.wav", agent_track.name}


def test_greeting_and_notice_come_first_and_are_short(switchboard: Switchboard) -> None:
    before = switchboard.calls()

    def stay_until_queued(line: Line) -> None:
        line.answer()
        linkedid = switchboard.new_call(before)
        queued = lambda: any(event.application == "Queue" for event in switchboard.events(linkedid))  # noqa: E731
        line.wait_until(queued)

    call = switchboard.network.citizen_calls(CITIZEN, stay_until_queued)
    linkedid = switchboard.new_call(before)
    call.wait_ended(90)
    assert likeness(call.heard, switchboard.prompt("greeting")) > SAME
    assert likeness(call.heard, switchboard.prompt("recording-notice")) > SAME
    spoken = sum(len(read_wave(switchboard.prompt(name))) for name in ("greeting", "recording-notice"))
    assert spoken / RATE < 6
    switchboard.wait_for(linkedid, "APP_START", "Queue")


def test_hang_up_during_the_greeting_leaves_a_recorded_call(switchboard: Switchboard, ami: AmiTap) -> None:
    before = switchboard.calls()
    call = switchboard.network.citizen_calls(CITIZEN, hang_up_early(1.0))
    assert call.wait_ended(60) is EndedBy.US
    linkedid = switchboard.new_call(before)
    assert ami.wait_for("HotlineCallFinished", linkedid)["Answered"] == "no"
    switchboard.wait_for(linkedid, "LINKEDID_END")
    track = switchboard.folder(linkedid) / "caller.wav"
    wait_until_closed(track)
    stayed = call.steps[-1].ended - call.steps[0].began
    assert 0.5 < len(read_wave(track)) / RATE < stayed + 2
    assert {row.number for row in switchboard.events(linkedid)} == {CITIZEN}


def test_nobody_free_leads_to_a_message_and_an_owed_callback(
    switchboard: Switchboard, ami: AmiTap, citizen_tone: Path
) -> None:
    before = switchboard.calls()

    def leave_message(line: Line) -> None:
        line.answer()
        message = switchboard.settings.spool_dir.glob
        line.wait_until(lambda: bool(list(message(f"*/*/*/{switchboard.new_call(before)}/message.wav"))))
        for _ in range(2):
            line.say(citizen_tone)
        line.listen_to_the_end(60)

    call = switchboard.network.citizen_calls(CITIZEN, leave_message)
    linkedid = switchboard.new_call(before)
    assert ami.wait_for("HotlineCallbackOwed", linkedid, 30)["Reason"] == "TIMEOUT"
    assert call.wait_ended(90) is EndedBy.THEM
    assert likeness(call.heard, switchboard.prompt("all-busy")) > SAME
    assert likeness(call.heard, switchboard.prompt("thanks")) > SAME
    message = switchboard.folder(linkedid) / ami.wait_for("HotlineMessageLeft", linkedid)["File"]
    assert tone_seconds(message, CITIZEN_HZ) > MOST_OF_IT
    finished = ami.wait_for("HotlineCallFinished", linkedid)
    assert (finished["Answered"], finished["CallbackOwed"]) == ("no", "yes")


def test_a_number_out_of_service_is_told_so(switchboard: Switchboard) -> None:
    call = switchboard.network.dial("99999", CITIZEN, listen(30))
    assert call.wait_ended(90) is EndedBy.THEM
    assert likeness(call.heard, switchboard.prompt("not-in-service")) > SAME
    assert likeness(call.heard, switchboard.prompt("greeting")) < OTHER


def test_caller_ids_never_reach_the_log(switchboard: Switchboard) -> None:
    call = switchboard.network.citizen_calls("13977778888", hang_up_early(0.5))
    call.wait_ended(60)
    until(lambda: switchboard.pbx.control("core show channels count").startswith("0 active channels"))
    assert "13977778888" not in switchboard.pbx.log.read_text()

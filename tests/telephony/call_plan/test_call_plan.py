"""The call plan on a real Asterisk: merged lines, languages, night duty, leaders, surges; no scripts."""

from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.call_plan import service
from hotline.calls.models import CallEnd
from hotline.context import Context
from hotline.events import Event
from ivr.network import EndedBy, Line, Script, hang_up_early, listen, talk_as_agent, turn_busy
from tests.telephony.call_plan.plan import (
    BACK,
    BUSY,
    BUSY_PHONE,
    BUSY_TOO,
    DISTRICT,
    DUTY_PHONE,
    ENGAGED,
    ENGLISH_HZ,
    GREETING_HZ,
    GREETING_SECONDS,
    HEALTH,
    HEALTH_HZ,
    HEARD,
    KEYS_HZ,
    LATE,
    LATE_PHONE,
    LEADER,
    LEADER_SEAT,
    NEXT_PHONE,
    NIGHT,
    OWN,
    SECOND,
    ended_call,
    hear_out,
)
from tests.telephony.ivr_process import running
from tests.telephony.sounds import AGENT_HZ, CITIZEN_HZ, SAME, likeness, tone_seconds
from tests.telephony.switchboard import Switchboard
from tests.waiting import until


def press(keys: str) -> Script:
    """Press keys as soon as something is heard, and listen on."""

    def script(line: Line) -> None:
        line.answer()
        line.hear_voice()
        line.press(keys)
        line.listen(5)

    return script


@pytest.mark.usefixtures("supervising")
def test_every_line_goes_its_own_way(
    switchboard: Switchboard, context: Context, agent_tone: Path, citizen_tone: Path
) -> None:
    network, leader = switchboard.network, switchboard.plug_in(LEADER_SEAT, talk_as_agent([agent_tone]))
    duty = network.expect_callback(DUTY_PHONE, talk_as_agent([agent_tone], until=lambda: True))

    def complain(line: Line) -> None:
        line.answer()
        line.wait_until(lambda: duty.answered.is_set(), 30)
        line.say(citizen_tone)
        line.listen_to_the_end(30)

    with running(context, switchboard):
        numbers = {"13800000001": OWN, "13800000002": HEALTH}
        calls = {dialled: network.dial(dialled, number, listen(6)) for number, dialled in numbers.items()}
        calls[LEADER] = network.dial(LEADER, "13800000003", hear_out(lambda: leader.answered))
        calls[NIGHT] = network.dial(NIGHT, "13800000004", complain)
        english = network.dial(OWN, "13800000005", press("9"))
        stranger = network.dial("99999", "13800000006", listen(20))
        for call in (*calls.values(), english, stranger):
            call.wait_ended(60)
        ended = {
            number: until(lambda n=number: ended_call(context, switchboard, n))
            for number in (*numbers, "13800000003", "13800000004", "13800000005")
        }

    assert tone_seconds(calls[OWN].heard, GREETING_HZ) > 2 * HEARD
    assert tone_seconds(calls[HEALTH].heard, HEALTH_HZ) > HEARD
    assert (ended["13800000002"].dialled, ended["13800000002"].skill) == (HEALTH, "health")
    assert ended["13800000001"].skill == ""

    assert tone_seconds(calls[LEADER].heard, AGENT_HZ) > 1
    assert leader.answered
    assert (ended["13800000003"].dialled, ended["13800000003"].end) == (LEADER, CallEnd.TALKED)

    assert tone_seconds(calls[NIGHT].heard, AGENT_HZ) > 1
    assert tone_seconds(duty.heard, CITIZEN_HZ) > 1
    assert ended["13800000004"].end is CallEnd.TALKED
    assert ended["13800000004"].phone == DUTY_PHONE, "named on the board, while it rang and then"
    with context.reading() as session:
        of_call = select(Event.kind).where(Event.subject == f"call:{ended['13800000004'].id}")
        told = session.scalars(of_call.order_by(Event.id)).all()
    assert told.index("call.ringing") < told.index("call.answered")

    assert tone_seconds(english.heard, ENGLISH_HZ) > 2 * HEARD
    assert stranger.ended_by is EndedBy.THEM
    assert likeness(stranger.heard, switchboard.prompt("not-in-service")) > SAME
    assert not any(row.number == "13800000006" and row.application == "Queue" for row in switchboard.events())


def test_the_banner_of_a_surge_is_spoken_and_heard(switchboard: Switchboard, supervising: Context) -> None:
    with running(supervising, switchboard):
        service.surge_on(supervising, "市北区停水，我们已经知道，正在抢修。")
        sounds = switchboard.settings.state_dir / "sounds" / "zh"
        [banner] = until(lambda: list(sounds.glob("surge-*.wav")))
        call = switchboard.network.citizen_calls("13800000007", listen(8))
        call.wait_ended(30)
        service.surge_off(supervising)
    assert likeness(call.heard, banner) > SAME


@pytest.mark.usefixtures("supervising")
def test_who_waits_is_told_the_keys_and_goes_on_to_a_telephone_or_the_message_box(
    switchboard: Switchboard, context: Context, agent_tone: Path
) -> None:
    network = switchboard.network
    late = network.expect_callback(LATE_PHONE, talk_as_agent([agent_tone], until=lambda: True))
    busy = network.expect_callback(BUSY_PHONE, turn_busy())
    with running(context, switchboard):
        calls = {
            LATE: network.dial(LATE, "13800000011", hear_out(late.answered.is_set)),
            BUSY: network.dial(BUSY, "13800000012", listen()),
            OWN: network.dial(OWN, "13800000013", listen(6)),
            LEADER: network.dial(LEADER, "13800000014", press("0")),
            "slower": network.dial(OWN, "13800000015", press("*")),
            "letters": network.dial(OWN, "13800000016", press("DDDDDDDD")),  # most telephones lack it
        }
        ended_by = {name: call.wait_ended(60) for name, call in calls.items()}
        numbers = [f"138000000{place}" for place in range(11, 15)]
        ended = {number: until(lambda n=number: ended_call(context, switchboard, n)) for number in numbers}
    assert late.answered.is_set()
    assert tone_seconds(calls[LATE].heard, AGENT_HZ) > 1
    assert ended["13800000011"].end is CallEnd.TALKED
    assert busy.ended.is_set()
    assert likeness(calls[BUSY].heard, switchboard.prompt("all-busy")) > SAME
    assert ended["13800000012"].end is CallEnd.UNANSWERED
    assert tone_seconds(calls[OWN].heard, KEYS_HZ) > HEARD
    assert ended_by["letters"] is EndedBy.US  # greeting and keys told
    assert ended["13800000013"].end is CallEnd.ABANDONED
    [passed_over] = {row.linkedid for row in switchboard.events() if row.number == "13800000014"}
    assert any(row.application == "Queue" for row in switchboard.events(passed_over))
    assert tone_seconds(calls[LEADER].heard, AGENT_HZ) == 0
    slow = switchboard.settings.state_dir / "sounds" / "zh_slow" / "greeting.wav"
    assert tone_seconds(slow, GREETING_HZ) > GREETING_SECONDS
    assert tone_seconds(calls["slower"].heard, GREETING_HZ) > 2 * GREETING_SECONDS


@pytest.mark.usefixtures("supervising")
def test_a_wait_goes_on_after_telephones_that_nobody_answers(
    switchboard: Switchboard, context: Context, agent_tone: Path
) -> None:
    network, seat = switchboard.network, switchboard.seats[0]
    engaged = network.expect_callback(ENGAGED, turn_busy())
    tried = network.expect_callback(BUSY_TOO, turn_busy())
    answering = network.expect_callback(NEXT_PHONE, talk_as_agent([agent_tone], until=lambda: True))
    phone = switchboard.plug_in(seat.extension, talk_as_agent([agent_tone], until=lambda: True))
    with running(context, switchboard):
        second = network.dial(SECOND, "13800000021", hear_out(answering.answered.is_set))
        back = network.dial(BACK, "13800000022", hear_out(lambda: phone.answered))
        until(tried.ended.is_set, 20, "the end of the telephone that is engaged")
        with switchboard.seat_in_queue(seat):
            for call in (second, back):
                call.wait_ended(60)
        ended = [
            until(lambda n=f"1380000002{place}": ended_call(context, switchboard, n)) for place in (1, 2)
        ]
    assert engaged.ended.is_set()
    assert answering.answered.is_set()
    assert [call.end for call in ended] == [CallEnd.TALKED, CallEnd.TALKED]
    assert [call.agent_id is not None for call in ended] == [False, True]
    for call in (second, back):
        assert tone_seconds(call.heard, AGENT_HZ) > 1


@pytest.mark.usefixtures("supervising")
def test_who_speaks_cantonese_on_a_districts_line_is_asked_for_the_language_then_for_the_district(
    switchboard: Switchboard, context: Context, agent_tone: Path
) -> None:
    seat = switchboard.seats[0]
    phone = switchboard.plug_in(seat.extension, talk_as_agent([agent_tone], until=lambda: True))
    member = f"PJSIP/{seat.desk}"
    with running(context, switchboard):
        until(lambda: "skill-yue" in switchboard.pbx.control("queue show skill-yue"))
        assert "Added" in switchboard.pbx.control(f"queue add member {member} to skill-health")
        call = switchboard.network.dial(DISTRICT, "13800000031", hear_out(lambda: phone.answered))
        call.wait_ended(60)
        row = until(lambda: ended_call(context, switchboard, "13800000031"))
        switchboard.pbx.control(f"queue remove member {member} from skill-health")
    with context.reading() as session:
        moved = select(Event.payload).where(Event.kind == "call.moved", Event.subject == f"call:{row.id}")
        assert [payload["skill"] for payload in session.scalars(moved)] == ["health"]
    assert (row.skill, row.end, row.agent_id is not None) == ("health", CallEnd.TALKED, True)
    assert row.wait_seconds is not None
    assert row.wait_seconds > 2
    assert tone_seconds(call.heard, AGENT_HZ) > 1


@pytest.mark.usefixtures("supervising")
def test_with_scripts_away_every_merged_line_is_greeted_and_queued(
    switchboard: Switchboard, context: Context
) -> None:
    with running(context, switchboard):
        until(lambda: HEALTH in switchboard.pbx.control(f"dialplan show {HEALTH}@hotline-numbers"))
    calls = [switchboard.network.dial(number, "13800000008", hang_up_early(3)) for number in (HEALTH, NIGHT)]
    stranger = switchboard.network.dial("99999", "13800000009", listen(20))
    for call in (*calls, stranger):
        call.wait_ended(30)
    for call in calls:
        assert tone_seconds(call.heard, GREETING_HZ) > 2 * HEARD
    rows = [row for row in switchboard.events() if row.number == "13800000008"]
    assert len({row.linkedid for row in rows if row.application == "Queue"}) == 2
    assert stranger.ended_by is EndedBy.THEM
    with running(context, switchboard):
        row = until(lambda: ended_call(context, switchboard, "13800000008"))
    assert row.dialled in (HEALTH, NIGHT)

"""The call plan on a real Asterisk: merged lines, languages, night duty, leaders, surges; no scripts."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.call_plan import service
from hotline.call_plan.document import LeaderSlot, OverflowStep, OverflowTo, Plan
from hotline.calls.models import Call, CallEnd, CallState, Seat, SeatState
from hotline.calls.way import WayKind
from hotline.clock import SystemClock
from hotline.context import Context
from hotline.conversations.queries import standing
from hotline.conversations.rules import Phase
from hotline.conversations.service import press_keys
from hotline.database import Database
from hotline.events import Event
from hotline.insight.leaders import held
from hotline.people.actors import Role
from hotline.people.models import User
from hotline.queueing.models import Skill
from ivr.control import AmiCallControl
from ivr.network import (
    EndedBy,
    Line,
    Script,
    TelephoneNetwork,
    hang_up_early,
    listen,
    talk_as_agent,
    turn_busy,
)
from ivr.pbx import Pbx, prepare, seats_of
from tests.factories import City, user
from tests.telephony.conftest import private_settings
from tests.telephony.ivr_process import call_row, running
from tests.telephony.sounds import AGENT_HZ, CITIZEN_HZ, SAME, likeness, tone_seconds, write_tone
from tests.telephony.switchboard import Switchboard
from tests.unit.call_plan.plans import chain, line, own_line, shift
from tests.waiting import until

OWN, HEALTH, NIGHT, LEADER, BUSY, LATE = "12345", "12320", "12319", "12318", "12317", "12316"
SECOND, BACK, DISTRICT = "12315", "12314", "12313"
DUTY_PHONE, BUSY_PHONE, LATE_PHONE, LEADER_SEAT = "05325550001", "05325550002", "05325550003", "1002"
ENGAGED, NEXT_PHONE, BUSY_TOO = "05325550004", "05325550005", "05325550006"
GREETING_HZ, HEALTH_HZ, ENGLISH_HZ, KEYS_HZ = 440, 900, 1900, 2500
GREETING_SECONDS = 0.6
DAY = timedelta(days=1)
HEARD = 0.3


@pytest.fixture(scope="module")
def switchboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Switchboard]:
    """Greetings are tones here: 440 Hz, of the health line 900 Hz, in English 1900 Hz."""
    settings = private_settings(
        tmp_path_factory.mktemp("plan"), queue_timeout_seconds=30, wrap_up_seconds=0, announce_after_seconds=2
    )
    for language, prompt, hertz in (
        ("zh", "greeting", GREETING_HZ),
        ("zh", "recording-notice", GREETING_HZ),
        ("zh", "please-hold", HEALTH_HZ),
        ("en", "greeting", ENGLISH_HZ),
        ("en", "recording-notice", ENGLISH_HZ),
        ("zh", "echo-test", KEYS_HZ),
    ):
        folder = settings.state_dir / "prompts" / language
        folder.mkdir(parents=True, exist_ok=True)
        write_tone(folder / f"{prompt}.wav", hertz, GREETING_SECONDS)
    seats = tuple(seats_of(["1001", LEADER_SEAT], settings.secrets.sip))
    pbx = Pbx(prepare(settings, seats))
    with pbx, TelephoneNetwork(settings) as network:
        yield Switchboard(settings, pbx, network, seats)


@pytest.fixture(scope="module")
def context(
    switchboard: Switchboard, migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Context]:
    path = tmp_path_factory.mktemp("plan-database") / "hotline.sqlite"
    shutil.copyfile(migrated_sqlite, path)
    database = Database(f"sqlite:///{path}")
    yield Context(database, SystemClock(), switchboard.settings)
    database.dispose()


@pytest.fixture(scope="module")
def supervising(context: Context) -> Context:
    """A city with two skills and a leader, whose plan merges eight lines."""
    city = City.founded(context)
    user(context, city.water_id, Role.AGENT, extension=LEADER_SEAT)
    with context.writing() as session:
        session.add(Skill(code="health", name_zh="卫生", name_en="Health", overflow_seconds=60))
        session.add(Skill(code="yue", name_zh="粤语", name_en="Cantonese", overflow_seconds=60))
    supervisor = context.acting_as(city.supervisor)
    today = context.now().astimezone(context.settings.zone).date()
    revision = service.change_draft(supervisor, service.begin_draft(supervisor), partial(merged, today))
    service.make_live(supervisor, revision, "八条热线并入")
    return supervisor


def merged(today: date, plan: Plan) -> Plan:
    """Agents day and night, but for one line, which has a duty telephone. `today` is the city's."""
    slot = {"begins": time(0), "ends": time(23, 59, 59), "phone": LEADER_SEAT}
    slots = [{"leader": "李局长", "number": LEADER, "day": day, **slot} for day in (today, today + DAY)]
    changes = {
        "shifts": [
            shift("all", "00:00", "00:00"),
            shift("duty", "00:00", "00:00", answered_by="duty", phone=DUTY_PHONE),
        ],
        "lines": [
            own_line(shifts=["all"]),
            line(HEALTH, shifts=["all"], skill="health", greeting="please-hold"),
            line(NIGHT, shifts=["duty"]),
            line(LEADER, shifts=["all"]),
            line(BUSY, shifts=["all"], overflow="busy"),
            line(LATE, shifts=["all"], overflow="late"),
            line(SECOND, shifts=["all"], overflow="second"),
            line(BACK, shifts=["all"], overflow="back"),
            line(DISTRICT, shifts=["all"], skill="health", tongue="cantonese"),
        ],
        "leaders": [LeaderSlot.model_validate(slot) for slot in slots],
        "overflows": [
            chain("main", (30, OverflowTo.MESSAGE)),
            chain("busy", to_phone(1, BUSY_PHONE), (4, OverflowTo.MESSAGE)),
            chain("second", to_phone(1, ENGAGED), to_phone(3, NEXT_PHONE), (60, OverflowTo.MESSAGE)),
            chain("back", to_phone(1, BUSY_TOO), (60, OverflowTo.MESSAGE)),
            chain("late", to_phone(1, LATE_PHONE), (60, OverflowTo.MESSAGE)),
        ],
        "greeting": plan.greeting.model_dump() | {"keys_announced": "waiting", "keys_prompt": "echo-test"},
        "tongues": [
            {"code": "mandarin", "name_zh": "普通话", "name_en": "Mandarin"},
            {
                "code": "cantonese",
                "name_zh": "粤语",
                "name_en": "Cantonese",
                "skill": "yue",
                "skill_seconds": 2,
            },
            {"code": "english", "name_zh": "英语", "name_en": "English", "prompts": "en"},
        ],
        "shortcuts": [
            {"key": "9", "deed": "language", "tongue": "english"},
            {"key": "0", "deed": "agent"},
            {"key": "*", "deed": "slower"},
        ],
    }
    return Plan.model_validate(plan.model_dump() | changes)


def to_phone(after_seconds: int, phone: str) -> OverflowStep:
    """A step that rings a telephone."""
    return OverflowStep(after_seconds=after_seconds, to=OverflowTo.DUTY, phone=phone)


def press(keys: str) -> Script:
    """Press keys as soon as something is heard, and listen on."""

    def script(line: Line) -> None:
        line.answer()
        line.hear_voice()
        line.press(keys)
        line.listen(5)

    return script


def hear_out(answered: Callable[[], object]) -> Script:
    """Wait for whoever is to answer, however long that takes, and listen to them."""

    def script(line: Line) -> None:
        line.answer()
        line.wait_until(answered, 30)
        line.listen(4)

    return script


@pytest.mark.usefixtures("supervising")
def test_every_line_goes_its_own_way(
    switchboard: Switchboard, context: Context, agent_tone: Path, citizen_tone: Path
) -> None:
    network, seat = switchboard.network, switchboard.seats[1]
    leader = network.agent_phone(seat.extension, seat.password, talk_as_agent([agent_tone]))
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


def pass_on(line: Line) -> None:
    """A leader picks up, hears that it is not their matter, and keys *0."""
    line.ring(0.5)
    line.answer()
    line.listen(1)
    line.press("*0")
    line.listen_to_the_end(20)


@pytest.mark.usefixtures("supervising")
def test_a_leader_passes_on_what_is_outside_the_scope(
    switchboard: Switchboard, context: Context, agent_tone: Path
) -> None:
    agent, seat = switchboard.seats[0], switchboard.seats[1]
    leader = switchboard.network.agent_phone(seat.extension, seat.password, pass_on)
    phone = switchboard.network.agent_phone(
        agent.extension, agent.password, talk_as_agent([agent_tone], until=lambda: True)
    )
    with running(context, switchboard), switchboard.seat_in_queue(agent):
        call = switchboard.network.dial(LEADER, "13800000041", hear_out(lambda: phone.answered))
        call.wait_ended(60)
        row = until(lambda: ended_call(context, switchboard, "13800000041"))
    assert leader.calls[-1].ended_by is EndedBy.THEM
    assert likeness(call.heard, switchboard.prompt("please-hold")) > SAME
    assert tone_seconds(call.heard, AGENT_HZ) > 1
    assert row.end is CallEnd.TALKED
    with context.reading() as session:
        owner = session.get(User, row.agent_id)
    assert owner is not None
    assert owner.extension == agent.extension


@pytest.mark.usefixtures("supervising")
def test_who_hangs_up_before_an_agent_answers_was_passed_on_all_the_same(
    switchboard: Switchboard, context: Context
) -> None:
    seat = switchboard.seats[1]
    leader = switchboard.network.agent_phone(seat.extension, seat.password, pass_on)

    def give_up(line: Line) -> None:
        line.answer()
        line.wait_until(lambda: leader.calls and leader.calls[-1].ended.is_set(), 30)
        line.listen(3)

    with running(context, switchboard):
        call = switchboard.network.dial(LEADER, "13800000043", give_up)
        call.wait_ended(60)
        row = until(lambda: ended_call(context, switchboard, "13800000043"))
    assert [entry["kind"] for entry in row.way] == [WayKind.LEADER, WayKind.HEARD]
    with context.reading() as session:
        settings, now = context.settings, context.now()
        year = now.astimezone(settings.zone).year
        [held_today] = [one for one in held(session, settings, year, now) if one.slot.begins == time(0)]
    assert held_today.went_on >= 1


def hear_to_the_end(line: Line) -> None:
    """A leader whose telephone is the page: keys are none of the telephone's."""
    line.answer()
    line.listen_to_the_end(30)


@pytest.mark.usefixtures("supervising")
def test_a_leader_at_a_browser_seat_passes_on_with_the_pages_keys(
    switchboard: Switchboard, context: Context, agent_tone: Path
) -> None:
    agent, seat = switchboard.seats[0], switchboard.seats[1]
    leader = switchboard.network.agent_phone(seat.extension, seat.password, hear_to_the_end)
    phone = switchboard.network.agent_phone(
        agent.extension, agent.password, talk_as_agent([agent_tone], until=lambda: True)
    )
    control = AmiCallControl(switchboard.settings)
    with running(context, switchboard), switchboard.seat_in_queue(agent):
        call = switchboard.network.dial(LEADER, "13800000042", hear_out(lambda: phone.answered))
        acting, call_id = until(lambda: leaders_talk(context), 30, "the leader's talk")
        for key in "*0":
            press_keys(acting, control, call_id, key)
        call.wait_ended(60)
        row = until(lambda: ended_call(context, switchboard, "13800000042"))
    assert leader.calls[-1].ended_by is EndedBy.THEM
    assert likeness(call.heard, switchboard.prompt("please-hold")) > SAME
    assert tone_seconds(call.heard, AGENT_HZ) > 1
    assert row.end is CallEnd.TALKED


def leaders_talk(context: Context) -> tuple[Context, int] | None:
    """The leader as who acts, and the call in which they and the caller hear each other."""
    with context.reading() as session:
        seat = session.scalar(select(Seat).where(Seat.extension == LEADER_SEAT))
        if seat is None or seat.call_id is None:
            return None
        together = standing(session, session.get_one(Call, seat.call_id)).phase is Phase.TALKING
        return (context.acting_as(seat.user.actor()), seat.call_id) if together else None


@pytest.mark.usefixtures("supervising")
def test_a_leader_who_talks_is_not_rung_again(
    switchboard: Switchboard, context: Context, agent_tone: Path
) -> None:
    agent, seat = switchboard.seats
    leader = switchboard.network.agent_phone(seat.extension, seat.password, talk_as_agent([agent_tone]))
    phone = switchboard.network.agent_phone(agent.extension, agent.password, talk_as_agent([agent_tone]))
    with running(context, switchboard), switchboard.seat_in_queue(agent):
        first = switchboard.network.dial(LEADER, "13800000051", hear_out(lambda: phone.answered))
        until(lambda: seat_state(context) is SeatState.TALKING, 30, "the leader's talk")
        before = len(leader.calls)
        second = switchboard.network.dial(LEADER, "13800000052", hear_out(lambda: phone.answered))
        second.wait_ended(60)
        row = until(lambda: ended_call(context, switchboard, "13800000052"))
        first.wait_ended(60)
        until(lambda: seat_state(context) is SeatState.WRAP_UP, 30, "the end of the leader's talk")
        with context.reading() as session:
            rings = session.scalars(select(Event.kind).where(Event.subject == f"call:{row.id}")).all()
    assert len(leader.calls) == before
    assert row.end is CallEnd.TALKED
    assert rings.count("call.ringing") == 1


def seat_state(context: Context) -> SeatState | None:
    with context.reading() as session:
        return session.scalar(select(Seat.state).where(Seat.extension == LEADER_SEAT))


def ended_call(context: Context, switchboard: Switchboard, number: str):  # type: ignore[no-untyped-def]
    """The call of a citizen, once it is over; None until then."""
    linkedid = next((row.linkedid for row in switchboard.events() if row.number == number), "")
    row = call_row(context, linkedid)
    return row if row and row.state is CallState.ENDED else None


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
    phone = network.agent_phone(
        seat.extension, seat.password, talk_as_agent([agent_tone], until=lambda: True)
    )
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
    phone = switchboard.network.agent_phone(
        seat.extension, seat.password, talk_as_agent([agent_tone], until=lambda: True)
    )
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

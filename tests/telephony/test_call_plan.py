"""The call plan on a real Asterisk: merged lines, languages, night duty, leaders, surges; no scripts."""

import shutil
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path

import pytest

from hotline.call_plan import service
from hotline.call_plan.document import LeaderSlot, OverflowStep, OverflowTo, Plan
from hotline.calls.models import CallEnd, CallState
from hotline.clock import SystemClock
from hotline.context import Context
from hotline.database import Database
from hotline.people.actors import Role
from hotline.queueing.models import Skill
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
from tests.telephony.sounds import AGENT_HZ, CITIZEN_HZ, likeness, tone_seconds, write_tone
from tests.telephony.switchboard import Switchboard
from tests.unit.call_plan.plans import chain, line, own_line, shift
from tests.waiting import until

OWN, HEALTH, NIGHT, LEADER, BUSY, LATE = "12345", "12320", "12319", "12318", "12317", "12316"
DUTY_PHONE, BUSY_PHONE, LATE_PHONE, LEADER_SEAT = "05325550001", "05325550002", "05325550003", "1002"
GREETING_HZ, HEALTH_HZ, ENGLISH_HZ, KEYS_HZ = 440, 900, 1900, 2500
GREETING_SECONDS = 0.6
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
    """A city with a skill and a leader, whose plan merges five lines."""
    city = City.founded(context)
    user(context, city.water_id, Role.AGENT, extension=LEADER_SEAT)
    with context.writing() as session:
        session.add(Skill(code="health", name_zh="卫生", name_en="Health", overflow_seconds=60))
    supervisor = context.acting_as(city.supervisor)
    revision = service.change_draft(supervisor, service.begin_draft(supervisor), merged)
    service.make_live(supervisor, revision, "五条热线并入")
    return supervisor


def merged(plan: Plan) -> Plan:
    """Agents day and night, but for one line, which has a duty telephone."""
    now = datetime.now().astimezone()
    slot = {"day": now.date(), "begins": time(0), "ends": time(23, 59, 59), "phone": LEADER_SEAT}
    leaders = [LeaderSlot.model_validate({"leader": "李局长", "number": LEADER, **slot})]
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
        ],
        "leaders": leaders,
        "overflows": [
            chain("main", (30, OverflowTo.MESSAGE)),
            chain("busy", to_phone(1, BUSY_PHONE), (60, OverflowTo.MESSAGE)),
            chain("late", to_phone(1, LATE_PHONE), (60, OverflowTo.MESSAGE)),
        ],
        "greeting": plan.greeting.model_dump() | {"keys_announced": "waiting", "keys_prompt": "echo-test"},
        "tongues": [
            {"code": "mandarin", "name_zh": "普通话", "name_en": "Mandarin"},
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


def press(key: str) -> Script:
    """Press a key as soon as something is heard, and listen on."""

    def script(line: Line) -> None:
        line.answer()
        line.hear_voice()
        line.press(key)
        line.listen(5)

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
        numbers = {"13800000001": OWN, "13800000002": HEALTH, "13800000003": LEADER}
        calls = {dialled: network.dial(dialled, number, listen(6)) for number, dialled in numbers.items()}
        calls[NIGHT] = network.dial(NIGHT, "13800000004", complain)
        english = network.dial(OWN, "13800000005", press("9"))
        stranger = network.dial("99999", "13800000006", listen(20))
        for call in (*calls.values(), english, stranger):
            call.wait_ended(60)
        ended = {
            number: until(lambda n=number: ended_call(context, switchboard, n))
            for number in (*numbers, "13800000004", "13800000005")
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

    assert tone_seconds(english.heard, ENGLISH_HZ) > 2 * HEARD
    assert stranger.ended_by is EndedBy.THEM
    assert likeness(stranger.heard, switchboard.prompt("not-in-service")) > 0.9
    assert not any(row.number == "13800000006" and row.application == "Queue" for row in switchboard.events())


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
    assert likeness(call.heard, banner) > 0.9


@pytest.mark.usefixtures("supervising")
def test_who_waits_is_told_the_keys_and_goes_on_to_a_telephone_or_the_message_box(
    switchboard: Switchboard, context: Context, agent_tone: Path
) -> None:
    network = switchboard.network
    late = network.expect_callback(LATE_PHONE, talk_as_agent([agent_tone], until=lambda: True))
    busy = network.expect_callback(BUSY_PHONE, turn_busy())
    with running(context, switchboard):
        calls = {
            LATE: network.dial(LATE, "13800000011", listen(12)),
            BUSY: network.dial(BUSY, "13800000012", listen(12)),
            OWN: network.dial(OWN, "13800000013", listen(6)),
            LEADER: network.dial(LEADER, "13800000014", press("0")),
            "slower": network.dial(OWN, "13800000015", press("*")),
        }
        for call in calls.values():
            call.wait_ended(60)
        numbers = [f"138000000{place}" for place in range(11, 15)]
        ended = {number: until(lambda n=number: ended_call(context, switchboard, n)) for number in numbers}
    assert late.answered.is_set()
    assert tone_seconds(calls[LATE].heard, AGENT_HZ) > 1
    assert ended["13800000011"].end is CallEnd.TALKED
    assert busy.ended.is_set()
    assert likeness(calls[BUSY].heard, switchboard.prompt("all-busy")) > 0.9
    assert ended["13800000012"].end is CallEnd.UNANSWERED
    assert tone_seconds(calls[OWN].heard, KEYS_HZ) > HEARD
    assert ended["13800000013"].end is CallEnd.ABANDONED
    [passed_over] = {row.linkedid for row in switchboard.events() if row.number == "13800000014"}
    assert any(row.application == "Queue" for row in switchboard.events(passed_over))
    assert tone_seconds(calls[LEADER].heard, AGENT_HZ) == 0
    slow = switchboard.settings.state_dir / "sounds" / "zh_slow" / "greeting.wav"
    assert tone_seconds(slow, GREETING_HZ) > GREETING_SECONDS
    assert tone_seconds(calls["slower"].heard, GREETING_HZ) > 2 * GREETING_SECONDS


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

"""What `intake` tells the dialplan by the live plan, and what is kept beside Asterisk."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select, text

from hotline.call_plan import service
from hotline.call_plan.document import LeaderSlot, OverflowStep, OverflowTo, Plan
from hotline.call_plan.models import CallPlan, PlanState
from hotline.call_plan.queries import surge
from hotline.call_plan.wait import Waypoint
from hotline.calls.models import Call
from hotline.context import Context
from hotline.queueing.models import Skill
from ivr.agi.intake import Intake
from ivr.agi.server import AgiServer, Limits
from ivr.agi.wait import other_queues, steps
from ivr.ami.client import AmiError
from ivr.banner import ready_banner, speak_banner
from ivr.plan_keeper import PlanKeeper
from tests.factories import City
from tests.unit.agi.asterisk_side import AsteriskSide
from tests.unit.call_plan.plans import chain, line, own_line, shift
from tests.unit.ivr.test_ivr_scripts import INTAKE_ANSWERS

DNID = 'GET FULL VARIABLE "${FILTER(0-9+,${CALLERID(dnid)})}"'
PLAN_ALONE = ("CONTACT", "TICKET", "INTAKE")


@pytest.fixture
def server(context: Context) -> Iterator[AgiServer]:
    server = AgiServer(("127.0.0.1", 0), [Intake(context)], Limits(stop_seconds=2))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def supervising(city: City) -> Context:
    return city.context.acting_as(city.supervisor)


def told(server: AgiServer, dialled: str = "12345", keys: str = "") -> dict[str, str]:
    """The variables that the script sets for a call."""
    answers = INTAKE_ANSWERS | {DNID: dialled}
    written = {}
    with AsteriskSide(server.port) as asterisk:
        asterisk.header(script="intake", agi_arg_1=keys)
        while command := asterisk.hears():
            if command.startswith("SET VARIABLE"):
                _, name, _, value, _ = command.split('"')
                written[name] = value
            known = answers.get(command)
            asterisk.say(f"200 result=1 ({known})\n" if known else "200 result=0\n")
    return written


def live(supervising: Context, change: Callable[[Plan], Plan]) -> None:
    """Make a changed plan live."""
    revision = service.change_draft(supervising, service.begin_draft(supervising), change)
    service.make_live(supervising, revision, "试")


def test_the_packaged_plan(server: AgiServer) -> None:
    written = {name: value for name, value in told(server).items() if name not in PLAN_ALONE}
    assert written == {
        "PLAN_VERSION": "0",
        "PLAN_ROUTE": "queue",
        "GREETING": "greeting&recording-notice",
        "WAIT_STEPS": "300:",
        "LINE": "hotline",
        "HEAD_START": "0",
        "OVERFLOW": "60:hotline",
        "PLAN_KEY_1": "progress",
        "PLAN_KEY_2": "message",
        "PLAN_KEY_3": "callback",
        "PLAN_KEY_7": "language",
        "PLAN_KEY_8": "language",
        "PLAN_KEY_9": "language",
        "PLAN_KEY_0": "agent",
        "PLAN_KEY_STAR": "slower",
        "PLAN_KEY_HASH": "louder",
    }


def test_a_merged_line_has_its_greeting_skill_and_place(server: AgiServer, supervising: Context) -> None:
    assert told(server, "12320") == {"PLAN_ROUTE": "unknown", "PLAN_VERSION": "0"}
    with supervising.writing() as session:
        session.add(Skill(code="health", name_zh="卫生", name_en="Health", overflow_seconds=20))
        assert session.scalars(select(Call)).all() == []
    merged = line(skill="health", greeting="please-hold", priority=2)
    live(supervising, lambda plan: plan.model_copy(update={"lines": (own_line(), merged)}))
    written = told(server, "12320")
    assert written["GREETING"] == "please-hold&recording-notice"
    assert (written["LINE"], written["HEAD_START"], written["OVERFLOW"]) == (
        "skill-health",
        "120",
        "60:hotline",
    )
    with supervising.reading() as session:
        [call] = session.scalars(select(Call))
        assert (call.dialled, call.skill) == ("12320", "health")


def test_night_duty_rings_a_seat_or_a_telephone(server: AgiServer, supervising: Context) -> None:
    def on_duty(phone: str) -> Callable[[Plan], Plan]:
        night = shift("night", "00:00", "00:00", answered_by="duty", phone=phone)
        return lambda plan: plan.model_copy(update={"shifts": (night,)})

    live(supervising, on_duty("1001"))
    written = told(server)
    assert (written["PLAN_ROUTE"], written["DUTY_PHONE"], written["DUTY_SEAT"]) == ("duty", "1001", "yes")
    live(supervising, on_duty("05325551234"))
    written = told(server)
    assert written["DUTY_PHONE"] == "05325551234"
    assert "DUTY_SEAT" not in written


def test_a_telephone_that_the_rules_forbid_does_not_ring_and_the_call_tells_why(
    server: AgiServer, supervising: Context
) -> None:
    """The plan went live when the rules were others: it is written past the checker here."""
    live(supervising, lambda plan: plan)
    steps = (
        OverflowStep(after_seconds=30, to=DUTY, phone="053216888888"),
        OverflowStep(after_seconds=60, to=DUTY, phone="05325551234"),
        OverflowStep(after_seconds=90, to=MESSAGE),
    )
    with supervising.writing() as session:
        row = session.scalars(select(CallPlan).where(CallPlan.state == PlanState.LIVE)).one()
        plan = row.plan.model_copy(update={"overflows": (chain("main", *steps),)})
        row.document = plan.model_dump(mode="json")
    written = told(server)
    assert written["WAIT_STEPS"] == "60:05325551234:no:30&90:"
    with supervising.reading() as session:
        assert session.scalars(select(Call)).one().way == [{"kind": "refused", "reason": "premium"}]


def test_a_leaders_slot_and_the_language_are_kept_with_the_call(
    server: AgiServer, supervising: Context
) -> None:
    today = supervising.now().astimezone(supervising.settings.zone).date()
    slot = {"day": today, "begins": "00:00", "ends": "23:59:59", "phone": "1001", "scope": "供水"}
    leader = LeaderSlot.model_validate({"leader": "李局长", "number": "12345", **slot})
    live(supervising, lambda plan: plan.model_copy(update={"leaders": (leader,)}))
    assert told(server, keys="9")["PLAN_ROUTE"] == "leader"
    with supervising.reading() as session:
        call = session.scalars(select(Call)).one()
    assert (call.tongue, call.way) == ("english", [{"kind": "leader", "name": "李局长", "scope": "供水"}])


MESSAGE, WIDER, DUTY, SKILL = OverflowTo.MESSAGE, OverflowTo.WIDER, OverflowTo.DUTY, OverflowTo.SKILL


@pytest.mark.parametrize(
    ("wait", "told"),
    [
        ([], "300:"),
        ([Waypoint(60, WIDER), Waypoint(120, MESSAGE)], "120:"),
        (
            [
                Waypoint(60, DUTY, "1001", 20),
                Waypoint(90, DUTY, "05325551234", 30),
                Waypoint(120, MESSAGE),
            ],
            "60:1001:yes:20&90:05325551234:no:30&120:",
        ),
        ([Waypoint(60, DUTY, "1001", 20)], "60:1001:yes:20&300:"),
        ([Waypoint(600, DUTY, "1001", 20)], "600:1001:yes:20&620:"),
        ([Waypoint(60, DUTY)], "300:"),
    ],
)
def test_the_steps_of_a_wait_as_the_dialplan_reads_them(wait: list[Waypoint], told: str) -> None:
    assert steps(wait, frozenset({"1001"}), 300) == told


@pytest.mark.parametrize(
    ("wait", "skill_seconds", "told"),
    [
        ([], None, ""),
        ([], 45, "45:hotline"),
        ([Waypoint(30, SKILL, skill="health")], None, "30:skill-health"),
        ([Waypoint(30, SKILL, skill="health")], 45, "30:skill-health&75:hotline"),
        (
            [Waypoint(30, SKILL, skill="health"), Waypoint(60, WIDER), Waypoint(90, MESSAGE)],
            45,
            "30:skill-health&60:hotline",
        ),
    ],
)
def test_the_queues_after_the_first(wait: list[Waypoint], skill_seconds: int | None, told: str) -> None:
    assert other_queues(wait, skill_seconds) == told


def test_keys_ask_for_another_language(server: AgiServer) -> None:
    written = told(server, keys="9")
    assert (written["CALL_LANGUAGE"], written["CALL_TONGUE"]) == ("en", "english")


def test_a_plan_that_cannot_be_read_costs_nobody_the_call(server: AgiServer, supervising: Context) -> None:
    live(supervising, lambda plan: plan)
    with supervising.writing() as session:
        session.scalars(select(CallPlan)).one().document = {"lines": "of a later release"}
    written = told(server)
    assert (written["PLAN_ROUTE"], written["INTAKE"]) == ("queue", "OPENED")


def test_without_the_database_the_plan_that_was_read_last_holds(
    server: AgiServer, supervising: Context
) -> None:
    night = shift("night", "00:00", "00:00", answered_by="duty", phone="1001")
    live(supervising, lambda plan: plan.model_copy(update={"shifts": (night,)}))
    told(server)
    with supervising.writing() as session:
        session.execute(text("ALTER TABLE call_plan RENAME TO call_plan_away"))
        session.execute(text("ALTER TABLE call RENAME TO call_away"))
    written = told(server)
    assert (written["PLAN_ROUTE"], written["DUTY_PHONE"]) == ("duty", "1001")
    assert "INTAKE" not in written


def test_the_banner_of_a_surge_is_heard_once_it_is_spoken(server: AgiServer, supervising: Context) -> None:
    service.surge_on(supervising, "市北区停水，我们知道了。", "Water is off in Shibei, we know.")
    written = told(server)
    assert written["GREETING"] == "greeting&recording-notice"
    with supervising.reading() as session:
        row = surge(session)
    assert row is not None
    assert speak_banner(supervising.settings, row) == ["zh", "en"]
    assert speak_banner(supervising.settings, row) == []
    [banner] = ready_banner(supervising.settings, row)
    assert told(server)["GREETING"] == f"greeting&{banner}&recording-notice"
    service.surge_off(supervising)
    assert told(server)["GREETING"] == "greeting&recording-notice"


def test_words_that_give_no_sound_are_passed_over(supervising: Context) -> None:
    service.surge_on(supervising, "……")
    with supervising.reading() as session:
        row = surge(session)
    assert row is not None
    assert speak_banner(supervising.settings, row) == []
    assert ready_banner(supervising.settings, row) == ()


class Files:
    """The file of numbers beside an Asterisk that may be away."""

    def __init__(self) -> None:
        self.written: frozenset[str] = frozenset()
        self.reloads = 0
        self.away = False

    def write(self, numbers: frozenset[str]) -> bool:
        changed, self.written = numbers != self.written, numbers
        return changed

    def reload(self) -> None:
        if self.away:
            raise AmiError("away")
        self.reloads += 1


def test_numbers_are_written_when_another_plan_is_live(supervising: Context) -> None:
    files = Files()
    keeper = PlanKeeper(supervising, files.write, files.reload)
    keeper.look()
    assert (files.written, files.reloads) == ({"12345"}, 1)
    live(supervising, lambda plan: plan.model_copy(update={"lines": (own_line(), line())}))
    files.away = True
    keeper.look()
    files.away = False
    keeper.look()
    keeper.look()
    assert (files.written, files.reloads) == ({"12345", "12320"}, 2)

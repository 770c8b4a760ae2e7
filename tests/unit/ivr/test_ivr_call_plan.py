"""What `intake` tells the dialplan by the live plan, and what is kept beside Asterisk."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select, text

from hotline.call_plan import service
from hotline.call_plan.document import Plan
from hotline.call_plan.models import CallPlan
from hotline.call_plan.queries import surge
from hotline.calls.models import Call
from hotline.context import Context
from hotline.queueing.models import Skill
from ivr.agi.intake import Intake
from ivr.agi.server import AgiServer, Limits
from ivr.ami.client import AmiError
from ivr.banner import ready_banner, speak_banner
from ivr.plan_keeper import PlanKeeper
from tests.factories import City
from tests.unit.agi.asterisk_side import AsteriskSide
from tests.unit.call_plan.plans import line, own_line, shift
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
        "LONGEST_WAIT": "300",
        "LINE": "hotline",
        "HEAD_START": "0",
        "OVERFLOW": "60",
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
    assert (written["LINE"], written["HEAD_START"], written["OVERFLOW"]) == ("skill-health", "120", "60")
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
    assert (written["GREETING"], written["SHORT_INTAKE"]) == ("greeting&recording-notice", "yes")
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

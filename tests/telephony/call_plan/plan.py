"""A plan with eight merged lines, and what its tests share."""

from collections.abc import Callable
from datetime import date, time, timedelta

from hotline.call_plan.document import LeaderSlot, OverflowStep, OverflowTo, Plan
from hotline.calls.models import CallState
from hotline.context import Context
from ivr.network import Line, Script
from tests.telephony.ivr_process import call_row
from tests.telephony.switchboard import Switchboard
from tests.unit.call_plan.plans import chain, line, own_line, shift

OWN, HEALTH, NIGHT, LEADER, BUSY, LATE = "12345", "12320", "12319", "12318", "12317", "12316"
SECOND, BACK, DISTRICT = "12315", "12314", "12313"
DUTY_PHONE, BUSY_PHONE, LATE_PHONE, LEADER_SEAT = "05325550001", "05325550002", "05325550003", "1002"
ENGAGED, NEXT_PHONE, BUSY_TOO = "05325550004", "05325550005", "05325550006"
GREETING_HZ, HEALTH_HZ, ENGLISH_HZ, KEYS_HZ = 440, 900, 1900, 2500
GREETING_SECONDS = 0.6
DAY = timedelta(days=1)
HEARD = 0.3


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


def hear_out(answered: Callable[[], object]) -> Script:
    """Wait for whoever is to answer, however long that takes, and listen to them."""

    def script(line: Line) -> None:
        line.answer()
        line.wait_until(answered, 30)
        line.listen(4)

    return script


def ended_call(context: Context, switchboard: Switchboard, number: str):  # type: ignore[no-untyped-def]
    """The call of a citizen, once it is over; None until then."""
    linkedid = next((row.linkedid for row in switchboard.events() if row.number == number), "")
    row = call_row(context, linkedid)
    return row if row and row.state is CallState.ENDED else None

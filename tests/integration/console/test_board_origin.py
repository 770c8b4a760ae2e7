"""On the board: which way a call came, and whose telephone of the call plan rings for it."""

from datetime import time

from hotline.call_plan.default import default_plan
from hotline.call_plan.document import LeaderSlot
from hotline.call_plan.models import CallPlan, PlanState
from hotline.calls import broken, way
from hotline.calls import service as calls
from hotline.directory.service import Duty, add_phone
from tests.factories import CITIZEN, City
from tests.integration.console.conftest import Browser
from tests.integration.console.test_board_supervisors import talking_row

LINKEDID = "1763768000.1"


def _rung(city: City, number: str, phone: str, leader: str = "") -> str:
    """A call for which the plan rings a telephone; returns its linkedid."""
    linkedid = f"1763768050.{number[-4:]}"
    opened = calls.open_call(city.context, linkedid, number, "12345")
    if leader:
        way.planned(city.context, opened.call_id, "", [way.passed(way.WayKind.LEADER, name=leader, scope="")])
    calls.phone_rings(city.context, linkedid, phone)
    return linkedid


def _row(page: str, number: str) -> str:
    masked = f"{number[:3]}****{number[-4:]}"
    return next(row for row in page.split('<li class="row')[1:] if masked in row)


def test_whose_telephone_of_the_plan_rings_or_has_answered_is_named(browser: Browser, city: City) -> None:
    """A leader's as the plan has it, a department's as the directory has it, any other by its number."""
    supervisor = city.context.acting_as(city.supervisor)
    add_phone(supervisor, city.water_id, Duty("0532 5555 0001", "总值班室"))
    today = city.context.now().astimezone(city.context.settings.zone).date()
    slot = LeaderSlot(
        leader="李局长",
        department="water",
        number="12345",
        day=today,
        begins=time(0),
        ends=time(23, 59),
        phone="053255550002",
    )
    plan = default_plan("12345", 300).model_copy(update={"leaders": (slot,)})
    now = city.context.now()
    row = CallPlan(version=1, state=PlanState.LIVE, document=plan.model_dump(mode="json"), author_name="x")
    row.created_at = row.changed_at = row.live_at = now
    with city.context.writing() as session:
        session.add(row)
    duty = _rung(city, "13900001111", "053255550001")
    leader = _rung(city, "13900002222", "053255550002", "李局长")
    other = _rung(city, "13900003333", "053255550003")
    page = browser.sign_in(city.supervisor).get("/board/live")
    assert "听提示语" not in page
    assert "正在振铃 值班电话 水务局 总值班室" in _row(page, "13900001111")
    assert "正在振铃 领导 李局长（水务局）" in _row(page, "13900002222")
    assert "转来" not in _row(page, "13900002222"), "nobody has passed it on yet"
    assert "正在振铃 值班电话 053255550003" in _row(page, "13900003333")
    calls.phone_rang_out(city.context, other)
    for linkedid, phone in ((duty, "053255550001"), (leader, "053255550002")):
        calls.call_answered_elsewhere(city.context, linkedid, f"{linkedid}-2", "PJSIP/trunk-2", phone)
    page = browser.get("/board/live")
    assert "听提示语" in _row(page, "13900003333")
    assert "<strong>值班电话 水务局 总值班室</strong>" in _row(page, "13900001111")
    assert "<strong>领导 李局长（水务局）</strong>" in _row(page, "13900002222")
    browser.post("/language", language="en", next="/")
    page = browser.get("/board/live")
    assert "<strong>Duty telephone water 总值班室</strong>" in page
    assert "<strong>Leader 李局长 (water)</strong>" in page
    broken.waits_again(city.context, leader)
    page = browser.get("/board/live")
    assert "Rings" not in page
    assert "from the slot of 李局长" in _row(page, "13900002222")


def test_a_call_in_talk_shows_the_number_dialled_and_the_way_it_came(browser: Browser, city: City) -> None:
    opened = calls.open_call(city.context, LINKEDID, CITIZEN, "12320")
    calls.call_queued(city.context, LINKEDID)
    way.phone_not_answered(city.context, LINKEDID)
    browser.sign_in(city.supervisor)
    waiting = browser.get("/board/live").partition(f'id="waiting-{opened.call_id}"')[2]
    assert "12320" in waiting
    assert "值班电话没有接" in waiting
    calls.call_answered(city.context, LINKEDID, "1001", "1763768000.2", "PJSIP/agent-1001-00000001")
    talking = talking_row(browser.get("/board/live"), opened.call_id)
    assert "12320" in talking
    assert "值班电话没有接" in talking

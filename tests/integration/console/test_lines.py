"""Use of each line, and leaders on the line, as supervisors and citizens see them."""

from datetime import date, time

import pytest

from hotline.call_plan.default import default_plan
from hotline.call_plan.document import LeaderSlot, Line
from hotline.call_plan.models import CallPlan, PlanState
from hotline.calls.models import CallEnd
from hotline.calls.way import WayKind, passed
from tests.factories import City, FixedClock, local
from tests.integration.console.conftest import Browser
from tests.integration.console.test_staffing import called


def _slot(leader: str, day: str, begins: str, ends: str) -> LeaderSlot:
    times = {"begins": time.fromisoformat(begins), "ends": time.fromisoformat(ends)}
    said = {"number": "12345", "phone": "05325550001", "scope": "供水", "department": "water"}
    return LeaderSlot(leader=leader, day=date.fromisoformat(day), **times, **said)


@pytest.fixture
def plan(city: City) -> None:
    """Two lines beside the main one, and three times of leaders."""
    lines = [
        Line(number=number, name_zh=name, name_en=name, department="water") for number, name in LINES.items()
    ]
    slots = (
        _slot("市长甲", "2020-04-29", "09:00", "10:00"),
        _slot("市长甲", "2020-04-30", "09:00", "10:00"),
        _slot("局长乙", "2020-05-06", "14:00", "16:00"),
    )
    document = default_plan("12345", 300)
    document = document.model_copy(update={"lines": (*document.lines, *lines), "leaders": slots})
    at = local("2020-04-29 12:00")  # after the first slot: it was announced by nobody
    row = CallPlan(
        version=1, state=PlanState.LIVE, document=document.model_dump(mode="json"), author_name="x"
    )
    row.created_at = row.changed_at = row.live_at = at
    with city.context.writing() as session:
        session.add(row)


LINES = {"96100": "供水热线", "96200": "燃气热线"}


def _cells(page: str, number: str) -> list[str]:
    row = page.split(f">{number}</a></th>", 1)[1].split("</tr>", 1)[0]
    return [cell.split("</td>")[0] for cell in row.split('<td class="number">')[1:]]


def test_cold_lines_and_directories_are_told(browser: Browser, city: City, plan: None) -> None:
    for day, said in (
        ("29", {"talk": 60.0, "disposition": "number"}),
        ("30", {"talk": 60.0, "disposition": "number"}),
        ("30", {"talk": 60.0, "disposition": "registered"}),
        ("30", {}),
        ("30", {"end": CallEnd.CALLBACK}),
        ("30", {"message_left_at": local("2020-04-30 10:01")}),
        ("30", {"outgoing": True}),
        ("20", {"talk": 60.0}),  # more than a week ago
    ):
        called(city.context, local(f"2020-04-{day} 10:00"), dialled="96100", **said)
    page = browser.sign_in(city.supervisor).get("/lines/")
    assert _cells(page, "96100") == ["6", "3", "1", "2", "2"]
    assert "一半以上是查号" in page
    assert _cells(page, "96200") == ["0"] * 5
    assert page.count("没有来电") == 2, "the other line, and the main one"
    page = browser.get("/lines/?since=2020-04-29&until=2020-04-30&line=96100")
    assert '4月29日 周三</th><td class="number">1</td>' in page
    for wrong in ("since=2020-04-30&until=2020-04-29", "since=2020-01-01&until=2020-04-29"):
        answer = browser.client.get(f"/lines/?{wrong}")
        assert (answer.status_code, "请选择 1 到 31 天" in answer.text) == (422, True)


def test_leaders_times_are_announced_and_their_calls_counted(
    browser: Browser, city: City, plan: None, clock: FixedClock
) -> None:
    way = [passed(WayKind.LEADER, name="市长甲", scope="供水")]
    at = local("2020-04-30 09:10")
    called(city.context, at, talk=60.0, queued_at=None, way=way)  # the leader took it
    handed_on = {"queued_at": None, "agent_id": city.agent.user_id}
    called(city.context, at, talk=60.0, way=way, **handed_on)  # the leader took it, and keyed *0
    called(city.context, at, talk=60.0, way=way)  # nobody lifted there: an agent did
    called(city.context, at, queued_at=None, way=way)  # hung up while it rang
    heard = [*way, passed(WayKind.HEARD)]
    called(city.context, at, talk=60.0, queued_at=None, way=heard)  # *0, and gone before an agent answered
    called(city.context, at, talk=60.0)  # pressed the key for an agent at once
    page = browser.get("/services/")
    assert "局长乙" in page
    assert "5月6日 周三 14:00–16:00" in page
    assert "市长甲" not in page, "that is over"
    assert "05325550001" not in page, "the telephone is nobody's business"
    page = browser.sign_in(city.supervisor).get("/lines/leaders")
    assert "2020 年已接听 1 人次" in page
    assert "市长甲 1 次，接起 3 通" in page
    held = page.split('id="held"', 1)[1]
    assert '<td class="number">5</td><td class="number"><strong>3</strong></td>' in held
    assert '<strong>3</strong></td><td class="number">3</td>' in held
    assert "水务局" in held
    assert "局长乙" in page.split('id="ahead"', 1)[1].split('id="held"', 1)[0]
    assert "这一年还没有领导接听" in browser.get("/lines/leaders?year=2019")
    browser.post("/language", language="en", next="/")
    assert "市长甲: times 1, calls taken 3" in browser.get("/lines/leaders"), "one is no plural"

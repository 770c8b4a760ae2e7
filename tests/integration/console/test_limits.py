"""The page where a city's own limits are written, tried and put in force."""

import re

import pytest

from hotline.context import Context
from hotline.deadlines import queries
from hotline.deadlines.places import PLACES
from hotline.people.actors import Actor, Role
from tests.factories import City, user
from tests.integration.console.conftest import Browser

HERE = "/deadlines/limits"


@pytest.fixture
def admin(city: City) -> Actor:
    return user(city.context, city.hotline_id, Role.ADMINISTRATOR, username="admin")


def typed(page: str) -> dict[str, list[str]]:
    """What stands in the draft's form: amount and unit of each place."""
    found = {}
    for place in PLACES:
        control = re.search(rf'<input [^>]*name="{place}".*?</select>', page, re.DOTALL)
        assert control is not None, place
        amount = re.search(r'value="(\d*)"', control[0])
        unit = re.search(r'<option value="(\w+)" selected', control[0])
        found[place] = [amount[1] if amount else "", unit[1] if unit else "hour"]
    return found


def beside(page: str, place: str) -> str:
    """What is said beside a field."""
    return page.split(f'id="{place}-error">', 1)[1].split("<", 1)[0]


def test_a_supervisor_copies_edits_and_tries_and_an_administrator_puts_it_in_force(
    browser: Browser, city: City, admin: Actor, context: Context
) -> None:
    browser.sign_in(city.supervisor)
    assert "时限方案" in browser.get("/deadlines/")
    assert "seed-2011" in browser.get(HERE)
    assert browser.post(HERE, based_on="nobody").status_code == 422
    assert browser.post(HERE, based_on="shandong-2020").location == f"{HERE}/draft"
    fields = typed(browser.get(f"{HERE}/draft"))
    assert fields["result_normal"] == ["5", "working_day"]
    fields |= {"result_normal": ["2", "working_day"], "sign_urgent": ["4", "natural_day"]}
    wrong = browser.post(f"{HERE}/draft", revision="0", note="", **fields)
    assert (wrong.status_code, "请写明为什么改" in wrong.text) == (422, True)
    assert typed(wrong.text) == fields, "everything typed is kept"
    assert browser.post(f"{HERE}/draft", revision="0", note="新规定", **fields).status_code == 302
    page = browser.get(f"{HERE}/draft")
    assert "这一环节还没有到期" in beside(page, "sign_urgent")
    assert "要由没有改过这份草稿的" in page
    fields["sign_urgent"] = ["1", "hour"]
    letters = {**fields, "result_flash": ["soon", "hour"]}
    refused = browser.post(f"{HERE}/draft", revision="1", note="新规定", **letters)
    assert (refused.status_code, beside(refused.text, "result_flash")) == (422, "请填写整数")
    browser.post(f"{HERE}/draft", revision="1", note="新规定", **fields)
    trial = browser.get(f"{HERE}/draft?at=2020-05-08T16:50").split('id="trial"')[1].split("</section>")[0]
    assert "周五 16:50" in trial
    rows = re.findall(r"<tr>(.*?)</tr>", trial, re.DOTALL)
    now = next(n for n, row in enumerate(rows) if "一般件" in row)
    assert "05-15 24:00" in rows[now], "seven days"
    assert "05-11 24:00" in rows[now + 1], "two working days, of which Saturday the 9th is one"
    own = '本市自定，第 1 版 <span class="soft small">city-1</span>'
    assert own in browser.get("/deadlines/?profile=city-1&at=2020-05-08T16:50")
    assert browser.post(f"{HERE}/draft/in-force", revision="2").status_code == 403
    browser.post("/sign-out")
    browser.sign_in(admin)
    past = browser.post(f"{HERE}/draft/in-force", revision="2", in_force_from="2020-04-30T10:00")
    assert (past.status_code, "这个时间已经过了" in past.text) == (422, True)
    assert browser.post(f"{HERE}/draft/in-force", revision="2", in_force_from="").status_code == 302
    page = browser.get(HERE)
    assert "新规定" in page
    assert "现行" in page
    assert "一般件" in browser.get(f"{HERE}/1").split("相比", 1)[1]
    with context.reading() as session:
        assert queries.in_force(session, context).name == "city-1"


def test_what_waits_is_called_off_with_a_reason_and_others_only_read(
    browser: Browser, city: City, admin: Actor
) -> None:
    browser.sign_in(city.supervisor)
    browser.post(HERE, based_on="mayor-line")
    fields = typed(browser.get(f"{HERE}/draft"))
    browser.post(f"{HERE}/draft", revision="0", note="市长热线并入", **fields)
    assert browser.post(f"{HERE}/draft", revision="0", note="晚了", **fields).status_code == 409
    browser.post("/sign-out")
    browser.sign_in(admin)
    browser.post(f"{HERE}/draft/in-force", revision="1", in_force_from="2020-06-01T00:00")
    assert "第 1 版从 06-01 00:00 起生效" in browser.get(HERE)
    assert browser.post(f"{HERE}/1/call-off", reason="").status_code == 422
    assert browser.post(f"{HERE}/1/call-off", reason="推迟").status_code == 302
    assert browser.post(f"{HERE}/1/call-off", reason="推迟").status_code == 409
    assert "未生效即取消" in browser.get(HERE)
    assert browser.client.get(f"{HERE}/9").status_code == 404
    browser.post(HERE, based_on="137")
    browser.post("/sign-out")
    browser.sign_in(user(city.context, city.hotline_id, Role.AUDITOR))
    assert "要由没有改过这份草稿的" in browser.get(f"{HERE}/draft")
    assert browser.post(f"{HERE}/draft/discard", revision="0").status_code == 403
    browser.post("/sign-out")
    browser.sign_in(city.agent)
    assert browser.client.get(HERE).status_code == 403
    assert HERE not in browser.get("/deadlines/")

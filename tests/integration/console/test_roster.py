"""The roster's grid: written, refused in its cells, copied; and where desk and board show it."""

from datetime import timedelta
from io import BytesIO

from tests.factories import City, FixedClock, local
from tests.integration.console.conftest import Browser
from tests.integration.console.test_staffing import called

WEEK = "2020-04-27"


def _cell(city: City, day: str) -> str:
    return f"cell-{city.agent.user_id}-{day}"


def _chosen(page: str, name: str) -> str:
    select = page.split(f'name="{name}"', 1)[1].split("</select>", 1)[0]
    before, selected, _after = select.partition(" selected")
    return before.rpartition('value="')[2].rstrip('"') if selected else ""


def _of_seats(page: str) -> str:
    """The page above the row of the calculator."""
    return page.split("按来电测算", 1)[0]


def test_a_week_is_written_and_its_gaps_are_told(browser: Browser, city: City, clock: FixedClock) -> None:
    for step in range(12):
        called(city.context, local("2020-04-23 10:00") + timedelta(minutes=step), talk=100.0)
    page = browser.sign_in(city.supervisor).get(f"/roster/?week={WEEK}")
    assert _of_seats(page).count("缺 4 人</span>") == 7, "the plan's day shift has four seats"
    thursday = {_cell(city, "2020-04-30"): "day", _cell(city, "2020-05-02"): "night"}
    answer = browser.post(f"/roster/{WEEK}", revision=0, **thursday)
    assert answer.status_code == 302
    page = browser.get(answer.location)
    assert _chosen(page, _cell(city, "2020-04-30")) == "day"
    assert [_of_seats(page).count(f"缺 {count} 人</span>") for count in (4, 3)] == [6, 1]
    short = page.split("按来电测算", 1)[1]
    assert short.count("没有来电记录") == 6, "only Thursdays have calls"
    assert "00:00-08:00</span> 最多缺 2 人" in short, "one answers there, and one more while they pause"
    assert "08:00-20:00</span> 最多缺 4 人" in short, "five are needed at ten, one is there"
    over = page.split(f'name="{_cell(city, "2020-04-29")}"', 1)[1]
    assert "disabled" in over.split(">", 1)[0]

    page = browser.get("/board/")
    assert f'id="rostered-{city.agent.user_id}"' in page
    assert "该上班（08:00 起），没有上线" in page
    browser.post("/sign-out")
    assert "04-30 08:00–20:00" in browser.sign_in(city.agent).get("/desk/")


def test_refusals_stand_in_their_cells_and_last_week_is_copied(browser: Browser, city: City) -> None:
    browser.sign_in(city.supervisor)
    wrong = {_cell(city, "2020-05-01"): "night", _cell(city, "2020-05-02"): "day"}
    answer = browser.post(f"/roster/{WEEK}", revision=0, **wrong)
    assert answer.status_code == 422
    assert f'id="{_cell(city, "2020-05-02")}-error">两班之间休息不到 11 小时' in answer.text
    assert _chosen(answer.text, _cell(city, "2020-05-01")) == "night", "what was chosen is kept"
    right = {_cell(city, "2020-05-01"): "night", _cell(city, "2020-05-03"): "day"}
    assert browser.post(f"/roster/{WEEK}", revision=0, **right).status_code == 302
    answer = browser.post(f"/roster/{WEEK}", revision=0, **wrong)
    assert answer.status_code == 409
    assert f"{city.supervisor.name} 刚刚改过这一周" in answer.text
    page = browser.get("/roster/?week=2020-05-06&copy=1")
    assert "还没有保存" in page
    assert _chosen(page, _cell(city, "2020-05-08")) == "night"
    page = browser.get("/roster/?week=2020-05-06")
    assert _chosen(page, _cell(city, "2020-05-08")) == "", "nothing is saved"
    assert browser.client.get("/roster/?week=soon").status_code == 404
    for name in ("cell-x-2020-05-01", _cell(city, "2020-05-08"), "cell-1"):
        assert browser.post(f"/roster/{WEEK}", revision=1, **{name: "day"}).status_code == 400


def test_a_sheet_is_taken_away_changed_and_fills_in_the_page(browser: Browser, city: City) -> None:
    browser.sign_in(city.supervisor)
    answer = browser.client.get(f"/roster/{WEEK}/sheet.csv")
    text = answer.data.decode("utf-8-sig")
    head, row = text.splitlines()[:2]
    assert head.startswith("分机,姓名,2020-04-27,")
    assert row.startswith("1001,")
    changed = f"{head}\r\n{row.removesuffix(',')},夜班\r\n1099,无名,,,,,,白班,\r\n"
    page = _filled_in(browser, changed.encode("gb18030"), 422)
    assert "已照表格填好，还没有保存" in page
    assert _chosen(page, _cell(city, "2020-05-03")) == "night"
    assert "第 3 行：没有分机是“1099”的接线员。" in page
    assert _chosen(browser.get(f"/roster/?week={WEEK}"), _cell(city, "2020-05-03")) == "", "nothing is saved"
    assert "没有“分机”这一列" in _filled_in(browser, b"a,b\r\n", 422)
    assert _filled_in(browser, b"", 422)
    browser.post("/sign-out")
    browser.sign_in(city.agent)
    assert browser.client.get(f"/roster/{WEEK}/sheet.csv").status_code == 403


def _filled_in(browser: Browser, content: bytes, status: int) -> str:
    answer = browser.post(f"/roster/{WEEK}/sheet", sheet=(BytesIO(content), "week.csv"))
    assert answer.status_code == status
    return answer.text

"""The pages of an import: upload, preview, bring in, templates."""

from io import BytesIO

from flask import Flask

from agent_console import labels
from agent_console.imports import words
from hotline.imports.columns import words_of
from hotline.imports.rules import Fault, Wrong
from hotline.imports.sheets import read
from hotline.tickets.models import Ticket
from tests.factories import City
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import _is_sound
from tests.sheets import GOOD, changed, csv_sheet, numbered


def upload(browser: Browser, content: bytes, name: str = "来件.csv"):  # type: ignore[no-untyped-def]
    return browser.post("/imports/", sheet=(BytesIO(content), name))


def test_a_sheet_is_looked_at_and_brought_in(app: Flask, browser: Browser, city: City) -> None:
    browser.sign_in(city.agent)
    where = upload(browser, csv_sheet(numbered(1, 2))).location
    page = browser.get(where)
    _is_sound(page, "zh")
    for shown in ("共 2 行，都可以导入", "省办 2 号", "三楼以上没有水", "全部导入"):
        assert shown in page
    for _press in range(2):
        assert browser.post(f"{where}/done").location == where
    page = browser.get(where)
    with city.context.reading() as session:
        numbers = [ticket.number or "" for ticket in session.query(Ticket)]
    assert len(numbers) == 2
    for number in numbers:
        assert f"/tickets/{number}" in page
        assert f"/intake/receipt/{number}" in page
    assert "从表格导入" in browser.get(f"/tickets/{numbers[0]}")
    assert "这个文件已经导入过" in upload(browser, csv_sheet(numbered(1, 2))).text
    watching = Browser(app).sign_in(city.supervisor)
    assert where in watching.get("/imports/")
    page = watching.get(where)
    assert numbers[0] in page
    assert "/intake/receipt/" not in page
    assert watching.post(f"{where}/done").status_code == 403


def test_faults_are_told_in_words_and_nothing_is_kept(browser: Browser, city: City) -> None:
    browser.sign_in(city.agent)
    rows = [GOOD, changed(来源编号="2", 收到时间="昨天"), changed(来源编号="3", 诉求类型="骂人"), GOOD]
    answer = upload(browser, csv_sheet(rows))
    assert answer.status_code == 422
    for shown in (
        "有 3 行填写不对，另 1 行没有问题",
        "收到时间：不是日期",
        "诉求类型：不是可以填的词：咨询、求助",
        "来源编号：和前面的一行重复：第 2 行。",
    ):
        assert shown in answer.text
    assert "全部导入" not in answer.text
    for content, name, shown in (
        (b"\xff\xff", "a.csv", "文字编码不对"),
        (
            csv_sheet([GOOD], ["渠道", *["手机"] * 8]),
            "a.csv",
            "不认识这些表头，请改成模板里的写法，或删去这些列：手机",
        ),
        (b"x", "a.doc", "a.doc：不是可以上传的文件类型"),
    ):
        answer = upload(browser, content, name)
        assert answer.status_code in (409, 422)
        assert shown in answer.text
    assert browser.post("/imports/").status_code == 422
    assert "还没有导入过" in browser.get("/imports/")


def test_a_sheet_is_put_away_by_its_reader_alone(app: Flask, browser: Browser, city: City) -> None:
    where = upload(browser.sign_in(city.agent), csv_sheet([GOOD])).location
    assert Browser(app).sign_in(city.supervisor).client.get(where).status_code == 404
    assert browser.post(f"{where}/away").location == "/imports/"
    assert browser.client.get(where).status_code == 404


def test_the_templates_have_the_headings_that_are_read(browser: Browser, city: City) -> None:
    browser.sign_in(city.agent)
    csv = browser.client.get("/imports/template.csv").data
    assert csv.startswith(b"\xef\xbb\xbf")
    row = ["上级交办", "1", "2020-04-30", "", "求助", "water.pressure", *["x"] * 4, "没有水", "供水"]
    row[9] = ""
    assert [one.line for one in read("a.csv", csv + ",".join(row).encode())] == [2]
    assert browser.client.get("/imports/template.xlsx").data.startswith(b"PK")
    assert browser.client.get("/imports/template.exe").status_code == 404


def test_the_words_of_a_sheet_are_those_of_the_form(app: Flask) -> None:
    with app.test_request_context():
        for name, shown in (
            ("type", labels.TYPES),
            ("complainant_kind", labels.KINDS),
            ("confidentiality", labels.CONFIDENTIALITIES),
            ("urgency", labels.URGENCIES),
        ):
            assert {value: said[0] for value, said in words_of(name).items()} == {
                str(value): str(said) for value, said in shown.items()
            }
    assert set(words.WRONGS) == set(Wrong)
    assert set(words.FAULTS) == set(Fault)

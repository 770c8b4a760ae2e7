"""Public policy pages, their QR codes, what citizens say of them, and the service directory for everybody."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
import segno

from hotline.citizens.guessing import SEARCHES_PER_ADDRESS, count_search
from hotline.directory.listings import Told, tell
from hotline.directory.service import Duty, add_phone
from hotline.knowledge import service
from hotline.knowledge.models import Complaint
from hotline.knowledge.opinions import PER_ADDRESS
from hotline.knowledge.places import hanging, make_places, retire_place
from hotline.knowledge.publishing import publish_entry
from hotline.knowledge.rules import Content
from hotline.people.actors import Actor, Role
from tests.factories import City, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_citizens import Citizen, _is_sound, citizen  # noqa: F401 - a fixture
from tests.integration.console.test_pages import CHINESE, NOT_OURS
from tests.integration.test_core_call_plan import make_live

DAY = date(2020, 4, 30)
SAID = "请先看楼内阀门。"
PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0"}


@pytest.fixture
def editor(city: City) -> Actor:
    return user(city.context, city.hotline_id, Role.KNOWLEDGE_EDITOR, username="editor")


@pytest.fixture
def content(city: City) -> Content:
    return Content("水压不足怎么办", SAID, city.water_id, DAY, ["没有压力"], legal_basis="供水条例第二条")


@pytest.fixture
def code(city: City, editor: Actor, content: Content) -> str:
    """A public entry's."""
    editing = city.context.acting_as(editor)
    return publish_entry(editing, service.write_entry(editing, content), 1, checked=True)


@pytest.fixture
def hall(city: City, editor: Actor, code: str) -> str:
    """Its QR code at a counter."""
    assert code
    make_places(city.context.acting_as(editor), 1, ["大厅 <3>号窗口"], "市北区")
    with city.context.reading() as session:
        return hanging(session, 1)[0].code


def test_a_citizen_reads_what_holds_and_nothing_internal(
    citizen: Citizen,  # noqa: F811
    city: City,
    editor: Actor,
    code: str,
) -> None:
    tell(city.context.acting_as(city.supervisor), city.water_id, Told("供水", phone="84220005"))
    agent = city.context.acting_as(city.agent)
    service.give_feedback(agent, 1, Complaint.WRONG, "坐席觉得不对")
    page = citizen.client.get(f"/policy/{code}").text
    _is_sound(page)
    for told in (
        SAID,
        "供水条例第二条",
        "2020-04-30 – 长期",
        "水务局",
        "tel:84220005",
        "tel:12345",
        "/write/",
    ):
        assert told in page
    for internal in (editor.name, "坐席觉得不对", "没有压力", "noindex"):
        assert internal not in page
    assert SAID in citizen.client.get("/policy/?words=没有压力").text
    assert "没有找到" in citizen.client.get("/policy/?words=油烟").text
    citizen.post("/progress/look", look="large", next=f"/policy/{code}")
    assert 'class="large"' in citizen.client.get(f"/policy/{code}").text
    citizen.post("/language", language="en", next="/policy/")
    for path in ("/policy/", f"/policy/{code}", "/services/", "/p/NOTHNG"):
        english = re.sub(r'<(\w+)[^>]* lang="zh-CN">.*?</\1>', "", citizen.client.get(path).text, flags=re.S)
        assert not CHINESE.search(NOT_OURS.sub("", english).replace("水压不足怎么办 ·", "")), path


def test_what_is_over_says_so_and_leads_on(
    citizen: Citizen,  # noqa: F811
    browser: Browser,
    city: City,
    editor: Actor,
    code: str,
    content: Content,
) -> None:
    editing = city.context.acting_as(editor)
    newer = service.write_entry(editing, replace(content, title="新的规定"))
    publish_entry(editing, newer, 1, checked=True)
    browser.sign_in(editor)
    for wrong in ("1", "99999", "-1"):
        assert browser.post("/knowledge/1/successor", seen=2, successor=wrong).status_code == 422
    assert browser.post("/knowledge/1/successor", seen=2, successor=newer).status_code == 302
    assert browser.post("/knowledge/1/unpublish", seen=3, reason="").status_code == 422
    assert browser.post("/knowledge/1/unpublish", seen=3, reason="旧了").status_code == 302
    answer = citizen.client.get(f"/policy/{code}")
    assert answer.status_code == 410
    _is_sound(answer.text)
    assert "现在不公开" in answer.text
    assert "新的规定" in answer.text
    assert SAID not in answer.text
    assert "旧了" not in answer.text, "why is for people at work"
    assert citizen.client.get("/policy/NOTHNG").status_code == 404


def test_an_editor_checks_publishes_and_keeps_public(
    browser: Browser, city: City, editor: Actor, content: Content
) -> None:
    entry_id = service.write_entry(city.context.acting_as(editor), content)
    browser.sign_in(editor)
    assert SAID in browser.get(f"/knowledge/{entry_id}/public")
    unchecked = browser.post(f"/knowledge/{entry_id}/publish", seen=1)
    assert (unchecked.status_code, "请核对以后再公开" in unchecked.text) == (422, True)
    assert (
        browser.post(f"/knowledge/{entry_id}/publish", seen=1, checked="y", is_notice="y").status_code == 302
    )
    assert browser.post(f"/knowledge/{entry_id}/publish", seen=1, checked="y").status_code == 409
    assert 'id="notices"' in browser.get("/policy/")
    edited = {
        "title": content.title,
        "owner_id": city.water_id,
        "valid_from": "2020-04-30",
        "category_code": "",
        "review_days": "90",
    }
    assert "继续对市民公开" in browser.get(f"/knowledge/{entry_id}/edit")
    browser.post(f"/knowledge/{entry_id}", seen=2, **edited, answer="先报修。", stays_public="y")
    assert "先报修。" in browser.get("/policy/")
    browser.post(f"/knowledge/{entry_id}", seen=3, **edited, answer="改了。")
    assert "还没有公开的内容" in browser.get("/policy/")
    assert "看到的是这一条现在不公开" in browser.get(f"/knowledge/{entry_id}")
    browser.post("/sign-out")
    browser.sign_in(city.agent)
    for path in ("public", "places", "posters"):
        assert browser.client.get(f"/knowledge/{entry_id}/{path}").status_code == 403


def test_codes_are_drawn_downloaded_and_printed(browser: Browser, editor: Actor, hall: str) -> None:
    browser.sign_in(editor)
    page = browser.get("/knowledge/1/places")
    assert "HOTLINE_PUBLIC_URL" in page, "nobody outside finds this machine"
    assert "大厅 &lt;3&gt;号窗口" in page
    address = f"http://localhost/p/{hall}"
    wanted = segno.make_qr(address, error="q")
    for ending, size in (("png", {"scale": 16}), ("svg", {"scale": 2, "unit": "mm"})):
        kept = BytesIO()
        wanted.save(kept, kind=ending, light="#fff", **size)
        answer = browser.client.get(f"/knowledge/places/1.{ending}")
        assert answer.data == kept.getvalue(), "the code holds the address of its place"
        assert f"policy-{hall}.{ending}" in answer.headers["Content-Disposition"]
    sheet = browser.get("/knowledge/1/posters?place=1")
    for told in (address, "大厅 &lt;3&gt;号窗口", 'class="qr"', "水压不足怎么办"):
        assert told in sheet
    assert "没有在用的二维码" in browser.get("/knowledge/1/posters?place=2")
    assert (
        browser.post("/knowledge/1/places", names="居委会\n\n大厅 <3>号窗口", district="市北区").status_code
        == 302
    )
    assert "新做了 1 个二维码；1 个地点已经有了" in browser.get("/knowledge/1/places")
    assert browser.post("/knowledge/1/places", names="长" * 61).status_code == 422
    assert browser.post("/knowledge/places/1/retire").status_code == 302
    assert browser.post("/knowledge/places/1/retire").status_code == 409


def test_a_scan_is_counted_once_a_day_and_leads_to_the_page(
    browser: Browser,
    city: City,
    editor: Actor,
    code: str,
    hall: str,
) -> None:
    client = browser.client
    for program in ("Mozilla/5.0 (compatible; Baiduspider/2.0)", "Googlebot/2.1", "curl/8.5", ""):
        assert client.get(f"/p/{hall}", headers={"User-Agent": program}).status_code == 302
    client.get(f"/p/{hall}", headers={**PHONE, "Sec-Purpose": "prefetch"})
    client.head(f"/p/{hall}", headers=PHONE)
    for _again in range(2):
        assert client.get(f"/p/{hall}", headers=PHONE).location == f"/policy/{code}"
    cookie = client.get_cookie("scanned", path=f"/p/{hall}")
    assert cookie is not None
    assert cookie.value == "2020-04-30", "the day and nothing else"
    leader = user(city.context, city.hotline_id, Role.LEADER)
    counted = browser.sign_in(leader).get("/knowledge/scans")
    assert re.search(r"市北区 大厅 &lt;3&gt;号窗口</td>.*?<strong>1</strong>", counted, re.S)
    assert "<strong>1</strong>" in browser.get("/knowledge/scans?by=entry")
    retire_place(city.context.acting_as(editor), 1)
    answer = client.get(f"/p/{hall}", headers=PHONE)
    assert (answer.status_code, f"/policy/{code}" in answer.text) == (410, True)
    _is_sound(answer.text)
    assert client.get("/p/NOTHNG").status_code == 404


def test_scans_are_for_editors_and_leaders(browser: Browser, city: City, editor: Actor) -> None:
    assert "还没有二维码" in browser.sign_in(editor).get("/knowledge/scans")
    assert "扫码次数" in browser.get("/knowledge/")
    browser.post("/sign-out")
    assert browser.sign_in(city.agent).client.get("/knowledge/scans").status_code == 403


def test_what_citizens_say_reaches_the_editors(
    citizen: Citizen,  # noqa: F811
    browser: Browser,
    editor: Actor,
    code: str,
) -> None:
    path = f"/policy/{code}/opinion"
    nothing = citizen.post(path, words="没选")
    assert (nothing.status_code, "没选" in nothing.text) == (422, True)
    assert citizen.post(path, helpful="no", words="<b>看不懂</b>").location == f"/policy/{code}"
    assert "谢谢您" in citizen.client.get(f"/policy/{code}").text
    assert citizen.post("/policy/NOTHNG/opinion", helpful="yes").status_code == 404
    browser.sign_in(editor)
    remarks = browser.get("/knowledge/feedback")
    assert "&lt;b&gt;看不懂&lt;/b&gt;" in remarks
    assert "市民说没有用" in remarks
    assert "有用 0，没有用 1" in browser.get("/knowledge/1")
    answers = [citizen.post(path, helpful="yes").status_code for _ in range(PER_ADDRESS - 2)]
    assert answers == [302] * (PER_ADDRESS - 3) + [429]


def test_who_searches_too_often_is_told_so_and_may_read_on(
    citizen: Citizen,  # noqa: F811
    city: City,
    code: str,
) -> None:
    assert citizen.client.get("/policy/?words=水压").status_code == 200
    for _ in range(SEARCHES_PER_ADDRESS - 1):
        count_search(city.context, "127.0.0.1")
    for path in ("/policy/?words=水压", "/services/?words=水压"):
        refused = citizen.client.get(path)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "900")
        assert "查找的次数太多" in refused.text
        assert 'value="水压"' in refused.text
    assert code in citizen.client.get("/policy/").text
    elsewhere = {"REMOTE_ADDR": "192.0.2.9"}
    assert code in citizen.client.get("/policy/?words=水压", environ_base=elsewhere).text


def test_everybody_reads_the_directory_without_duty_telephones(
    citizen: Citizen,  # noqa: F811
    browser: Browser,
    city: City,
) -> None:
    assert "目录还没有填写" in citizen.client.get("/services/").text
    supervisor = city.context.acting_as(city.supervisor)
    add_phone(supervisor, city.water_id, Duty("84110005", "总值班室"))
    browser.sign_in(city.supervisor)
    path = f"/directory/{city.water_id}/public"
    assert path in browser.get("/directory/")
    told = {"does_zh": "供水、<排水>", "phone": "84110005", "hours_zh": "工作日 9:00–17:00"}
    refused = browser.post(path, **told)
    assert (refused.status_code, "内部值班电话" in refused.text, "工作日 9:00–17:00" in refused.text) == (
        422,
        True,
        True,
    )
    assert browser.post(path, **{**told, "phone": "84220005"}).status_code == 302
    page = citizen.client.get("/services/?words=排水").text
    _is_sound(page)
    for shown in ("水务局", "供水、&lt;排水&gt;", "tel:84220005", "工作日 9:00–17:00"):
        assert shown in page
    assert "84110005" not in page
    assert "总值班室" not in page
    make_live(supervisor)
    merged = citizen.client.get("/services/?words=12320").text
    assert ("tel:12320" in merged, "tel:12345" in merged, "水务局" in merged) == (True, False, False)
    assert "没有找到" in citizen.client.get("/services/?words=燃气").text

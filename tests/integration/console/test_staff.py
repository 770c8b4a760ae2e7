"""The administrator's pages: what is typed, what is refused beside its field, what is shown once."""

import html
import json
import re
from io import BytesIO

import pytest
from flask import Flask

from hotline.people.actors import Actor, Role
from hotline.people.models import User
from hotline.people.queries import user_by_name
from hotline.people.service import choose_language
from tests.factories import City, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import CHINESE, NOT_OURS

NEW = {"username": "lihua", "display_name": "李华", "department": "water", "roles": ["handler"]}


@pytest.fixture
def boss(city: City) -> Actor:
    return user(city.context, city.hotline_id, Role.ADMINISTRATOR, username="boss")


def first_password(page: str) -> str:
    found = re.search(r"data-first-password>([a-z0-9-]{14})<", page)
    assert found is not None
    return found[1]


def seen_of(page: str) -> str:
    found = re.search(r'name="seen"[^>]*value="([0-9a-f]{16})"', page)
    assert found is not None
    return found[1]


def test_a_new_user_changes_the_first_password_before_anything_else(
    browser: Browser, app: Flask, boss: Actor
) -> None:
    made = browser.sign_in(boss).post("/people/new", **NEW)
    first = first_password(made.text)
    assert first not in browser.get("/people/?words=lihua")
    new = Browser(app)
    new.post("/sign-in", username="lihua", password=first)
    assert new.client.get("/unit").location == "/account/password"
    differ = new.post("/account/password", old=first, new="my own words", again="my own word")
    assert (differ.status_code, "两次输入的不一样" in differ.text) == (422, True)
    wrong = new.post("/account/password", old="wrong", new="my own words", again="my own words")
    assert (wrong.status_code, "现在的密码不对。" in wrong.text) == (422, True)
    new.post("/account/password", old=first, new="my own words", again="my own words")
    assert new.get("/unit")


def test_a_refused_form_keeps_what_was_typed(browser: Browser, boss: Actor) -> None:
    browser.sign_in(boss)
    refused = browser.post("/people/new", **{**NEW, "roles": ["handler", "unit_reviewer"]})
    assert refused.status_code == 422
    assert "承办人、分管领导：写回复的人不能自己审批。" in refused.text
    for typed in ('value="lihua"', 'value="李华"', '<option selected value="water">'):
        assert typed in refused.text
    assert browser.post("/people/new", **{**NEW, "username": "boss"}).status_code == 422
    assert browser.post("/people/new", **{**NEW, "roles": ["system"]}).status_code == 422


def test_a_department_that_loses_its_lead_is_confirmed(browser: Browser, city: City, boss: Actor) -> None:
    path = f"/people/{city.leader.user_id}"
    seen = seen_of(browser.sign_in(boss).get(path))
    said = {"display_name": "张局", "department": "water", "roles": ["assist_unit"], "seen": seen}
    told = browser.post(path, **said)
    assert told.status_code == 422
    assert "不能再主办" in told.text
    assert 'name="aware"' in told.text
    assert browser.post(path, **said, aware="y").status_code == 302
    assert "不能主办" in browser.get("/people/departments")
    assert "授予岗位" in browser.get(path)
    assert browser.post(path, **said, aware="y").status_code == 409


def test_an_account_is_closed_for_a_reason_and_its_user_is_out(
    browser: Browser, app: Flask, city: City, boss: Actor
) -> None:
    theirs = Browser(app).sign_in(city.agent)
    path = f"/people/{city.agent.user_id}"
    browser.sign_in(boss)
    assert "请写明理由。" in browser.post(f"{path}/deactivation", reason=" ").text
    assert browser.post(f"{path}/deactivation", reason="离职").status_code == 302
    assert theirs.client.get("/desk/").status_code == 302
    assert f">{city.agent.name}<" not in browser.get("/people/")
    assert f">{city.agent.name}<" in browser.get("/people/?gone=1")
    assert first_password(browser.post(f"{path}/reactivation", reason="回来了").text)
    assert first_password(browser.post(f"{path}/password", reason="忘了").text)
    with city.context.reading() as session:
        assert session.get_one(User, city.agent.user_id).must_change_password


def test_departments_are_kept_in_words(browser: Browser, city: City, boss: Actor) -> None:
    browser.sign_in(boss)
    said = {"name_zh": "园林局", "name_en": "Parks", "phone": "2233"}
    assert "代码由小写字母" in browser.post("/people/departments/new", code="园林", **said).text
    assert browser.post("/people/departments/new", code="parks", **said).status_code == 302
    path = f"/people/departments/{city.water_id}"
    assert "没有指定责任人" in browser.get("/people/departments")
    named = {"responsible": "张三（副局长）", "contact": "李四"}
    assert browser.post(path, **said, **named).status_code == 302
    assert "张三（副局长）" in browser.get("/people/departments")
    assert 'value="李四"' in browser.get(path)
    assert "这个单位还有在用的账号" in browser.post(f"{path}/close").text
    assert "热线中心不能停用。" in browser.post(f"/people/departments/{city.hotline_id}/close").text


def sheet(*lines: str) -> tuple[BytesIO, str]:
    return BytesIO("\n".join(("用户名,姓名,单位,岗位", *lines)).encode()), "people.csv"


def test_a_sheet_comes_in_whole_after_a_look(browser: Browser, city: City, boss: Actor) -> None:
    browser.sign_in(boss)
    page = browser.post(
        "/people/import", sheet=sheet("lihua,李华,水务局,承办人", "zhao,赵,hotline,接线员、Screener")
    ).text
    assert "共 2 行" in page
    kept = html.unescape(page.split('name="rows" value="', 1)[1].split('"', 1)[0])
    assert "lihua" not in browser.get("/people/")
    assert len(re.findall("data-first-password>", browser.post("/people/import/done", rows=kept).text)) == 2
    with city.context.reading() as session:
        assert user_by_name(session, "zhao").roles == ["agent", "screener"]  # type: ignore[union-attr]
    again = browser.post("/people/import/done", rows=kept)
    assert (again.status_code, "已经有人用了" in again.text) == (409, True)
    assert browser.post("/people/import/done", rows="[[1]]").status_code == 400


def test_one_wrong_row_and_nobody_comes_in(browser: Browser, city: City, boss: Actor) -> None:
    browser.sign_in(boss)
    lines = (
        "lihua,李华,水务局,承办人",
        "lihua,,nowhere,看门人",
        "boss,王,hotline,接线员",
        "wu,吴,水务局,接线员",
    )
    page = browser.post("/people/import", sheet=sheet(*lines))
    assert page.status_code == 422
    assert "有 3 行填写不对，另 1 行没有问题" in page.text
    for told in (
        "岗位：看门人 不是岗位的名称。",
        "用户名：表里前面已有这个用户名。",
        "单位：没有这个单位，或者已经停用。",
        "用户名：这个用户名已经有人用了。",
        "岗位：接线员：热线的岗位只给热线中心的人。",
    ):
        assert told in page.text
    assert 'name="rows"' not in page.text
    wrong = browser.post("/people/import", sheet=(BytesIO("姓名,工号\n李,1".encode()), "people.csv"))
    assert (wrong.status_code, "工号" in wrong.text) == (422, True)
    good = {"username": "ok", "display_name": "好", "department": "water"}
    rows = [[2, {"username": "lihua"}], [3, good]]
    assert browser.post("/people/import/done", rows=json.dumps(rows)).status_code == 409
    with city.context.reading() as session:
        assert user_by_name(session, "ok") is None


def test_nobody_else_opens_any_of_it(browser: Browser, app: Flask, city: City) -> None:
    browser.sign_in(city.supervisor)
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("staff.")]
    assert len(rules) > 10
    for rule in rules:
        path = re.sub(r"<[^>]+(user_id|unit_id)>", "1", rule.rule).replace("<any(close, open):what>", "close")
        answers = {browser.client.get(path).status_code} if "GET" in (rule.methods or ()) else set()
        answers |= {browser.post(path).status_code} if "POST" in (rule.methods or ()) else set()
        assert answers == {403}, path


def test_the_pages_are_english_too(browser: Browser, city: City, boss: Actor) -> None:
    choose_language(city.context, boss.user_id or 0, "en")
    browser.sign_in(boss)
    one = f"/people/{city.handler.user_id}"
    pages = ("/people/", "/people/new", "/people/import", "/people/departments", "/people/departments/new")
    mine = ("/account/", "/account/password", "/account/sign-ins", "/account/second-factor")
    for path in (*pages, one, *mine):
        page = NOT_OURS.sub("", browser.get(path))
        assert not CHINESE.search(page), (path, CHINESE.findall(page))
        assert "style=" not in page

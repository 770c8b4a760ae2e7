"""The knowledge base's pages, and what the desk is offered of it."""

from dataclasses import replace
from datetime import date

import pytest

from hotline.knowledge import service
from hotline.knowledge.rules import Content
from hotline.people.actors import Actor, Role
from hotline.screening.answering import answer_directly
from hotline.tickets.service import save_draft
from hotline.tickets.states import TicketType
from tests.factories import CITIZEN, City, complete_draft, user
from tests.integration.console.conftest import Browser

NEW = {
    "title": "水压不足怎么办",
    "variants": "水太小\n没有压力",
    "answer": "请先看楼内阀门。",
    "legal_basis": "供水条例",
    "category_code": "water.pressure",
    "valid_from": "2020-04-30",
    "review_days": "90",
}


@pytest.fixture
def editor(city: City) -> Actor:
    return user(city.context, city.hotline_id, Role.KNOWLEDGE_EDITOR, username="editor")


@pytest.fixture
def entry_id(city: City, editor: Actor) -> int:
    content = Content("水压不足怎么办", "请先看楼内阀门。", city.water_id, date(2020, 4, 30), ["没有压力"])
    return service.write_entry(city.context.acting_as(editor), content)


def test_an_editor_writes_what_an_agent_finds_at_the_desk(
    browser: Browser, city: City, editor: Actor
) -> None:
    browser.sign_in(editor)
    assert browser.get("/knowledge/").count("没有这样的条目") == 1
    answer = browser.post("/knowledge/", owner_id=city.water_id, **NEW)
    assert answer.status_code == 302
    assert "请先看楼内阀门。" in browser.get(answer.location)
    browser.post("/sign-out")
    browser.sign_in(city.agent)
    for asked in ("words=没有压力", "category_code=water.pressure", "words=&category_code=water.pressure"):
        part = browser.get(f"/knowledge/desk?{asked}")
        assert 'data-basis="知识库 1 水压不足怎么办"' in part
    assert "没有找到" in browser.get("/knowledge/desk?words=油烟")
    assert "选了诉求分类" in browser.get("/knowledge/desk")
    assert "<mark>阀门</mark>" in browser.get("/knowledge/?words=阀门")


def test_an_entry_begins_with_the_masked_words_of_a_consultation(
    browser: Browser, city: City, editor: Actor
) -> None:
    agent, ticket_id = city.context.acting_as(city.agent), city.drafted()
    told = {"type": TicketType.CONSULTATION, "description": f"王小明先生问怎样办证，电话{CITIZEN}"}
    save_draft(agent, ticket_id, replace(complete_draft(), **told))
    answer_directly(agent, ticket_id, f"已打{CITIZEN}告知：到窗口办理", "条例")
    browser.sign_in(editor)
    for path in ("/knowledge/candidates", f"/knowledge/new?of={ticket_id}"):
        page = browser.get(path)
        assert "某先生问怎样办证" in page
        assert "已打〔电话〕告知：到窗口办理" in page
        assert CITIZEN not in page


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"title": ""}, "请写明内容"),
        ({"answer": "长" * 4001}, "内容太长"),
        ({"valid_until": "2020-04-29"}, "不在可以填写的范围内"),
        ({"review_days": "0"}, "1 到 730 天"),
        ({"owner_id": "999999"}, "有的内容填写不对"),
        ({"valid_from": "2020-13-01"}, "有的内容填写不对"),
    ],
)
def test_what_is_wrong_is_told_beside_the_field_and_stays(
    browser: Browser, city: City, editor: Actor, wrong: dict[str, str], told: str
) -> None:
    browser.sign_in(editor)
    answer = browser.post("/knowledge/", **{"owner_id": city.water_id, **NEW, **wrong})
    assert answer.status_code == 422
    assert told in answer.text
    assert "没有压力" in answer.text, "what was typed stays"


def test_a_page_that_is_old_shows_what_stands_now(
    browser: Browser, city: City, editor: Actor, entry_id: int
) -> None:
    browser.sign_in(editor)
    edited = {"owner_id": city.water_id, **NEW}
    assert (
        browser.post(f"/knowledge/{entry_id}", seen=1, **{**edited, "answer": "先报修。"}).status_code == 302
    )
    stale = browser.post(f"/knowledge/{entry_id}", seen=1, **{**edited, "answer": "我写的。"})
    assert stale.status_code == 409
    assert "先报修。" in stale.text
    assert "我写的。" in stale.text
    assert 'name="seen" type="hidden" value="2"' in stale.text
    assert (
        browser.post(f"/knowledge/{entry_id}", seen=2, **{**edited, "answer": "我写的。"}).status_code == 302
    )


def test_remarks_reach_an_editor_and_come_back(
    browser: Browser, city: City, editor: Actor, entry_id: int
) -> None:
    browser.sign_in(city.agent)
    assert browser.post(f"/knowledge/{entry_id}/feedback", complaint="outdated", words="").status_code == 422
    browser.post(f"/knowledge/{entry_id}/feedback", complaint="outdated", words="电话换了")
    for path in (
        "/knowledge/new",
        "/knowledge/feedback",
        "/knowledge/candidates",
        f"/knowledge/{entry_id}/edit",
    ):
        assert browser.client.get(path).status_code == 403, path
    browser.post("/sign-out")
    browser.sign_in(editor)
    assert "电话换了" in browser.get("/knowledge/feedback")
    assert browser.post("/knowledge/feedback/1", words="已改成新号码").status_code == 302
    assert browser.post("/knowledge/feedback/1", words="已改成新号码").status_code == 409
    assert "已改成新号码" in browser.get(f"/knowledge/{entry_id}")


def test_an_entry_is_confirmed_withdrawn_and_restored(
    browser: Browser, city: City, editor: Actor, entry_id: int
) -> None:
    browser.sign_in(editor)
    assert browser.post(f"/knowledge/{entry_id}/confirm", seen=1).status_code == 302
    assert browser.post(f"/knowledge/{entry_id}/confirm", seen=1).status_code == 409
    assert browser.post(f"/knowledge/{entry_id}/withdraw", seen=2, reason="").status_code == 422
    assert browser.post(f"/knowledge/{entry_id}/withdraw", seen=2, reason="改由别处答复").status_code == 302
    assert "已停用" in browser.get(f"/knowledge/{entry_id}")
    assert "没有找到" in _at_desk(browser, city)
    browser.post("/sign-out")
    browser.sign_in(editor)
    assert browser.post(f"/knowledge/{entry_id}/restore", seen=3).status_code == 302
    assert "没有找到" not in _at_desk(browser, city)
    assert browser.client.get("/knowledge/99999").status_code == 404


def _at_desk(browser: Browser, city: City) -> str:
    browser.post("/sign-out")
    browser.sign_in(city.agent)
    return browser.get("/knowledge/desk?words=阀门")

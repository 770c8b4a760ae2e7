"""Signals and incidents in the console: list, opening, changing, telling callers, closing; who may what."""

import pytest

from hotline.call_plan.queries import surge
from hotline.incidents import service
from hotline.incidents.groups import watch
from hotline.incidents.models import Incident
from hotline.incidents.queries import waiting_signals
from hotline.people.actors import Role
from hotline.tickets.states import Confidentiality
from tests.factories import City, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_citizens import Citizen, citizen  # noqa: F401 - a fixture
from tests.integration.console.test_pages import number_of
from tests.integration.families import put, under
from tests.integration.test_core_incidents import BURST, REASON

FORM = {
    "title": "幸福路水管爆裂",
    "category_code": "water.pressure",
    "district": "城关区",
    "address": "幸福路 8 号",
    "demand": "尽快恢复供水",
    "known": "抢修队已到场",
    "told_zh": "幸福路水管爆裂，正在抢修。",
    "expected_end": "2020-04-30T22:00",
    "reason": "来电集中",
}


def opened(city: City, ticket_id: int | None = None) -> int:
    number = number_of(city, ticket_id or city.signed())
    return service.open_incident(city.context.acting_as(city.dispatcher), number, BURST, REASON)


def incidents(city: City) -> list[Incident]:
    with city.context.reading() as session:
        return list(session.query(Incident).order_by(Incident.id))


def banner(city: City) -> str | None:
    with city.context.reading() as session:
        on = surge(session)
        return on.banner_zh if on else None


def signalled(city: City, citizens: int = 5) -> int:
    watch(city.context)
    for n in range(citizens):
        city.registered(f"139000020{n:02}")
    watch(city.context)
    with city.context.reading() as session:
        return waiting_signals(session, city.context)[0].signal.id


def test_a_signal_becomes_an_incident_and_callers_hear_it(browser: Browser, city: City) -> None:
    signal_id = signalled(city)
    browser.sign_in(city.supervisor)
    page = browser.get("/incidents/")
    for words in ("城关区幸福路", "水压不足", "5 位市民", "没有进行中的突发事件"):
        assert words in page
    page = browser.get(f"/incidents/new?signal={signal_id}")
    assert 'value="幸福路 水压不足"' in page
    number = page.split('name="master_number"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    answer = browser.post("/incidents/", **FORM, master_number=number, signal=str(signal_id), tells="y")
    (made,) = incidents(city)
    assert (answer.status_code, answer.location) == (302, f"/incidents/{made.id}")
    assert banner(city) == "幸福路水管爆裂，正在抢修。"
    page = browser.get(f"/incidents/{made.id}")
    for words in ("抢修队已到场", "正在告知", "来电集中", "04-30 22:00", number, city.supervisor.name):
        assert words in page
    page = browser.get("/incidents/")
    assert "没有群体信号" in page
    assert "已开立突发事件" in page


def test_what_cannot_be_told_is_said_beside_the_incident(browser: Browser, city: City) -> None:
    browser.sign_in(city.supervisor)
    number = number_of(city, city.accepted())
    answer = browser.post("/incidents/", **{**FORM, "told_zh": ""}, master_number=number, tells="y")
    (made,) = incidents(city)
    assert (answer.status_code, banner(city)) == (409, None)
    assert "还没有写告知市民的话" in answer.text
    sent = {**FORM, "told_zh": "正在抢修，\n请储水。", "revision": "1"}
    assert browser.post(f"/incidents/{made.id}/change", **sent).status_code == 302
    assert browser.post(f"/incidents/{made.id}/tell").status_code == 302
    assert banner(city) == "正在抢修， 请储水。"
    assert "与现在的话不同" not in browser.get(f"/incidents/{made.id}")


def test_what_was_typed_stays_beside_the_reason(browser: Browser, city: City) -> None:
    hidden = city.accepted()
    put(city, hidden, confidentiality=Confidentiality.HIDDEN)
    browser.sign_in(city.dispatcher)
    for changed, status, words in (
        ({"title": ""}, 422, "请写明是什么事"),
        ({"told_zh": "长" * 121}, 422, "最多 120 个字"),
        ({"expected_end": "2020-04-30T09:00"}, 409, "预计结束的时间已经过了"),
        ({"master_number": "20200430DH9999999"}, 409, "没有找到这个编号的工单"),
        ({"master_number": number_of(city, hidden)}, 409, "不能作主工单"),
    ):
        sent = {**FORM, "master_number": number_of(city, city.accepted()), **changed}
        answer = browser.post("/incidents/", **sent)
        assert (answer.status_code, words in answer.text) == (status, True), changed
        assert "抢修队已到场" in answer.text
        assert 'class="error"' in answer.text
    assert incidents(city) == []


def test_a_dismissed_signal_keeps_its_reason(browser: Browser, city: City) -> None:
    signal_id = signalled(city)
    browser.sign_in(city.dispatcher)
    answer = browser.post(f"/incidents/signals/{signal_id}/dismiss", dismissed="")
    assert (answer.status_code, "请写明理由" in answer.text) == (422, True)
    assert browser.post(f"/incidents/signals/{signal_id}/dismiss", dismissed="计划停水").status_code == 302
    page = browser.get("/incidents/")
    assert "没有群体信号" in page
    assert "计划停水" in page
    answer = browser.post(f"/incidents/signals/{signal_id}/dismiss", dismissed="再来")
    assert (answer.status_code, "已经有人处理" in answer.text) == (409, True)
    assert browser.client.get(f"/incidents/new?signal={signal_id}").status_code == 404


def test_it_is_changed_told_hushed_and_closed(browser: Browser, city: City) -> None:
    incident_id = opened(city)
    place = f"/incidents/{incident_id}"
    browser.sign_in(city.supervisor)
    changed = {**FORM, "known": "已换好阀门", "revision": "1"}
    assert browser.post(f"{place}/change", **changed).status_code == 302
    answer = browser.post(f"{place}/change", **{**changed, "known": "我写的"})
    assert (answer.status_code, "别人刚改过" in answer.text, "我写的" in answer.text) == (409, True, True)
    assert browser.post(f"{place}/tell").status_code == 302
    assert banner(city) == FORM["told_zh"]
    page = browser.get(place)
    assert "<del>DN300 主管爆裂，抢修队 15:20 到场。</del> → 已换好阀门" in page
    answer = browser.post(f"{place}/hush", quiet="")
    assert (answer.status_code, banner(city)) == (422, FORM["told_zh"])
    assert browser.post(f"{place}/hush", quiet="来电平稳").status_code == 302
    assert banner(city) is None
    browser.post(f"{place}/tell")
    assert browser.post(f"{place}/close", over="").status_code == 422
    assert browser.post(f"{place}/close", over="修好了").status_code == 302
    assert banner(city) is None
    page = browser.get(place)
    assert "已结束" in page
    assert f'action="{place}/change"' not in page
    answer = browser.post(f"{place}/close", over="再关一次")
    assert (answer.status_code, "这个突发事件已经结束" in answer.text) == (409, True)


def test_who_may_what(browser: Browser, city: City) -> None:
    incident_id = opened(city)
    place = f"/incidents/{incident_id}"
    director, leader = (user(city.context, city.hotline_id, role) for role in (Role.DIRECTOR, Role.LEADER))
    for actor in (city.agent, city.screener, city.reviewer, city.callback_agent, city.handler, city.leader):
        browser.sign_in(actor)
        for path in ("/incidents/", "/incidents/new", place):
            assert browser.client.get(path).status_code == 403, (actor, path)
        browser.post("/sign-out")
    for actor in (director, leader):
        browser.sign_in(actor)
        assert "幸福路水管爆裂" in browser.get(place)
        assert f'action="{place}' not in browser.get(place)
        assert browser.client.get("/incidents/new").status_code == 403
        for step in ("change", "tell", "hush", "close"):
            assert browser.post(f"{place}/{step}").status_code == 403
        assert browser.post("/incidents/signals/1/dismiss", dismissed="x").status_code == 403
        browser.post("/sign-out")
    browser.sign_in(city.dispatcher)
    for step in ("tell", "hush"):
        assert browser.post(f"{place}/{step}", quiet="x").status_code == 403
    assert f'action="{place}/tell"' not in browser.get(place)
    assert browser.client.get("/incidents/77").status_code == 404


def test_leaders_are_told_of_large_groups_only(browser: Browser, city: City) -> None:
    signalled(city)
    browser.sign_in(user(city.context, city.hotline_id, Role.LEADER))
    assert "没有群体信号" in browser.get("/incidents/")
    for n in range(25):
        city.registered(f"139000030{n:02}")
    page = browser.get("/incidents/")
    assert "30 位市民" in page
    assert "/tickets/" not in page


def test_a_ticket_names_its_incident_and_offers_one(browser: Browser, city: City) -> None:
    master_id, other = city.signed(), city.accepted("13900000008")
    incident_id = opened(city, master_id)
    child_id = under(city, master_id)
    browser.sign_in(city.dispatcher)
    for ticket_id in (master_id, child_id):
        page = browser.get(f"/tickets/{number_of(city, ticket_id)}")
        assert f'href="/incidents/{incident_id}"' in page
        assert BURST.known in page
    number = number_of(city, other)
    assert f'href="/incidents/new?master={number}"' in browser.get(f"/tickets/{number}")
    page = browser.get(f"/incidents/new?master={number}")
    assert f'value="{number}"' in page
    browser.post("/sign-out")
    browser.sign_in(city.screener)
    page = browser.get(f"/tickets/{number_of(city, master_id)}")
    assert "幸福路水管爆裂" in page
    assert f'href="/incidents/{incident_id}"' not in page


def test_citizens_read_what_is_told(citizen: Citizen, city: City) -> None:  # noqa: F811
    master_id = city.signed()
    child_id = under(city, master_id, "13900000002")
    incident_id = opened(city, master_id)
    for ticket_id in (master_id, child_id):
        page = citizen.open(ticket_id)
        assert BURST.told_zh in page
        assert BURST.known not in page
    service.close(city.context.acting_as(city.supervisor), incident_id, "修好了")
    assert BURST.told_zh not in citizen.open(child_id)


@pytest.mark.parametrize("number", ["-1", "x", str(10**30)])
def test_odd_signals_and_revisions_break_nothing(number: str, browser: Browser, city: City) -> None:
    incident_id = opened(city)
    browser.sign_in(city.supervisor)
    master = number_of(city, city.accepted("13900000007"))
    answer = browser.post("/incidents/", **FORM, master_number=master, signal=number)
    assert answer.status_code == 302
    answer = browser.post(f"/incidents/{incident_id}/change", **FORM, revision=number)
    assert (answer.status_code, "别人刚改过" in answer.text) == (409, True)

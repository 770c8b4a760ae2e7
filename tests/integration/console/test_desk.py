"""The desk's parts: seat, draft, registration; and how refusals are said."""

import re

import pytest
from flask import Flask

from hotline.call_plan import service as plan_service
from hotline.call_plan.document import Line
from hotline.calls import seats, way
from hotline.calls import service as calls
from hotline.calls.broken import NO_SOUND, call_broken
from hotline.calls.messages import message_left
from hotline.calls.models import Call, SeatState
from hotline.calls.queries import seat_of
from hotline.calls.reachability import UNREACHABLE
from hotline.dispatch.catalogue import restore_class, retire_class
from hotline.people.actors import Role
from hotline.queueing.models import Skill
from hotline.queueing.service import joined_line, place
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, State, TicketType
from tests.factories import City, FakeTelephone, local, user
from tests.integration.console.conftest import Browser

FILLED = {
    "type": "complaint",
    "category_code": "water.pressure",
    "description": "三楼以上早晚没有水。",
    "demands": "恢复正常水压\n\n告知恢复时间",
    "occurred_at": "2020-04-29T18:30",
    "complainant_kind": "person",
    "confidentiality": "hidden",
    "urgency": "normal",
    "complainant_phone": "13800001234",
}


@pytest.fixture
def agent(browser: Browser, city: City) -> Browser:
    return browser.sign_in(city.agent)


def test_the_seat_follows_the_agents_wishes(agent: Browser, city: City, telephone: FakeTelephone) -> None:
    assert "就绪" in agent.post("/desk/seat/ready").text
    assert _state(city) is SeatState.READY
    assert "暂停 · 用餐" in agent.post("/desk/seat/pause", reason="meal").text
    assert _state(city) is SeatState.PAUSED
    agent.post("/desk/seat/off")
    assert _state(city) is SeatState.OFFLINE
    assert telephone.asked == [("make_ready", "1001"), ("pause", "1001", "meal"), ("sign_off", "1001")]


def test_a_pause_for_no_listed_reason_is_refused(agent: Browser, telephone: FakeTelephone) -> None:
    answer = agent.post("/desk/seat/pause", reason="<script>")
    assert (answer.status_code, "请选择暂停的理由。" in answer.text) == (422, True)
    assert telephone.asked == []


def test_a_seat_without_a_telephone_is_not_made_ready(
    agent: Browser, city: City, telephone: FakeTelephone
) -> None:
    telephone.unplugged.add("1001")
    answer = agent.post("/desk/seat/ready")
    assert (answer.status_code, "您的电话没有连上热线" in answer.text) == (409, True)
    assert _state(city) is None


def test_a_seat_without_sound_says_why_and_what_to_do_at_the_desk_and_on_the_board(
    agent: Browser, app: Flask, city: City
) -> None:
    seats.seat_changed(city.context, "1001", SeatState.PAUSED, NO_SOUND)
    assert "暂停 · 没有收到坐席的声音" in agent.get("/desk/seat")
    desk = agent.get("/desk/")
    for words in ("没有收到这台电脑的声音", "网络或防火墙", "测试电话", "系统管理员"):
        assert words in desk
    assert "没有收到这台电脑的声音" in agent.get("/desk/sound")
    board = Browser(app).sign_in(city.supervisor).get("/board/live")
    assert "暂停 · 没有收到坐席的声音" in board
    assert "请接线员打测试电话，不通请系统管理员查" in board


def test_a_seat_paused_for_its_telephone_can_be_paused_for_another_reason(agent: Browser, city: City) -> None:
    seats.seat_changed(city.context, "1001", SeatState.PAUSED, UNREACHABLE)
    assert "暂停 · 电话没有连上" in agent.get("/desk/seat")
    assert "电话断线，来电响不到您" in agent.get("/desk/draft")
    assert "暂停 · 用餐" in agent.post("/desk/seat/pause", reason="meal").text


@pytest.mark.parametrize("panel", ["consult", "transfer", "add", "emergency", "keys"])
def test_a_panel_without_a_call_says_so(agent: Browser, panel: str) -> None:
    assert "现在没有通话。" in agent.get(f"/desk/panel/{panel}")


@pytest.mark.parametrize("path", ["ready", "pause", "off"])
def test_a_telephone_that_is_away_changes_nothing(
    path: str, agent: Browser, city: City, telephone: FakeTelephone
) -> None:
    telephone.away = True
    answer = agent.post(f"/desk/seat/{path}", reason="meal")
    assert answer.status_code == 409
    assert "电话系统暂时没有应答" in answer.text
    assert _state(city) is None


def test_what_is_written_is_kept(agent: Browser, city: City) -> None:
    ticket_id = city.drafted()
    answer = agent.post(f"/desk/draft/{ticket_id}", **FILLED)
    assert "自动保存 16:00:00" in answer.text
    with city.context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        assert ticket.type is TicketType.COMPLAINT
        assert ticket.confidentiality is Confidentiality.HIDDEN
        assert ticket.occurred_at == local("2020-04-29 18:30")
        assert [q.text for q in ticket.questions] == ["恢复正常水压", "告知恢复时间"]
    page = agent.get(f"/desk/?draft={ticket_id}")
    assert "三楼以上早晚没有水。" in page
    assert 'value="2020-04-29T18:30"' in page


def test_a_telephone_in_wide_digits_is_kept_in_plain_ones(agent: Browser, city: City) -> None:
    ticket_id = city.drafted()
    agent.post(f"/desk/draft/{ticket_id}", **FILLED | {"complainant_phone": "１３８００００１２３４\u3000"})
    with city.context.reading() as session:
        assert session.get_one(Ticket, ticket_id).complainant_phone == "13800001234"


def test_a_bad_field_keeps_the_good_ones(agent: Browser, city: City) -> None:
    ticket_id = city.drafted()
    changed = FILLED | {"occurred_at": "yesterday", "address": "路" * 201, "type": "nonsense"}
    assert agent.post(f"/desk/draft/{ticket_id}", **changed).status_code == 200
    with city.context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        assert ticket.description == FILLED["description"]
        assert (ticket.type, ticket.occurred_at, ticket.address) == (None, None, "")
    answer = agent.post(f"/desk/draft/{ticket_id}/register", **changed)
    assert (answer.status_code, "有的内容填写不对" in answer.text) == (422, True)


def test_what_is_missing_is_said_beside_the_field(agent: Browser, city: City) -> None:
    ticket_id = city.drafted()
    answer = agent.post(f"/desk/draft/{ticket_id}/register", description="没有水")
    assert answer.status_code == 422
    assert "还缺：诉求类型、诉求分类、具体诉求。" in answer.text
    assert 'id="demands-error"' in answer.text
    assert 'id="description-error"' not in answer.text
    assert "没有水" in answer.text


def test_registration_gives_number_and_code_once(agent: Browser, city: City) -> None:
    ticket_id = city.drafted()
    answer = agent.post(f"/desk/draft/{ticket_id}/register", **FILLED)
    with city.context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        assert ticket.state is State.REGISTERED
        assert str(ticket.number) in answer.text
        assert str(ticket.query_code) in answer.text
    again = agent.post(f"/desk/draft/{ticket_id}/register", **FILLED)
    assert again.status_code == 409
    assert "不能做这一步" in again.text
    late = agent.post(f"/desk/draft/{ticket_id}", **FILLED)
    assert (late.status_code, "不能做这一步" in late.text) == (409, True)


def test_an_unknown_draft_is_not_found(agent: Browser) -> None:
    assert agent.post("/desk/draft/999/register", **FILLED).status_code == 404


def test_the_answered_calls_draft_is_offered_once(agent: Browser, city: City) -> None:
    assert "现在不接电话" in agent.get("/desk/draft")
    opened = calls.open_call(city.context, "call-x", "13900009999", "12345")
    calls.call_ringing(city.context, "call-x", "1001")
    assert "139****9999" in agent.get("/desk/call")
    assert "draft-form" not in agent.get("/desk/draft")
    calls.call_answered(city.context, "call-x", "1001", "leg", "PJSIP/agent-1001")
    assert f"/desk/draft/{opened.ticket_id}" in agent.get("/desk/draft")
    shown = agent.client.get(f"/desk/draft?shown={opened.ticket_id}")
    assert (shown.status_code, shown.text) == (204, "")
    calls.call_ended(city.context, "call-x")
    assert "整理完毕" in agent.get("/desk/seat")
    agent.post("/desk/seat/wrapped-up")
    assert _state(city) is SeatState.READY


def test_who_is_told_of_the_number_depends_on_who_is_on_the_line(agent: Browser, city: City) -> None:
    """A citizen who has left a message is not on the line: the agent reads how they learn of their ticket."""

    def registered(linkedid: str, number: str | None, *, live: bool = False, reached: bool = False) -> str:
        opened = calls.open_call(city.context, linkedid, number, "12345")
        if live or reached:
            calls.call_answered(city.context, linkedid, "1001", f"{linkedid}-2", "PJSIP/agent-1001")
        if not live:
            message_left(city.context, linkedid)
            calls.call_ended(city.context, linkedid)
        filled = FILLED | {"complainant_phone": number or "", "address": "香港路 1 号", "district": "市南区"}
        answer = agent.post(f"/desk/draft/{opened.ticket_id}/register", **filled)
        assert answer.status_code == 200
        return answer.text

    assert "<dt>请告诉市民</dt>" in registered("live", "13900000001", live=True)
    message = registered("message", "13900000002")
    assert "请告诉市民" not in message
    assert "还欠一个回电：接通时把编号和查询码告诉市民" in message
    assert "没有人在线上，也没有市民的号码" in registered("hidden", None)
    assert "市民再来电时告诉编号和查询码" in registered("written up", "13900000003", reached=True)


def test_the_draft_goes_with_the_call_to_the_agent_who_has_it(agent: Browser, app: Flask, city: City) -> None:
    opened = calls.open_call(city.context, "call-x", "13900009999", "12345")
    calls.call_answered(city.context, "call-x", "1001", "leg-x", "PJSIP/agent-1001")
    place = f"/desk/draft/{opened.ticket_id}"
    assert agent.post(place, description="三楼以上没有水").status_code == 200
    colleague = user(city.context, city.hotline_id, Role.AGENT, extension="1002")
    calls.leg_ended(city.context, "leg-x")
    calls.call_answered(city.context, "call-x", "1002", "leg-y", "PJSIP/agent-1002")
    given = agent.get(f"/desk/draft?shown={opened.ticket_id}")
    assert "通话已交给" in given
    bar = agent.get("/desk/call")
    assert "通话已交给" in bar
    assert "通话已结束" not in bar
    assert "draft-form" not in given
    for written in (place, f"{place}/accept", f"{place}/register", f"{place}/answer"):
        late = agent.post(written, **FILLED | {"description": "我最后写的"})
        assert (late.status_code, "由同事接着写" in late.text) == (409, True)
    assert "三楼以上没有水" in Browser(app).sign_in(colleague).get("/desk/draft")


def test_the_draft_stays_with_its_agent_when_a_supervisor_takes_the_call_over(
    agent: Browser, city: City
) -> None:
    opened = calls.open_call(city.context, "call-x", "13900009999", "12345")
    calls.call_answered(city.context, "call-x", "1001", "leg-x", "PJSIP/agent-1001")
    user(city.context, city.hotline_id, Role.SUPERVISOR, extension="2001")
    calls.leg_ended(city.context, "leg-x")
    calls.call_answered(city.context, "call-x", "2001", "leg-y", "PJSIP/agent-2001")
    assert f"/desk/draft/{opened.ticket_id}" in agent.get("/desk/draft")
    assert "您已退出通话，请写完草稿" in agent.get("/desk/call")
    calls.call_ended(city.context, "call-x")
    assert "通话已结束，请写完草稿" in agent.get("/desk/call")


def test_an_unfinished_draft_is_listed_once_the_next_call_is_there(agent: Browser, city: City) -> None:
    first = calls.open_call(city.context, "call-x", "13900009999", "12345")
    calls.call_answered(city.context, "call-x", "1001", "leg-x", "PJSIP/agent-1001")
    assert f"/desk/?draft={first.ticket_id}" not in agent.get("/desk/call")
    calls.call_ended(city.context, "call-x")
    calls.open_call(city.context, "call-y", "13900008888", "12345")
    calls.call_answered(city.context, "call-y", "1001", "leg-y", "PJSIP/agent-1001")
    assert f"/desk/?draft={first.ticket_id}" in agent.get("/desk/call")


def test_a_draft_is_listed_once_however_often_its_agent_had_the_caller(agent: Browser, city: City) -> None:
    first = calls.open_call(city.context, "call-x", "13900009999", "12345")
    calls.call_answered(city.context, "call-x", "1001", "leg-x", "PJSIP/agent-1001")
    calls.call_ended(city.context, "call-x")
    with city.context.writing() as session:  # the callback belongs to the same contact
        session.add(
            Call(
                linkedid="callback-1",
                contact_id=first.contact_id,
                dialled="12345",
                started_at=city.context.now(),
                agent_id=city.agent.user_id,
                outgoing=True,
            )
        )
        seat = seat_of(session, city.agent.user_id or 0)
        assert seat is not None
        seat.call = None
    assert agent.get("/desk/call").count(f"/desk/?draft={first.ticket_id}") == 1


def test_of_a_caller_without_a_ticket_only_that_is_said(agent: Browser, city: City) -> None:
    """They may have called before: calls without a registered ticket are no earlier tickets."""
    for linkedid in ("call-x", "call-y"):
        calls.open_call(city.context, linkedid, "13900009999", "12345")
    calls.call_ringing(city.context, "call-y", "1001")
    page = agent.get("/desk/call")
    assert "这个号码以前没有登记过工单。" in page
    assert "没有来过电话" not in page


def test_earlier_tickets_of_the_caller_stand_beside(agent: Browser, city: City) -> None:
    city.registered("13900009999")
    calls.open_call(city.context, "call-x", "13900009999", "12345")
    calls.call_ringing(city.context, "call-x", "1001")
    assert "1 件历史，1 件在办" in agent.get("/desk/call")


@pytest.mark.parametrize(("goes_on", "told"), [(True, "其他人还在通话"), (False, "来电人正在听音乐")])
def test_an_agent_whose_line_broke_is_told_what_the_caller_hears_meanwhile(
    agent: Browser, city: City, goes_on: bool, told: str
) -> None:
    calls.open_call(city.context, "call-b", "13900009999", "12345")
    calls.call_answered(city.context, "call-b", "1001", "leg-b", "PJSIP/agent-1001-00000001")
    call_broken(city.context, "call-b", "1001", goes_on=goes_on)
    assert f"{told}，正在接您回去" in agent.get("/desk/call")


def _state(city: City) -> SeatState | None:
    assert city.agent.user_id is not None
    with city.context.reading() as session:
        seat = seat_of(session, city.agent.user_id)
        return seat.state if seat else None


def test_the_desk_says_which_number_was_dialled_in_which_language_and_where_the_call_was_before(
    agent: Browser, city: City
) -> None:
    supervisor = city.context.acting_as(city.supervisor)
    with city.context.writing() as session:
        session.add(Skill(code="yue", name_zh="粤语坐席", name_en="Cantonese"))
    merged = {"number": "12320", "name_zh": "卫生热线", "name_en": "Health line"}
    revision = plan_service.change_draft(
        supervisor,
        plan_service.begin_draft(supervisor),
        lambda plan: plan.model_copy(update={"lines": (*plan.lines, Line.model_validate(merged))}),
    )
    plan_service.make_live(supervisor, revision, "并入 12320")
    opened = calls.open_call(city.context, "call-w", "13900009999", "12320")
    leader = way.passed(way.WayKind.LEADER, name="李局长", scope="供水")
    refused = way.passed(way.WayKind.REFUSED, reason="premium")
    way.planned(city.context, opened.call_id, "cantonese", [leader, refused])
    place(city.context, opened.call_id, "yue")
    way.phone_not_answered(city.context, "call-w")
    joined_line(city.context, "call-w", "hotline")
    calls.call_queued(city.context, "call-w")
    told = (
        "12320 卫生热线",
        "粤语",
        "李局长接听时段（供水）转来",
        "值班电话没有拨：高额收费号码",
        "值班电话没有接",
        "先等过“粤语坐席”坐席",
    )
    board = agent.get("/board/live")
    calls.call_ringing(city.context, "call-w", "1001")
    ringing = agent.get("/desk/call")
    calls.call_answered(city.context, "call-w", "1001", "leg-w", "PJSIP/desk-1001-1")
    talking = agent.get("/desk/call")
    for page in (board, ringing, talking):
        assert [words for words in told if words not in page] == []


def folded(page: str) -> set[str]:
    """Names of the fields behind 更多."""
    [more] = re.findall(r'<details class="more">.*?</details>', page, re.DOTALL)
    return set(re.findall(r'name="(\w+)"', more))


def test_in_a_surge_the_draft_is_short_and_offers_what_the_call_is_about(agent: Browser, city: City) -> None:
    supervisor = city.context.acting_as(city.supervisor)
    matter = plan_service.Matter("water.pressure", "市北区", "台东一路")
    ticket_id = city.drafted()
    assert "更多</summary>" not in agent.get(f"/desk/?draft={ticket_id}")
    plan_service.surge_on(supervisor, "市北区停水，我们知道了。", matter=matter)
    page = agent.get(f"/desk/?draft={ticket_id}")
    others = {"street", "occurred_at", "complainant_name", "complainant_kind", "respondent"}
    assert folded(page) == others | {"urgency", "confidentiality"}
    assert "市北区、台东一路" in page
    editing = city.context.acting_as(user(city.context, city.hotline_id, Role.ADMINISTRATOR))
    retire_class(editing, "water.pressure", "并入供水")
    assert "水压不足、市北区" in page
    assert "水压不足" not in agent.get(f"/desk/?draft={ticket_id}"), "a retired category is not offered"
    restore_class(editing, "water.pressure")
    typed = {"description": "家里没水", "demands": "几点来水", "type": "consultation", "address": "我家楼下"}
    page = agent.post(f"/desk/draft/{ticket_id}/accept", **typed).text
    with city.context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        assert (ticket.category_code, ticket.district) == ("water.pressure", "市北区")
        assert (ticket.address, ticket.description) == ("我家楼下", "家里没水")
    assert "家里没水" in page
    assert "填进空着的项" not in page
    filled = typed | {"category_code": "water.pressure", "district": "市北区"}
    done = agent.post(f"/desk/draft/{ticket_id}/register", **filled).text
    assert "已登记" in done
    assert "http://localhost/progress/" in done
    plan_service.surge_off(supervisor)
    assert "更多</summary>" not in agent.get(f"/desk/?draft={city.drafted()}")


def test_a_fault_behind_the_fold_opens_it(agent: Browser, city: City) -> None:
    plan_service.surge_on(city.context.acting_as(city.supervisor))
    ticket_id = city.drafted()
    answer = agent.post(f"/desk/draft/{ticket_id}/register", **FILLED | {"occurred_at": "yesterday"})
    assert answer.status_code == 422
    assert '<details class="more" open>' in answer.text


def test_other_places_open_beside_the_desk_where_the_telephone_lives(browser: Browser, city: City) -> None:
    browser.sign_in(city.agent)
    desk = browser.get("/desk/")
    assert re.search(r'<a href="/board/" target="minsheng"', desk)
    assert re.search(r'<a href="/desk/" aria-current="page">', desk)
    assert 'target="minsheng"' not in browser.get("/board/")


def test_an_idle_desk_says_how_many_callbacks_are_owed(agent: Browser, city: City) -> None:
    owed = r'id="desk-owed".*?<span class="value">(\d+)<'
    assert re.findall(owed, agent.get("/desk/")) == ["0"]
    calls.open_call(city.context, "call-o", "13900009999", "12345")
    calls.call_queued(city.context, "call-o")
    calls.call_ended(city.context, "call-o")
    assert re.findall(owed, agent.get("/desk/")) == ["1"]

"""Matters unlike the others, each brought to its end through the pages by those whose work it is.

What every ticket goes through is proven by `test_story`, and set up by services here.
"""

from datetime import datetime, timedelta
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

from hotline.dispatch.queries import lead_assignment
from hotline.dispatch.service import dispatch, sign
from hotline.follow_up.rules import Finding
from hotline.follow_up.service import find, record_by_hand
from hotline.incidents.groups import watch as watch_groups
from hotline.incidents.models import Incident
from hotline.merging.service import merge
from hotline.people.actors import Role
from hotline.replies.models import ContactWay
from hotline.replies.service import record_contact, write_reply
from hotline.review.service import accept_reply
from hotline.supervision.watching import watch as watch_ladder
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from tests.e2e.conftest import Enter
from tests.e2e.moves import Window, choose, due_on_page, fill, finds, finds_nothing, number_of, taken, unfold
from tests.e2e.pages import Person
from tests.factories import CITIZEN, CITY, City, department, user
from tests.integration.console.test_incidents import opened

NAME = "王小明"

# An incident is told of, and the draft is kept at the moment at which the page takes up what came of it.
_KEPT_WHILE_INCIDENTS_COME = """
() => {
  let looks = 0;
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!event.detail?.pathInfo.requestPath.endsWith("/incidents")) return;  // none: not by htmx itself
    document.body.dataset.looks = ++looks;
    if (looks === 1) {
      document.getElementById("saved").dispatchEvent(new CustomEvent("htmx:afterSettle", { bubbles: true }));
    }
  });
  document.body.dispatchEvent(new CustomEvent("live:incidents"));
}
"""


@pytest.fixture
def window(console: str, enter: Enter) -> Window:
    return Window(enter(console, ""))


def test_a_matter_that_was_returned_is_dealt_with_jointly_and_takes_longer(
    window: Window, city: City
) -> None:
    police = user(city.context, city.police_id, Role.HANDLER)
    police_leader = user(city.context, city.police_id, Role.UNIT_REVIEWER)
    ticket_id = city.accepted()
    number, handling = number_of(city, ticket_id), city.context.acting_as(city.handler)
    dispatch(city.context.acting_as(city.dispatcher), ticket_id, city.police_id)
    _returns(window.of(police_leader), number)
    _agrees_and_dispatches_anew(window.of(city.dispatcher), number)
    sign(handling, ticket_id)
    record_contact(handling, ticket_id, ContactWay.PHONE, reached=True)

    before = _asks_for_time(window.of(city.leader), number)
    promised = _gives_time(window.of(city.dispatcher), number)
    assert promised != before
    write_reply(handling, ticket_id, city.reply_form(ticket_id))
    leader = window.of(city.leader)
    expect(due_on_page(leader, number)).to_have_text(promised)
    expect(leader.page.locator("[data-assist]")).to_contain_text("公安局 协办，待完成")
    leader.press("同意，提交热线")
    leader.sees("协办单位还没有办完")
    _does_its_part(window.of(police), number)
    leader = window.of(city.leader)
    leader.open(f"/tickets/{number}")
    expect(leader.page.locator("[data-assist]")).to_contain_text("协办已完成")
    leader.press("同意，提交热线")
    leader.sees("回复已提交热线审核。")


def test_who_complains_of_a_person_is_known_to_nobody_who_handles_it(window: Window, city: City) -> None:
    ticket_id = city.drafted()
    agent = window.of(city.agent)
    agent.open(f"/desk/?draft={ticket_id}")
    agent.page.get_by_label("投诉").check()
    agent.page.select_option("#category_code", "water.pressure")
    agent.page.select_option("#confidentiality", label="对承办单位保密")
    fill(agent, 事情经过=f"我叫{NAME}，抄表员上门态度恶劣，多收水费。", 具体诉求="退回多收的水费")
    fill(agent, 被反映对象="第三供水所抄表员", 姓名=NAME)
    agent.page.keyboard.press("Control+Enter")
    agent.sees("已登记，工单编号")
    for words in (NAME, CITIZEN):
        expect(finds(agent, words)).to_have_count(1)
    taken(city, ticket_id)

    handler = window.of(city.handler)
    for path in ("/unit?open=", "/tickets/"):
        handler.open(f"{path}{number_of(city, ticket_id)}")
        for words in ("对承办单位保密", "第三供水所抄表员", "138****1234"):
            handler.sees(words)
        page = handler.page.content()
        assert [words for words in (NAME, CITIZEN) if words in page] == []
    for words in (NAME, CITIZEN):
        finds_nothing(handler, words)
    expect(finds(handler, "多收水费")).to_have_count(1)


def test_a_lead_is_read_by_discipline_inspection_alone(window: Window, city: City) -> None:
    number = number_of(city, city.registered())
    inspectors = department(city.context, "discipline", "纪委监委")
    inspector = user(city.context, inspectors, Role.DISCIPLINE)
    auditor = user(city.context, city.hotline_id, Role.AUDITOR)
    screener = window.of(city.screener)
    expect(finds(screener, "早晚没有水")).to_have_count(1)
    screener.open(f"/screening?open={number}")
    unfold(screener, "纪检线索：密封移交")
    screener.press("密封并移交纪检监察")
    screener.sees("已密封移交纪检监察，内容不再显示。")
    screener.sees("没有等初筛的工单")
    finds_nothing(screener, "早晚没有水")
    screener.open(f"/tickets/{number}")
    screener.sees("这里不向您开放")
    screener.complaints.clear()  # the browser says that the page was refused

    reader = window.of(inspector)
    reader.open("/")
    reader.sees("打开才显示内容，每次打开都有记录")
    reader.page.locator("[data-row] a").click()
    reader.sees("三楼以上早晚没有水。")
    fill(reader, 回执号="纪〔2026〕7 号")
    reader.press("接收，热线办结")
    reader.sees("已记录回执。")
    expect(reader.page.locator("[data-row]", has_text="已办结")).to_have_count(1)

    watcher = window.of(auditor)
    watcher.open("/sealed/envelopes")
    expect(watcher.page.locator("tr", has_text=inspector.name).first).to_contain_text(number)
    finds_nothing(watcher, "早晚没有水")


def test_what_eleven_citizens_tell_is_handled_once_and_answered_to_each(window: Window, city: City) -> None:
    watch_groups(city.context)  # from here on
    tickets = [city.registered(f"139000020{citizen:02}") for citizen in range(10)]
    watch_groups(city.context)
    supervisor = window.of(city.supervisor)
    supervisor.open("/incidents/")
    supervisor.sees("城关区幸福路")
    supervisor.sees("10 位市民")
    supervisor.page.locator("#signals").get_by_role("link", name="开立突发事件").click()
    fill(supervisor, 来电人一般的诉求="尽快恢复供水", 目前了解的情况="加压泵故障，抢修队已到场。")
    supervisor.page.fill("#told_zh", "幸福路加压泵故障，正在抢修。")
    supervisor.press("开立突发事件")
    supervisor.sees("已开立突发事件，坐席登记时会看到。")

    tickets.append(city.drafted("13900002099"))
    agent = window.of(city.agent)
    agent.open(f"/desk/?draft={tickets[-1]}")
    fill(agent, 事情经过="这一片都没有水。", 详细地址="幸福路 20 号")
    agent.sees("加压泵故障，抢修队已到场。")
    agent.press("属于这件事：登记并入")
    agent.sees("已并单：随主工单办理，市民保留自己的编号和回访。")

    master_id = _under_one(city, tickets)
    taken(city, master_id)
    city.reply(master_id)
    accept_reply(city.context.acting_as(city.reviewer), master_id)
    citizen = window.of(None)
    citizen.page.set_viewport_size({"width": 390, "height": 844})
    for ticket_id in tickets:
        _looks_up(city, citizen, ticket_id)
        expect(citizen.page.locator("#reply")).to_contain_text("水压已恢复，加压泵已更换。")
        citizen.sees("幸福路加压泵故障，正在抢修。")


def test_a_draft_kept_just_while_the_incidents_come_is_looked_at_again(window: Window, city: City) -> None:
    opened(city)
    agent = window.of(city.agent)
    agent.open(f"/desk/?draft={city.drafted('13900002099')}")
    agent.sees("其他进行中的突发事件")
    agent.page.evaluate(_KEPT_WHILE_INCIDENTS_COME)
    expect(agent.page.locator("body")).to_have_attribute("data-looks", "2")


def test_a_citizen_who_is_told_twice_that_it_is_solved_brings_a_special_notice(
    window: Window, city: City
) -> None:
    ticket_id, _follow_up = city.owed()
    number, half = number_of(city, ticket_id), _limit(city, ticket_id) / 2
    offices = department(city.context, "offices", "政府办公室")
    _says_no(window.of(city.callback_agent), number)
    _sends_back(window.of(city.supervisor), number, half)
    watch_ladder(city.context)
    office = window.of(user(city.context, offices, Role.GOVERNMENT_OFFICE))
    _opens_case(office, "回访不满意，转重办")
    choose(office, "督办审批", "签发督办通知单")
    office.press("确定")
    office.sees("督办通知单已签发。")

    _answered_and_no_again(city, ticket_id)
    _sends_back(window.of(city.supervisor), number, half)
    inspector = window.of(user(city.context, offices, Role.INSPECTION_OFFICE))
    _opens_case(inspector, "督办通知单（L2）")
    inspector.page.get_by_label("督办级别").select_option(label="专项督办（L3）")
    inspector.page.get_by_label("督办类型").select_option(label="政务督查")
    fill(inspector, 督办要求="两次回访市民都说没有解决，请分管领导到现场办理。")
    inspector.press("下达督办")
    inspector.sees("督办已下达。")
    unfold(inspector, "督办")
    inspector.sees("专项督办（L3）")
    _takes_notice(inspector)

    leader = window.of(city.leader)
    leader.open("/supervision/unit")
    leader.sees("专项督办（L3）")


def _returns(leader: Person, number: str) -> None:
    """The police is not the right department, says its leader, and by what."""
    leader.open(f"/unit?open={number}")
    unfold(leader, "退单")
    choose(leader, "退单理由", "不是本单位职责")
    choose(leader, "依据", "权责清单")
    leader.page.get_by_label("应承办的单位").select_option(label="水务局")
    fill(leader, 依据的条款="权责清单第 12 项", 说明="供水管网由水务局管理。")
    leader.press("申请退单")
    leader.sees("退单申请已提交，等热线裁定。")


def _agrees_and_dispatches_anew(dispatcher: Person, number: str) -> None:
    """To the department that the return has named, with the police beside it."""
    dispatcher.open(f"/returns?open={number}")
    dispatcher.sees("权责清单第 12 项")
    choose(dispatcher, "裁定", "同意退单，重新派单")
    fill(dispatcher, 理由="依据成立")
    dispatcher.press("确定")
    dispatcher.sees("已同意退单，请重新派单。")
    dispatcher.open(f"/dispatch?open={number}")
    dispatcher.sees("退单单位认为应由它承办，退单已同意")
    expect(dispatcher.page.get_by_label("主办单位").locator("option:checked")).to_have_text("水务局")
    unfold(dispatcher, "加协办单位")
    dispatcher.page.get_by_label("公安局").check()
    dispatcher.page.get_by_role("button", name="派单", exact=True).click()
    dispatcher.sees("已派单，等主办单位签收。")


def _asks_for_time(leader: Person, number: str) -> str:
    """Returns the due time as it stands until then."""
    before = due_on_page(leader, number).inner_text()
    unfold(leader, "延期")
    choose(leader, "延期原因", "需其他单位配合")
    fill(leader, 延长天数="5", 办理计划="封路换管，五天内完成。")
    leader.press("申请延期")
    leader.sees("延期申请已提交，等热线审批。")
    return before


def _gives_time(dispatcher: Person, number: str) -> str:
    """Returns the new due time as the dispatcher read it before deciding."""
    dispatcher.open(f"/extensions?open={number}")
    promised = dispatcher.page.locator("dt:text-is('延期后') + dd").inner_text()
    choose(dispatcher, "审批", "批准延期")
    dispatcher.press("确定")
    dispatcher.sees("已批准延期，期限已改。")
    return promised


def _does_its_part(police: Person, number: str) -> None:
    police.open(f"/unit?open={number}")
    fill(police, 协办情况="已封路两天，并疏导交通。")
    police.press("完成协办")
    police.sees("已记录本单位的协办情况。")
    police.sees("没有要办的工单")


def _under_one(city: City, tickets: list[int]) -> int:
    """The screener puts the ten under the incident's master; returns its id."""
    with city.context.reading() as session:
        master = session.query(Incident).one().master
        registered = session.query(Ticket).filter(Ticket.state == State.REGISTERED, Ticket.id != master.id)
        rest, number = [ticket.id for ticket in registered], master.number or ""
    assert {*rest, master.id} == {*tickets[:-1]}
    for ticket_id in rest:
        merge(city.context.acting_as(city.screener), ticket_id, number)
    return master.id


def _looks_up(city: City, citizen: Person, ticket_id: int) -> None:
    """By number and code."""
    with city.context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        number, code = ticket.number or "", ticket.query_code or ""
    citizen.open("/progress/")
    fill(citizen, 工单编号=number, 查询码=code)
    citizen.press("查询")
    citizen.sees(number)


def _limit(city: City, ticket_id: int) -> timedelta:
    """What the department had at first."""
    with city.context.reading() as session:
        assignment = lead_assignment(session, ticket_id)
        assert assignment is not None
        return assignment.due_at - assignment.dispatched_at


def _says_no(caller: Person, number: str) -> None:
    """The citizen says that it is not solved; the department has not done what it should have."""
    caller.open(f"/follow-ups?open={number}")
    unfold(caller, "人工回访，手工记录")
    choose(caller, "问题解决了吗", "没有解决")
    choose(caller, "满意吗", "不满意")
    caller.press("记录回访结果")
    caller.sees("请再打开这件，查明原因。")
    caller.page.locator("[data-row] a").click()
    caller.page.get_by_label("办理不到位").check()
    fill(caller, 说明="只换了一台泵，六楼还没有水。")
    caller.press("确定")
    caller.sees("已记录原因。")


def _answered_and_no_again(city: City, ticket_id: int) -> None:
    city.reply(ticket_id)
    follow_up_id = accept_reply(city.context.acting_as(city.reviewer), ticket_id)
    calling = city.context.acting_as(city.callback_agent)
    record_by_hand(calling, follow_up_id, solved=False, satisfaction=5)
    find(calling, follow_up_id, Finding.SUBJECTIVE, "六楼还没有水")


def _sends_back(supervisor: Person, number: str, half: timedelta) -> None:
    """To the department, with half of its first limit, to the end of the day."""
    supervisor.open(f"/rework?open={number}")
    fill(supervisor, 重办要求="请把六楼的水也恢复。")
    supervisor.press("退回承办单位重办")
    supervisor.sees("已退回承办单位重办。")
    last_day = datetime.now(CITY) + half
    expect(due_on_page(supervisor, number)).to_contain_text(f"{last_day:%m-%d} 24:00")


def _opens_case(person: Person, words: str) -> None:
    """From the list of what is supervised to the ticket, and to what may be done there."""
    person.open("/")
    person.page.locator("[data-row]", has_text=words).get_by_role("link").click()
    unfold(person, "督办")


def _takes_notice(person: Person) -> None:
    """The numbered letter, as a file of Word."""
    person.page.locator("#supervision").get_by_role("link", name="0002号").click()
    expect(person.page.get_by_role("heading", name="专项督办通知单")).to_be_visible()
    with person.page.expect_download() as taken_out:
        person.page.get_by_role("link", name="下载 Word").click()
    with ZipFile(taken_out.value.path()) as word:
        letter = word.read("word/document.xml").decode()
    assert "0002号" in letter
    assert "请分管领导到现场办理" in letter

"""Lists that renew themselves take nothing from whoever writes in them."""

from playwright.sync_api import expect
from sqlalchemy import select

from hotline.calls import service as calls
from hotline.calls.messages import message_left
from hotline.dispatch.models import CatalogueRule
from hotline.people.actors import Role
from hotline.tickets.models import Ticket
from hotline.transcripts.models import Speaker
from tests.e2e.conftest import Enter
from tests.factories import City, user
from tests.spoken import transcribed

REASON = "市民已到窗口办理"


def test_a_reason_that_is_being_written_stays_while_the_list_grows_and_is_taken_back(
    city: City, console: str, enter: Enter
) -> None:
    _abandons(city, 1)
    agent = enter(console, city.agent.name)
    agent.open("/callbacks/")
    first = agent.page.locator("#callbacks tbody tr").first
    no_need = first.locator("details", has_text="不用回电").last
    no_need.locator("summary").click()
    field = no_need.get_by_label("原因")
    field.fill(REASON)
    _abandons(city, 2)
    expect(agent.page.locator("#callbacks tbody tr")).to_have_count(2)
    expect(field).to_be_focused()
    expect(field).to_have_value(REASON)
    no_need.get_by_role("button", name="记录").click()
    agent.sees("已记录，不再回电")
    expect(agent.page.locator("#callbacks tbody tr")).to_have_count(1)
    agent.page.wait_for_load_state()  # keys are heard from then on
    agent.page.keyboard.press("u")
    agent.sees("已撤销，和刚才一样。")
    expect(agent.page.locator("#callbacks tbody tr")).to_have_count(2)
    expect(agent.page.get_by_role("button", name="撤销刚才的操作")).to_have_count(0)


def test_a_form_that_comes_back_refused_has_the_focus_in_its_first_wrong_field(
    city: City, console: str, enter: Enter
) -> None:
    draft = city.drafted()
    agent = enter(console, city.agent.name)
    agent.open(f"/desk/?draft={draft}")
    agent.page.locator("[name=description]").fill("三楼以上早晚没有水。")
    agent.page.keyboard.press("Control+Enter")
    agent.sees("还缺：")
    expect(agent.page.locator("#draft .wrong").first.locator("input, select").first).to_be_focused()


def test_the_words_of_a_message_come_beside_the_draft_that_is_being_written(
    city: City, console: str, enter: Enter
) -> None:
    _abandons(city, 1)
    message_left(city.context, "1763768000.1")
    agent = enter(console, city.agent.name)
    agent.open("/callbacks/")
    agent.page.get_by_role("link", name="打开草稿登记").click()
    agent.sees("正在转写成文字，完成后自动显示。")
    agent.page.fill("#address", REASON)
    with city.context.reading() as session:
        draft = session.scalars(select(Ticket.id)).one()
    transcribed(city.context, draft, ["楼下的路灯坏了"], Speaker.MESSAGE)
    expect(agent.page.locator(f"#message-{draft}")).to_contain_text("楼下的路灯坏了")
    expect(agent.page.locator("#address")).to_have_value(REASON)


def _abandons(city: City, number: int) -> None:
    linkedid = f"1763768000.{number}"
    calls.open_call(city.context, linkedid, f"1390000000{number}", "12345")
    calls.call_queued(city.context, linkedid)
    calls.call_ended(city.context, linkedid)


def test_two_people_at_one_list_see_what_the_other_does(city: City, console: str, enter: Enter) -> None:
    colleague = user(city.context, city.hotline_id, Role.DISPATCHER)
    first, second = enter(console, city.dispatcher.name), enter(console, colleague.name)
    second.open("/dispatch")
    for_several = second.page.get_by_role("button", name="按建议派单…")
    expect(for_several).to_have_count(0)  # there is nothing to choose
    ticket_id = city.accepted()
    expect(for_several).to_be_visible()
    with city.context.writing() as session:
        session.add(CatalogueRule(category_code="water.pressure", district="", lead_id=city.water_id))
        number = session.get_one(Ticket, ticket_id).number
    first.open(f"/dispatch?open={number}")
    second.sees(f"{city.dispatcher.name} 打开着")
    first.page.get_by_label("派单意见").fill(REASON)
    second.page.keyboard.press("j")
    second.page.keyboard.press("x")
    second.sees("已选 1 件")
    second.press("按建议派单…")
    second.press("按建议派单 1 件")
    second.sees("已派单 1 件")
    first.sees("您打开以后，这件工单有了变动。")
    expect(first.page.get_by_label("派单意见")).to_have_value(REASON)
    first.page.get_by_role("button", name="派单", exact=True).click()
    expect(first.page.locator("#typed textarea")).to_have_value(REASON)

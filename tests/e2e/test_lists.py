"""Lists that renew themselves take nothing from whoever writes in them."""

from playwright.sync_api import expect

from hotline.calls import service as calls
from tests.e2e.conftest import Enter
from tests.factories import City

REASON = "市民已到窗口办理"


def test_a_reason_that_is_being_written_stays_while_the_list_grows(
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


def _abandons(city: City, number: int) -> None:
    linkedid = f"1763768000.{number}"
    calls.open_call(city.context, linkedid, f"1390000000{number}", "12345")
    calls.call_queued(city.context, linkedid)
    calls.call_ended(city.context, linkedid)

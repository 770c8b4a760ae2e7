"""The browser phone by itself: line, microphone, levels, test call; and what the hotline makes of it."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Locator, Playwright, expect
from sqlalchemy import select

from hotline.calls.models import Seat, SeatState
from hotline.calls.reachability import UNREACHABLE
from hotline.cli.demo import city
from hotline.monitoring.floor import sign_off_seat
from hotline.people.models import User
from ivr.control import AmiCallControl
from ivr.network import hang_up_early, listen
from ivr.pbx import seats_of
from tests.e2e.conftest import WHOLE, Enter, launched
from tests.e2e.hotline import Hotline, goes_home
from tests.e2e.pages import Person
from tests.waiting import until

AGENT, EXTENSION = "wangli", "1001"
LOST = "⚠ 电话断线"
SOON_MS = 20_000
"""Long before a registration has to be renewed (line.ts), also on a busy machine."""

# The browser itself cannot be made to refuse a microphone while it plays one from a file.
_REFUSE = """
const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
window.refused = true;
navigator.mediaDevices.getUserMedia = (wanted) => window.refused
  ? Promise.reject(new DOMException("no", "NotAllowedError")) : real(wanted);
"""
_ALLOW = "window.refused = false; navigator.mediaDevices.dispatchEvent(new Event('devicechange'))"


@pytest.fixture(scope="module")
def chromium(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """With windows and all: the smaller one fails the test call once a device was chosen."""
    yield from launched(playwright, WHOLE, tmp_path_factory.mktemp("microphone"), "--headless=new")


@pytest.fixture
def agent(hotline: Hotline, enter: Enter) -> Person:
    person = enter(hotline.address, AGENT, password=city.PASSWORD)
    person.open("/desk/")
    person.phone_is("registered")
    return person


def seat(hotline: Hotline) -> tuple[SeatState, str]:
    with hotline.context.reading() as session:
        found = session.scalars(select(Seat).where(Seat.extension == EXTENSION)).one()
        return found.state, found.reason


def seat_is(hotline: Hotline, state: SeatState, reason: str = "") -> None:
    until(lambda: seat(hotline) == (state, reason), 15, f"the seat to be {state} {reason}")


def level(agent: Person, place: str) -> float:
    return float(agent.page.locator(f"{place} meter[data-level=out]").evaluate("meter => meter.value"))


def test_who_cannot_be_reached_is_offered_no_call_until_the_page_is_back(
    hotline: Hotline, agent: Person
) -> None:
    agent.press("就绪")
    seat_is(hotline, SeatState.READY)
    agent.page.goto("about:blank")
    seat_is(hotline, SeatState.PAUSED, UNREACHABLE)
    assert "paused:unreachable" in hotline.pbx.control("queue show hotline")
    agent.open("/desk/")
    agent.phone_is("registered")
    seat_is(hotline, SeatState.READY)
    agent.sees("等待来电")
    goes_home(hotline, agent, EXTENSION)


def test_a_desk_phone_takes_the_calls_while_the_page_is_away(hotline: Hotline, agent: Person) -> None:
    agent.press("就绪")
    seat_is(hotline, SeatState.READY)
    [account] = seats_of([EXTENSION], hotline.settings.secrets.sip)
    desk_phone = hotline.network.agent_phone(EXTENSION, account.password, listen())
    assert rung_at(hotline) == f"PJSIP/{account.browser}"
    agent.page.goto("about:blank")
    until(lambda: rung_at(hotline) == f"PJSIP/{account.desk}", 15, "the desk phone in the queue")
    seat_is(hotline, SeatState.READY)
    hotline.network.unplug(desk_phone)
    seat_is(hotline, SeatState.PAUSED, UNREACHABLE)
    agent.open("/desk/")
    until(lambda: rung_at(hotline) == f"PJSIP/{account.browser}", 15, "the browser phone in the queue")
    seat_is(hotline, SeatState.READY)
    goes_home(hotline, agent, EXTENSION)


def rung_at(hotline: Hotline) -> str:
    """Which telephone of the seat the queue would ring, by name; empty for none."""
    found = re.search(r"PJSIP/\w+-\d+", hotline.pbx.control("queue show hotline"))
    return found[0] if found else ""


@contextmanager
def never_answered(port: int) -> Iterator[None]:
    """The page's next connection is taken, as by an exchange that is only starting, and left so."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        listener.settimeout(60)
        taken, _ = listener.accept()
    with taken:
        yield


def test_a_page_that_a_supervisor_logs_out_says_so_at_once(hotline: Hotline, agent: Person) -> None:
    """Not when its registration would have to be renewed: until then the light would be green."""
    page = agent.page
    agent.press("就绪")
    seat_is(hotline, SeatState.READY)
    with hotline.context.reading() as session:
        boss = session.scalars(select(User).where(User.username == "zhengqiang")).one().actor()
    with page.expect_response(lambda answer: answer.status == 403, timeout=SOON_MS):
        sign_off_seat(hotline.context.acting_as(boss), AmiCallControl(hotline.settings), EXTENSION, "late")
    agent.sees("督办员已让您下线，不再有来电。")
    agent.complaints.clear()  # of the account that is refused


def test_the_line_comes_back_after_asterisk_was_away(hotline: Hotline, agent: Person) -> None:
    """Though the page's first try meets one that takes the connection and says nothing."""
    agent.press("就绪")
    seat_is(hotline, SeatState.READY)
    title = agent.page.title()
    hotline.pbx.stop()
    expect(agent.page).to_have_title(f"{LOST} · {title}")
    agent.phone_is("lost")
    agent.sees("电话没有连上，正在自动重连")
    with never_answered(hotline.settings.websocket_port):
        hotline.pbx.start()
        agent.phone_is("registered")
    expect(agent.page).to_have_title(title)
    seat_is(hotline, SeatState.READY)
    goes_home(hotline, agent, EXTENSION)


def test_the_next_call_rings_after_asterisk_died_in_the_middle_of_one(
    hotline: Hotline, agent: Person
) -> None:
    """The page cannot know at once that its call is lost; who calls next must not be refused for it."""
    agent.press("就绪")
    seat_is(hotline, SeatState.READY)
    hotline.network.citizen_calls("13800001001", listen(60))
    agent.phone_is("ringing")
    agent.press("接听")
    agent.phone_is("talking")
    seat_is(hotline, SeatState.TALKING)
    hotline.pbx.kill()
    hotline.pbx.start()
    seat_is(hotline, SeatState.WRAP_UP)
    agent.press("整理完毕")
    hotline.network.citizen_calls("13800001002", listen(60))
    agent.phone_is("ringing")
    seat_is(hotline, SeatState.RINGING)
    agent.press("接听")
    agent.phone_is("talking")
    agent.press("挂断")
    seat_is(hotline, SeatState.WRAP_UP)
    goes_home(hotline, agent, EXTENSION)


def test_a_forbidden_microphone_says_what_to_do_and_takes_no_calls(hotline: Hotline, enter: Enter) -> None:
    agent = enter(hotline.address, AGENT, password=city.PASSWORD)
    agent.page.add_init_script(_REFUSE)
    agent.open("/desk/")
    agent.phone_is("denied")
    agent.sees("浏览器禁止了麦克风")
    expect(agent.page.get_by_role("button", name="就绪")).to_be_disabled()
    agent.page.evaluate(_ALLOW)
    agent.phone_is("registered")
    expect(agent.page.get_by_role("button", name="就绪")).to_be_enabled()


def test_one_page_of_a_browser_has_the_telephone(hotline: Hotline, agent: Person) -> None:
    first = agent.page
    agent.page = first.context.new_page()
    agent.open("/desk/")
    agent.phone_is("elsewhere")
    agent.sees("电话开在这个浏览器的另一个页面里")
    first.close()
    agent.phone_is("registered")


def test_the_page_that_was_opened_last_has_the_telephone(
    hotline: Hotline, agent: Person, enter: Enter
) -> None:
    """At a change of desks the page at the old one stays open; calls ring where the agent is."""
    new = enter(hotline.address, AGENT, password=city.PASSWORD)
    new.open("/desk/")
    new.phone_is("registered")
    there = hotline.pbx.control("pjsip show contacts")
    agent.page.evaluate("window.dispatchEvent(new Event('online'))")  # asks now, not within the minute
    agent.phone_is("taken")
    agent.sees("电话已转到您在别处打开的页面")
    assert _contact(hotline.pbx.control("pjsip show contacts")) == _contact(there)
    new.phone_is("registered")
    agent.page.reload()
    agent.phone_is("registered")
    new.page.evaluate("window.dispatchEvent(new Event('online'))")
    new.phone_is("taken")


def _contact(shown: str) -> str:
    found = re.search(rf"agent-{EXTENSION}/(\S+)", shown)
    assert found is not None, shown
    return found[1]


def test_devices_are_remembered_levels_move_and_a_test_call_is_heard(agent: Person) -> None:
    page = agent.page
    page.get_by_role("button", name="电话设置和测试").click()
    settings = page.locator("#phone-settings")
    until(lambda: level(agent, "#phone-settings") > 0.1, 5, "the level to move")
    for use in ("microphone", "ring"):
        _choose_second(settings.locator(f"[data-device={use}]"))
    settings.get_by_role("button", name="打一个测试电话").click()
    agent.sees("请对着麦克风说几句话")
    expect(settings.locator("[data-verdict=heard]")).to_be_visible()
    settings.get_by_role("button", name="关闭").click()
    agent.phone_is("registered")

    page.reload()
    page.get_by_role("button", name="电话设置和测试").click()
    for use in ("microphone", "ring"):
        expect(settings.locator(f"[data-device={use}]")).to_have_value(re.compile(".+"))


def test_the_level_moves_in_a_dialog_that_was_opened_while_a_call_rang(
    hotline: Hotline, agent: Person
) -> None:
    agent.press("就绪")
    seat_is(hotline, SeatState.READY)
    hotline.network.citizen_calls("13900007788", hang_up_early(15))
    agent.phone_is("ringing")
    agent.page.get_by_role("button", name="电话设置和测试").click()
    until(lambda: level(agent, "#phone-settings") > 0.1, 5, "the level to move while it rings")
    agent.page.locator("#phone-settings").get_by_role("button", name="关闭").click()
    agent.press("不接")
    goes_home(hotline, agent, EXTENSION)


def _choose_second(devices: Locator) -> None:
    expect(devices.locator("option")).not_to_have_count(1)
    devices.select_option(index=1)

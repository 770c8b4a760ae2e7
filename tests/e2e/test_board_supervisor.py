"""A supervisor at the live board, in Chromium: the page is their telephone, and nothing moves under it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from agent_console.app import create_app
from hotline.calls import service as calls
from hotline.clock import SystemClock
from hotline.config import Settings
from hotline.context import Context
from hotline.database import Database
from hotline.people.actors import Actor, Role
from hotline.people.models import User
from ivr import service
from ivr.control import AmiCallControl
from ivr.network import TelephoneNetwork, talk_as_agent
from ivr.network.calls import NetworkCall
from ivr.network.scripts import complain
from ivr.pbx import Pbx, prepare, seats_of
from tests.e2e.conftest import Enter, served
from tests.factories import CITIZEN, City, department, user
from tests.telephony.conftest import private_settings
from tests.telephony.signing_on import sign_on_when_there
from tests.telephony.sounds import CITIZEN_HZ, shorten_greeting, write_tone
from tests.waiting import until

SPEECH_SECONDS = 150.0


def test_a_row_stays_under_the_pointer_until_it_leaves(city: City, console: str, enter: Enter) -> None:
    for number in (1, 2):
        _wait(city, number)
    boss = enter(console, city.supervisor.name)
    boss.open("/board/")
    expect(boss.page.locator("#surge[aria-label]")).to_be_attached()
    first = boss.page.locator("#list-waiting .row").first
    first.hover()
    before = first.bounding_box()
    calls.call_ended(city.context, _linkedid(1))
    _wait(city, 3)
    expect(boss.page.locator("#figure-waiting .value")).to_have_text("2")
    expect(first).to_have_attribute("data-gone", "")
    expect(boss.page.locator("#list-waiting .row")).to_have_count(3)
    assert first.bounding_box() == before
    boss.page.locator("#figure-waiting").hover()
    expect(boss.page.locator("#list-waiting .row")).to_have_count(2)
    expect(boss.page.locator("#list-waiting [data-gone]")).to_have_count(0)


def test_the_focus_stays_on_a_button_while_the_board_changes(city: City, console: str, enter: Enter) -> None:
    _wait(city, 1)
    boss = enter(console, city.supervisor.name)
    boss.open("/board/")
    button = boss.page.locator("#list-waiting [data-dialog]").first
    button.focus()
    _wait(city, 2)
    expect(boss.page.locator("#list-waiting .row")).to_have_count(2)
    expect(button).to_be_focused()
    boss.page.keyboard.press("Enter")
    boss.sees("调整排队")
    boss.page.fill("#reason", "老人")
    boss.page.keyboard.press("Enter")
    expect(boss.page.locator("#board-dialog")).not_to_be_visible()


def test_a_refusal_stands_while_the_board_changes(city: City, console: str, enter: Enter) -> None:
    _wait(city, 1)
    calls.call_answered(city.context, _linkedid(1), "1001", "leg", "PJSIP/agent-1001-00000001")
    user(city.context, city.hotline_id, Role.SUPERVISOR, username="boss", extension="2001")
    boss = enter(console, "boss")
    boss.open("/board/")
    boss.page.locator("#list-talking [data-mode=listen]").click()
    boss.sees("您的电话没有登录：请接上话机")
    with boss.page.expect_response("**/board/bar"):
        _wait(city, 2)
    expect(boss.page.locator("#figure-waiting .value")).to_have_text("1")
    boss.sees("您的电话没有登录：请接上话机")


def _linkedid(number: int) -> str:
    return f"176376800{number}.{number}"


def _wait(city: City, number: int) -> None:
    calls.open_call(city.context, _linkedid(number), f"1390000000{number}", "12345")
    calls.leg_started(city.context, _linkedid(number), _linkedid(number), f"PJSIP/trunk-0000000{number}")
    calls.call_queued(city.context, _linkedid(number))


@pytest.fixture
def settings(tmp_path: Path, sqlite_database: Database) -> Settings:
    shorten_greeting(tmp_path)
    return private_settings(tmp_path, database_url=sqlite_database.url)


@pytest.fixture
def floor(settings: Settings, tmp_path: Path) -> Iterator[tuple[Context, TelephoneNetwork, str]]:
    """A hotline with its console: a citizen talks with an agent."""
    context = Context(Database(settings.database_url), SystemClock(), settings)
    seats = tuple(seats_of(["1001", "2001"], settings.secrets.sip))
    stop = threading.Event()
    ivr = threading.Thread(target=service.run, args=(context, stop), name="ivr")
    with Pbx(prepare(settings, seats)), TelephoneNetwork(settings) as network:
        ivr.start()
        with served(create_app(context, AmiCallControl(settings)), settings.web_port) as address:
            yield context, network, address
        stop.set()
        ivr.join()
    context.database.dispose()


def test_a_supervisor_listens_from_the_board(
    floor: tuple[Context, TelephoneNetwork, str], enter: Enter, tmp_path: Path, pictures: Path
) -> None:
    context, network, address = floor
    hotline = department(context, "hotline", "热线中心", is_hotline=True)
    agent = user(context, hotline, Role.AGENT, username="wangli", extension="1001")
    user(context, hotline, Role.SUPERVISOR, username="boss", extension="2001")
    boss = enter(address, "boss")
    boss.open("/board/")
    boss.press("在本页接听")
    boss.sees("本页电话已连接")
    citizen = _talk(context, network, agent, tmp_path)

    boss.press("监听")
    boss.sees("没有人听得到您")
    boss.hears(CITIZEN_HZ)
    boss.page.screenshot(path=pictures / "supervising.png")
    boss.press("耳语")
    boss.sees("只有接线员听得到您")
    boss.page.locator(".supervising-actions").get_by_role("button", name="退出监听").click()
    boss.sees("可以监听")
    assert not citizen.ended.is_set()


def _talk(context: Context, network: TelephoneNetwork, agent: Actor, folder: Path) -> NetworkCall:
    """The citizen speaks, the agent listens."""
    with context.reading() as session:
        extension = str(session.get_one(User, agent.user_id).extension)
    [seat] = seats_of([extension], context.settings.secrets.sip)
    quiet = write_tone(folder / "quiet.wav", 3000, 0.1)
    speech = write_tone(folder / "speech.wav", CITIZEN_HZ, SPEECH_SECONDS)
    phone = network.agent_phone(extension, seat.password, talk_as_agent([quiet], ring=0))
    sign_on_when_there(context.acting_as(agent), AmiCallControl(context.settings), extension)
    call = network.citizen_calls(CITIZEN, complain([speech], until=lambda: phone.answered))
    until(lambda: phone.answered, 20, "the agent's answer")
    return call

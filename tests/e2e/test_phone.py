"""The browser phone answers a real call: a citizen behind the trunk, the queue, the desk, both voices."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_console import create_app
from hotline.config import Settings, load_settings
from hotline.context import Context
from hotline.database import Database
from hotline.tickets.queries import by_number
from ivr import service
from ivr.control import AmiCallControl
from ivr.network import EndedBy, TelephoneNetwork, complain
from ivr.network.calls import wait_until_closed
from ivr.pbx import Pbx, prepare, seats_of
from tests.e2e.conftest import Enter, served
from tests.factories import City
from tests.telephony.ports import free_port
from tests.telephony.sounds import AGENT_HZ, CITIZEN_HZ, tone_seconds, write_tone
from tests.waiting import until

CITIZEN = "13912345678"
TRUNK_HOST = "127.0.0.2"
SPEECH_SECONDS = 12.0
HERTZ_OFF = 25
AUDIBLE_SECONDS = 0.5


@pytest.fixture
def settings(migrated_sqlite: Path, sqlite_database: Database, tmp_path: Path) -> Settings:
    """A hotline of this test alone."""
    tcp, udp = socket.SOCK_STREAM, socket.SOCK_DGRAM
    return load_settings(
        state_dir=tmp_path,
        spool_dir=tmp_path / "spool",
        database_url=sqlite_database.url,
        sip_port=free_port(udp, "127.0.0.1"),
        trunk_host=TRUNK_HOST,
        trunk_port=free_port(udp, TRUNK_HOST, "127.0.0.3"),
        websocket_port=free_port(tcp, "127.0.0.1"),
        ami_port=free_port(tcp, "127.0.0.1"),
        agi_port=free_port(tcp, "127.0.0.1"),
        web_port=free_port(tcp, "127.0.0.1"),
    )


@pytest.fixture
def hotline_context(settings: Settings) -> Iterator[Context]:
    context = Context.of(settings)
    yield context
    context.database.dispose()


@pytest.fixture
def network(settings: Settings, hotline_context: Context) -> Iterator[TelephoneNetwork]:
    """The PBX, its scripts and events, and the telephone network around it."""
    seats = tuple(seats_of(["1001"], settings.secrets.sip))
    stop = threading.Event()
    ivr = threading.Thread(target=service.run, args=(hotline_context, stop), name="ivr")
    with Pbx(prepare(settings, seats)), TelephoneNetwork(settings) as network:
        ivr.start()
        yield network
        stop.set()
        ivr.join()


@pytest.fixture
def console(settings: Settings, hotline_context: Context) -> Iterator[str]:
    with served(create_app(hotline_context, AmiCallControl(settings)), settings.web_port) as address:
        yield address


def test_an_agent_answers_a_call_in_the_browser(
    settings: Settings,
    hotline_context: Context,
    network: TelephoneNetwork,
    console: str,
    enter: Enter,
    tmp_path: Path,
) -> None:
    city = City.founded(hotline_context)
    agent, watcher = enter(console, city.agent.name), enter(console, city.supervisor.name)
    watcher.open("/board/")
    agent.open("/desk/")
    agent.phone_is("registered")
    agent.press("就绪")
    agent.sees("等待来电")
    watcher.sees("就绪")

    speech = write_tone(tmp_path / "citizen.wav", CITIZEN_HZ, SPEECH_SECONDS)
    answered, finished = threading.Event(), threading.Event()
    call = network.citizen_calls(CITIZEN, complain([speech], answered.is_set, finished.is_set))

    agent.phone_is("ringing", 30)
    agent.sees("139****5678")
    watcher.sees("正在振铃 1001")
    agent.page.keyboard.press("Alt+a")
    agent.phone_is("talking")
    answered.set()
    agent.sees("工单草稿")
    watcher.sees("通话中")
    assert agent.page.input_value("#complainant_phone") == CITIZEN
    heard = until(agent.heard_hertz, 15, "a voice in the loudspeaker")
    assert abs(heard - CITIZEN_HZ) < HERTZ_OFF

    agent.page.keyboard.press("Alt+m")
    assert agent.page.get_attribute("[data-phone-action=mute]", "aria-pressed") == "true"
    agent.page.keyboard.press("Alt+m")
    agent.page.get_by_label("投诉").check()
    agent.page.select_option("#category_code", "water.pressure")
    agent.page.fill("#description", "三楼以上早晚没有水。")
    agent.page.fill("#demands", "恢复正常水压")
    agent.sees("自动保存")
    agent.page.keyboard.press("Control+Enter")
    agent.sees("已登记")
    number = agent.page.locator("#draft a.number").inner_text()

    agent.press("挂断")
    agent.phone_is("registered")
    assert call.wait_ended(20) is EndedBy.THEM
    agent.sees("整理完毕")
    agent.page.keyboard.press("Alt+w")
    agent.sees("下班")

    [folder] = settings.spool_dir.glob("*/*/*/*")
    [track] = folder.glob("agent-*.wav")
    wait_until_closed(track, folder / "caller.wav")
    assert tone_seconds(track, AGENT_HZ) >= AUDIBLE_SECONDS
    assert tone_seconds(track, CITIZEN_HZ) == 0
    assert tone_seconds(folder / "caller.wav", CITIZEN_HZ) >= AUDIBLE_SECONDS
    assert tone_seconds(call.heard, AGENT_HZ) >= AUDIBLE_SECONDS
    with hotline_context.reading() as session:
        ticket = by_number(session, number)
        assert ticket is not None
        assert ticket.description == "三楼以上早晚没有水。"
        assert ticket.registered_by_id == city.agent.user_id

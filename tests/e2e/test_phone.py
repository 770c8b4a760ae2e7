"""The browser phone answers a real call: a citizen behind the trunk, the queue, the desk, both voices."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.app import create_app
from hotline.calls import service as calls
from hotline.cli.demo import city
from hotline.config import Settings, load_settings
from hotline.context import Context
from hotline.database import Database
from hotline.dispatch import service as dispatch
from hotline.people.actors import Actor
from hotline.people.models import Department
from hotline.people.queries import user_by_name
from hotline.screening import service as screening
from hotline.tickets import service as tickets
from hotline.tickets.queries import by_number
from hotline.tickets.states import TicketType
from ivr import service
from ivr.control import AmiCallControl
from ivr.network import EndedBy, TelephoneNetwork, complain
from ivr.network.calls import NetworkCall
from ivr.pbx import Pbx, prepare, seats_of
from tests.e2e.conftest import Enter, served
from tests.e2e.pages import Person
from tests.ports import free_port
from tests.telephony.hearing import wait_until_closed
from tests.telephony.sounds import AGENT_HZ, CITIZEN_HZ, tone_seconds, write_tone

CITIZEN = "13912345678"
TRUNK_HOST = "127.0.0.2"
SPEECH_SECONDS = 100.0
AUDIBLE_SECONDS = 0.5
DESCRIPTION = "上次反映的烧烤店又开始排油烟了，昨天晚上十点多还在烤，开窗就是烟味。"
EARLIER = tickets.Draft(
    type=TicketType.COMPLAINT,
    category_code="fumes",
    description="楼下烧烤店每天晚上油烟直排，老人孩子咳嗽，跟店家说过三次都不理。",
    demands=["请店家安装油烟净化设备"],
    district="市北区",
)


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
        satisfaction_by_key=False,
        ring_seconds=60,
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


@pytest.fixture
def agent_actor(hotline_context: Context) -> Actor:
    """王丽 of the demo city; the citizen's matter of last week is with the environment bureau."""
    city.load(hotline_context)
    with hotline_context.reading() as session:
        agent = _actor(session, "wangli")
        screener, dispatcher = _actor(session, "zhaolei"), _actor(session, "sunmin")
        lead = session.scalars(select(Department).where(Department.code == "environment")).one()
    ticket_id = calls.open_call(hotline_context, "earlier", CITIZEN, "12345").ticket_id
    tickets.register(hotline_context.acting_as(agent), ticket_id, EARLIER)
    screening.accept(hotline_context.acting_as(screener), ticket_id, screening.Screened())
    dispatch.dispatch(hotline_context.acting_as(dispatcher), ticket_id, lead.id)
    calls.call_ended(hotline_context, "earlier", calls.CallEnd.TALKED)
    return agent


def test_an_agent_answers_a_call_in_the_browser(
    settings: Settings,
    hotline_context: Context,
    agent_actor: Actor,
    network: TelephoneNetwork,
    console: str,
    enter: Enter,
    tmp_path: Path,
    pictures: Path,
) -> None:
    agent = enter(console, "wangli", password=city.PASSWORD)
    watcher = enter(console, "zhengqiang", password=city.PASSWORD)
    watcher.open("/board/")
    agent.open("/desk/")
    agent.phone_is("registered")
    agent.press("就绪")
    agent.sees("等待来电")
    watcher.sees("就绪")

    speech = write_tone(tmp_path / "citizen.wav", CITIZEN_HZ, SPEECH_SECONDS)
    answered, finished = threading.Event(), threading.Event()
    call = network.citizen_calls(CITIZEN, complain([speech], answered.is_set, finished.is_set))

    agent.phone_is("ringing")
    agent.sees("139****5678")
    agent.sees("1 件历史，1 件在办")
    watcher.sees("正在振铃 1001")
    agent.page.keyboard.press("Alt+a")
    agent.phone_is("talking")
    answered.set()
    agent.sees("工单草稿")
    watcher.sees("通话中")
    expect(agent.page.locator("#complainant_phone")).to_have_value(CITIZEN)
    agent.hears(CITIZEN_HZ)
    agent.is_heard()

    mute = agent.page.locator("[data-phone-action=mute]")
    for pressed in ("true", "false"):
        agent.page.keyboard.press("Alt+m")
        expect(mute).to_have_attribute("aria-pressed", pressed)
    agent.is_heard()
    _write_down(agent)
    agent.sees("自动保存")
    watcher.page.screenshot(path=pictures / "board.png")
    agent.page.keyboard.press("Control+Enter")
    agent.sees("已登记")
    number = agent.page.locator("#draft a.number").inner_text()

    agent.press("挂断")
    agent.phone_is("registered")
    assert call.wait_ended(60) is EndedBy.THEM
    agent.sees("整理完毕")
    agent.page.keyboard.press("Alt+w")
    agent.sees("下班")

    _each_voice_is_in_its_track(settings, call)
    with hotline_context.reading() as session:
        ticket = by_number(session, number)
        assert ticket is not None
        assert ticket.description == DESCRIPTION
        assert ticket.registered_by_id == agent_actor.user_id


def _write_down(agent: Person) -> None:
    """The matter, while the citizen speaks."""
    page = agent.page
    page.get_by_label("投诉").check()
    page.select_option("#category_code", "fumes")
    page.fill("#description", DESCRIPTION)
    page.fill("#demands", "复查整改情况\n查处夜间直排油烟")
    page.fill("#district", "市北区")
    page.fill("#street", "同安路街道")
    page.fill("#address", "同安路 68 号 2 单元")
    page.fill("#respondent", "同安路 66 号烧烤店")
    page.fill("#complainant_name", "王建国")


def _each_voice_is_in_its_track(settings: Settings, call: NetworkCall) -> None:
    [folder] = settings.spool_dir.glob("*/*/*/*")
    [track] = folder.glob("agent-*.wav")
    wait_until_closed(track, folder / "caller.wav")
    assert tone_seconds(track, AGENT_HZ) >= AUDIBLE_SECONDS
    assert tone_seconds(track, CITIZEN_HZ) == 0
    assert tone_seconds(folder / "caller.wav", CITIZEN_HZ) >= AUDIBLE_SECONDS
    assert tone_seconds(call.heard, AGENT_HZ) >= AUDIBLE_SECONDS


def _actor(session: Session, username: str) -> Actor:
    person = user_by_name(session, username)
    assert person is not None
    return person.actor()

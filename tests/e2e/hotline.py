"""A hotline with its telephone network and its served console."""

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from werkzeug.serving import ThreadedWSGIServer

from agent_console.app import create_app
from hotline.calls.models import Seat, SeatState
from hotline.cli.demo import city
from hotline.config import Settings, load_settings
from hotline.context import Context
from ivr import service
from ivr.control import AmiCallControl
from ivr.network import TelephoneNetwork
from ivr.pbx import Pbx, prepare, seats_of
from recordings.tracks import Spool
from tests.compiled import remembering
from tests.e2e.pages import Person
from tests.ports import free_port
from tests.telephony.sounds import shorten_greeting
from tests.waiting import until

TRUNK_HOST = "127.0.0.2"


@dataclass(frozen=True)
class Hotline:
    """Everything that runs."""

    context: Context
    pbx: Pbx
    network: TelephoneNetwork
    address: str

    @property
    def settings(self) -> Settings:
        return self.context.settings


@contextmanager
def served(app: Flask, port: int = 0) -> Iterator[str]:
    """The application on 127.0.0.1 while the block lasts."""
    server = ThreadedWSGIServer("127.0.0.1", port, remembering(app))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="console")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def running_hotline(folder: Path, migrated: Path, extensions: tuple[str, ...]) -> Iterator[Hotline]:
    """The demo city's people, Asterisk, scripts and events, and the console, while the block lasts."""
    shutil.copyfile(migrated, folder / "hotline.sqlite")
    settings = _settings(folder)
    shorten_greeting(settings.state_dir)
    context = Context.of(settings)
    city.load(context)
    stop = threading.Event()
    ivr = threading.Thread(target=service.run, args=(context, stop), name="ivr")
    pbx = Pbx(prepare(settings, tuple(seats_of(extensions, settings.secrets.sip))))
    app = create_app(context, AmiCallControl(settings), audio=Spool(settings.spool_dir))
    with pbx, TelephoneNetwork(settings) as network, served(app, settings.web_port) as address:
        ivr.start()
        try:
            yield Hotline(context, pbx, network, address)
        finally:
            stop.set()
            ivr.join()
            context.database.dispose()


def goes_home(hotline: Hotline, agent: Person, extension: str) -> None:
    """The agent's shift is over, and the hotline knows: the next test finds the seat as this one did."""

    def is_off() -> bool:
        with hotline.context.reading() as session:
            return session.scalar(select(Seat.state).where(Seat.extension == extension)) is SeatState.OFFLINE

    agent.press("下班")
    until(is_off, what="the end of the shift")


def _settings(folder: Path) -> Settings:
    tcp, udp = socket.SOCK_STREAM, socket.SOCK_DGRAM
    return load_settings(
        state_dir=folder,
        spool_dir=folder / "spool",
        database_url=f"sqlite:///{folder / 'hotline.sqlite'}",
        sip_port=free_port(udp, "127.0.0.1"),
        trunk_host=TRUNK_HOST,
        trunk_port=free_port(udp, TRUNK_HOST, "127.0.0.3"),
        websocket_port=free_port(tcp, "127.0.0.1"),
        ami_port=free_port(tcp, "127.0.0.1"),
        agi_port=free_port(tcp, "127.0.0.1"),
        web_port=free_port(tcp, "127.0.0.1"),
        live_port=free_port(tcp, "127.0.0.1"),
        live_audio_port=free_port(tcp, "127.0.0.1"),
        satisfaction_by_key=False,
        ring_seconds=60,
        agent_return_seconds=60,
    )

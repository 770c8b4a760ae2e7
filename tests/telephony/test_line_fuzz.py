"""After any noise the hotline answers a call. FUZZ_ROUNDS=50 in the environment makes fifty times as much."""

import random
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from hotline.clock import SystemClock
from hotline.config import Settings
from hotline.context import Context
from hotline.database import Database
from ivr.ami.client import Timings
from ivr.ami.link import AmiLink
from ivr.control import ami_account
from ivr.network import TelephoneNetwork
from ivr.pbx import Pbx, prepare, seats_of
from tests.factories import City
from tests.ports import free_port
from tests.telephony.conftest import TRUNK_HOST, private_settings
from tests.telephony.fuzz import (
    ROUNDS,
    SEED,
    agi_answers,
    agi_headers,
    ami_packets,
    noise,
    rtp_packets,
    sip_messages,
)
from tests.telephony.ivr_process import call_row, running
from tests.telephony.raw_sip import stranger
from tests.telephony.sipp import SippCaller
from tests.telephony.sounds import shorten_greeting
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

pytestmark = pytest.mark.timeout(240 * ROUNDS)
NOBODY = "127.0.0.9"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("fuzzed-pbx")
    shorten_greeting(folder)
    # A banned stranger would be refused before the rest of the noise is looked at.
    return private_settings(folder, queue_timeout_seconds=60, ban_minutes=0)


@pytest.fixture(scope="module")
def exchange(settings: Settings) -> Iterator[Switchboard]:
    """One Asterisk for all noise: it must not die of any, and not of all together."""
    seats = tuple(seats_of(["1001"], settings.secrets.sip))
    with Pbx(prepare(settings, seats)) as pbx:
        born = pbx.control("core show uptime seconds").split()[2]
        yield Switchboard(settings, pbx, cast(TelephoneNetwork, None), seats)
        assert int(pbx.control("core show uptime seconds").split()[2].strip("s,")) >= int(born.strip("s,"))
        assert "SEGV" not in pbx.log.read_text(errors="replace")


@pytest.fixture
def context(exchange: Switchboard, sqlite_database: Database) -> Context:
    context = Context(sqlite_database, SystemClock(), exchange.settings)
    City.founded(context)
    return context


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """The same for every run of a test, another for each test."""
    return random.Random(f"{SEED} {request.node.name}")  # noqa: S311 - repeatable, no secret


def citizen(exchange: Switchboard, folder: Path, number: str) -> SippCaller:
    """A citizen who calls, and waits."""
    settings, port = exchange.settings, free_port(socket.SOCK_DGRAM, TRUNK_HOST)
    hotline = (settings.sip_host, settings.sip_port)
    return SippCaller(folder, f"<sip:{number}@x>", hotline, settings.hotline_number, port)


@contextmanager
def caller(
    exchange: Switchboard, folder: Path, number: str = "13800001234"
) -> Iterator[tuple[str, SippCaller]]:
    """A citizen who has reached the queue: the call's linkedid, and the caller."""
    before = exchange.calls()
    with citizen(exchange, folder, number) as calling:
        linkedid = until(lambda: _queued(exchange, before, number), 30, "the citizen in the queue")
        yield linkedid, calling


def _queued(exchange: Switchboard, before: list[str], number: str) -> str | None:
    rows = [row for row in exchange.events() if row.linkedid not in before and row.number == number]
    return next((row.linkedid for row in rows if row.application == "Queue"), None)


def answers_a_call(exchange: Switchboard, context: Context, folder: Path) -> None:
    """The proof that everything lives: a citizen calls, is queued, and their call is known."""
    exchange.pbx.control("channel request hangup all")
    with running(context, exchange), caller(exchange, folder, "13900000001") as (linkedid, citizen):
        assert until(lambda: call_row(context, linkedid), what="the call in the books")
        exchange.pbx.control("channel request hangup all")
        assert citizen.finish() == 0
    until(lambda: exchange.pbx.control("core show channels count").startswith("0 active channels"))


@pytest.mark.parametrize("host", [NOBODY, TRUNK_HOST])
def test_malformed_sip(
    exchange: Switchboard, context: Context, tmp_path: Path, chance: random.Random, host: str
) -> None:
    """From a stranger, and from the trunk itself, whose requests get further."""
    settings = exchange.settings
    with stranger(host, (settings.sip_host, settings.sip_port)) as line:

        def valid(method: str) -> bytes:
            return line.message(method, "13800001234", to=settings.hotline_number)

        for place, message in enumerate(sip_messages(chance, valid, 400 * ROUNDS)):
            with suppress(OSError):  # longer than this machine sends
                line.send(message)
            if place % 50 == 0:
                assert line.ask(line.message("OPTIONS", "x"), 5), "no answer any more"
    answers_a_call(exchange, context, tmp_path)


def test_noise_on_every_tcp_port(
    exchange: Switchboard, context: Context, tmp_path: Path, chance: random.Random
) -> None:
    """The manager interface and the HTTP server, without an account."""
    settings = exchange.settings
    beginnings = (
        b"",
        b"GET /ws HTTP/1.1\r\n",
        b"Action: Login\r\nUsername: hotline\r\nSecret: ",
        b"POST / HTTP/1.1\r\n",
    )
    for _ in range(60 * ROUNDS):
        for port in (settings.ami_port, settings.websocket_port):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 2) as line:
                line.sendall(chance.choice(beginnings) + noise(chance, 5000) + b"\r\n\r\n")
    answers_a_call(exchange, context, tmp_path)


def test_noise_on_the_audio_of_a_call(
    exchange: Switchboard, context: Context, tmp_path: Path, chance: random.Random
) -> None:
    """From a stranger, and from the caller's own address; the call goes on and is recorded."""
    with caller(exchange, tmp_path) as (linkedid, citizen):
        [port] = set(
            re.findall(r"^m=audio (\d+) RTP/AVP 8", citizen.messages.split("SIP/2.0 200 OK", 1)[1], re.M)
        )
        mix = exchange.folder(linkedid) / "mix.wav"
        for host in (NOBODY, TRUNK_HOST):
            with stranger(host, (exchange.settings.sip_host, int(port))) as line:
                for packet in rtp_packets(chance, 400 * ROUNDS):
                    line.send(packet)
                    line.line.sendto(packet, (exchange.settings.sip_host, int(port) + 1))
        size = mix.stat().st_size
        until(lambda: mix.stat().st_size > size, what="the recording to go on")
        assert linkedid in exchange.pbx.control("core show channels concise")
    answers_a_call(exchange, context, tmp_path)


def test_noise_for_our_scripts(
    exchange: Switchboard, context: Context, tmp_path: Path, chance: random.Random
) -> None:
    """Whoever speaks to the scripts' port and is no Asterisk."""
    with running(context, exchange):
        with ExitStack() as stack:
            for header in agi_headers(chance, 150 * ROUNDS):
                with suppress(OSError):
                    line = socket.create_connection(("127.0.0.1", exchange.settings.agi_port), 2)
                    stack.enter_context(line).sendall(header)
        with caller(exchange, tmp_path) as (linkedid, _):
            assert until(lambda: call_row(context, linkedid), what="the call in the books")
    answers_a_call(exchange, context, tmp_path)


def test_scripts_that_talk_nonsense_to_asterisk(
    exchange: Switchboard, context: Context, tmp_path: Path, chance: random.Random
) -> None:
    """A server in our scripts' place: each kind of nonsense once, and every caller reaches the queue."""
    words, before = agi_answers(chance), exchange.calls()
    numbers = [f"1370000{place:04d}" for place in range(len(words))]
    with (
        socket.create_server(("127.0.0.1", exchange.settings.agi_port), backlog=64) as server,
        ExitStack() as stack,
    ):
        threading.Thread(target=_talk_nonsense, args=(server, words), daemon=True).start()
        for number in numbers:
            stack.enter_context(citizen(exchange, tmp_path, number))
        for number in numbers:
            until(partial(_queued, exchange, before, number), 30, "every citizen in the queue")
        server.shutdown(socket.SHUT_RDWR)  # closing alone would leave `accept` waiting
        exchange.pbx.control("channel request hangup all")
    answers_a_call(exchange, context, tmp_path)


def _talk_nonsense(server: socket.socket, words: list[bytes]) -> None:
    """One kind of nonsense a call, until the server is closed."""
    lines = []
    for place in range(10_000):
        try:
            line, _ = server.accept()
        except OSError:
            break
        lines.append(line)
        with suppress(OSError):
            line.sendall(words[place % len(words)])
    for line in lines:
        line.close()


def test_a_manager_interface_that_talks_nonsense(settings: Settings, chance: random.Random) -> None:
    """Our client lives through it, and what it knows is still asked and answered."""
    packets = list(ami_packets(chance, 300 * ROUNDS))
    with socket.create_server(("127.0.0.1", 0)) as server:
        account = ami_account(settings.model_copy(update={"ami_port": server.getsockname()[1]}))
        heard = threading.Event()
        link = AmiLink(
            account, lambda packet: heard.set() if packet.name == "Last" else None, lambda: None, QUICK
        )
        threading.Thread(target=_be_a_mad_asterisk, args=(server, packets), daemon=True).start()
        link.start()
        try:
            assert link.wait_connected(10)
            assert heard.wait(30)
            assert until(lambda: _pong(link), what="an answer after the noise")
        finally:
            link.stop()
            server.shutdown(socket.SHUT_RDWR)


QUICK = Timings(connect=2, answer=2, ping_every=0.5, first_backoff=0.05)


def _pong(link: AmiLink) -> bool:
    return link.ask("Ping").name == "Success"


def _be_a_mad_asterisk(server: socket.socket, packets: list[bytes]) -> None:
    """Answers every action, and pours the noise out after the login, over and again after a reconnect."""
    while True:
        try:
            line, _ = server.accept()
        except OSError:
            return
        with line, suppress(OSError):
            line.sendall(b"Asterisk Call Manager/11.0.0\r\n")
            told = False
            reader = line.makefile("rb")
            action: dict[bytes, bytes] = {}
            for raw in reader:
                name, _, value = raw.strip().partition(b": ")
                if raw.strip():
                    action[name] = value
                    continue
                line.sendall(b"Response: Success\r\nActionID: " + action[b"ActionID"] + b"\r\n\r\n")
                action = {}
                if not told:
                    line.sendall(b"".join(packets) + b"\r\n\r\nEvent: Last\r\nX: y\r\n\r\n")
                    told = True

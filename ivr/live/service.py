"""The process `hotline live`: lines from Asterisk, a recogniser, the consoles that ask for words."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Network

import structlog
from sqlalchemy.exc import OperationalError

from hotline.context import Context
from hotline.live_text.ports import LiveRecogniser
from hotline.live_text.queries import WantedCall, wanted_calls
from hotline.live_text.rules import Ceiling
from hotline.live_text.service import forget_replaced
from hotline.live_text.wire import CallNews, Health, key_of
from ivr.ami.client import Packet, Timings
from ivr.ami.link import AmiLink
from ivr.control import ami_account
from ivr.live.announcer import Announcer
from ivr.live.audio import AudioServer
from ivr.live.book import Book
from ivr.live.lines import Lines
from ivr.live.scribe import Scribe

TURN_SECONDS = 0.2
HEALTH_SECONDS = 2.0
FORGET_SECONDS = 30.0
LOOPBACK = IPv4Network("127.0.0.0/8")
_START_SECONDS = 10.0

_log = structlog.get_logger(__name__)


class LivePortTaken(OSError):
    """Another program listens where the live text should."""


def run(
    context: Context, recogniser: LiveRecogniser, stop: threading.Event, timings: Timings | None = None
) -> None:
    """Follow the calls of this machine's Asterisk until `stop`. Raises `LivePortTaken`."""
    live = _Live(context, recogniser, timings)
    scribe_stop = threading.Event()
    scribe = threading.Thread(target=live.scribe.run, args=(scribe_stop,), name="live-scribe")
    with live.servers():
        scribe.start()
        live.link.start()
        _log.info("live.running", port=context.settings.live_port)
        try:
            while not stop.wait(TURN_SECONDS):
                live.turn()
        finally:
            live.lines.follow((), ())
            recogniser.close()
            live.link.stop()
            scribe_stop.set()
            scribe.join()
    _log.info("live.stopped")


class _Live:
    """The parts of the process, wired."""

    def __init__(self, context: Context, recogniser: LiveRecogniser, timings: Timings | None) -> None:
        settings = context.settings
        self._context, self._recogniser = context, recogniser
        self.link = AmiLink(ami_account(settings), self._told, self._connected, timings)
        self.scribe = Scribe(context)
        self._book = Book(self._tell)
        self.lines = Lines(context, self.link, recogniser, self._book, self.scribe)
        self._audio = AudioServer(self.lines.claim, (LOOPBACK, *settings.ami_networks))
        self._announcer = Announcer(key_of(settings), self._everything)
        self._ceiling = Ceiling(settings.live_calls)
        self._health = Health(0, 0, 0, 0.0, 0.0)
        self._told_at = self._forgot_at = float("-inf")

    @contextmanager
    def servers(self) -> Iterator[None]:
        """Both ports are open while the block lasts. Raises `LivePortTaken`."""
        ready, failure = threading.Event(), list[OSError]()
        loop = asyncio.new_event_loop()
        done = asyncio.Event()

        async def serve() -> None:
            settings = self._context.settings
            try:
                await self._audio.start(settings.live_host, settings.live_audio_port)
                await self._announcer.start(settings.live_host, settings.live_port)
            except OSError as error:
                failure.append(error)
            ready.set()
            if not failure:
                await done.wait()
            await self._announcer.stop()
            await self._audio.stop()

        thread = threading.Thread(target=_run_loop, args=(loop, serve), name="live-loop")
        thread.start()
        ready.wait(_START_SECONDS)
        try:
            if failure:
                settings = self._context.settings
                ports = f"{settings.live_audio_port} or {settings.live_port}"
                raise LivePortTaken(f"port {ports} for the live text: {failure[0].strerror}")
            yield
        finally:
            if not failure:
                loop.call_soon_threadsafe(done.set)
            thread.join()

    def turn(self) -> None:
        """Look at who should be listened to, and at how well that goes."""
        if not self.link.wait_connected(0):
            self.lines.hush_all()
            return
        try:
            calls = self._wanted()
            self._follow(calls)
            self._forget()
        except OperationalError as error:
            _log.error("live.database_away", error=type(error).__name__)

    def _follow(self, calls: list[WantedCall]) -> None:
        now, load = time.monotonic(), self._recogniser.load()
        ids = [call.call_id for call in calls]
        allowed = self._ceiling.allowed(ids)
        self._ceiling.observe(load, len(allowed), now)
        self.lines.follow(calls, allowed)
        shed = len(ids) - len(allowed)
        if shed != self._health.shed:
            _log.warning("live.shed", calls=shed, lag_s=round(load.lag_s, 2), busy=round(load.busy, 2))
        if now - self._told_at > HEALTH_SECONDS or shed != self._health.shed:
            self._told_at = now
            self._health = Health(len(allowed), shed, self.lines.count, load.lag_s, load.busy)
            self._announcer.tell(self._health)

    def _wanted(self) -> list[WantedCall]:
        with self._context.reading() as session:
            return wanted_calls(session, self._context.settings.pbx_name)

    def _forget(self) -> None:
        now = time.monotonic()
        if now - self._forgot_at > FORGET_SECONDS:
            self._forgot_at = now
            forget_replaced(self._context)

    def _told(self, packet: Packet) -> None:
        """On the reader's thread: a pause must be obeyed before the next sound comes."""
        if packet.name == "MixMonitorMute" and packet.get("Direction") != "write":
            self.lines.hush(packet.get("Uniqueid"), packet.get("State") == "1")
        elif packet.name == "Hangup":
            self.lines.forget(packet.get("Uniqueid"))

    def _connected(self) -> None:
        """What was told before the connection broke may be wrong by now: the database says."""
        self.lines.forget_pauses()

    def _tell(self, news: CallNews) -> None:
        self._announcer.tell(news)

    def _everything(self) -> Iterator[CallNews | Health]:
        yield self._health
        yield from self._book.pages()


def _run_loop(loop: asyncio.AbstractEventLoop, serve: object) -> None:
    try:
        loop.run_until_complete(serve())  # type: ignore[operator]
    finally:
        loop.close()

"""Tells consoles what is understood, word by word: see `hotline.live_text.wire`."""

import asyncio
import hmac
from collections.abc import Callable, Iterable
from http import HTTPStatus

import structlog
from websockets.asyncio.server import Server, ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from hotline.live_text.wire import CallNews, Health, written

MOST_CONSOLES = 64
_LARGEST_MESSAGE = 1024
"""Of a console, which has nothing to say."""

_log = structlog.get_logger(__name__)


class Announcer:
    """One port, and the consoles that are connected to it."""

    def __init__(self, key: str, everything: Callable[[], Iterable[CallNews | Health]]) -> None:
        """`everything` is told to each console that comes."""
        self._authorization = f"Bearer {key}"
        self._everything = everything
        self._consoles: set[ServerConnection] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: Server | None = None

    async def start(self, host: str, port: int) -> None:
        """Begin to listen. Raises `OSError` where the port is taken."""
        self._loop = asyncio.get_running_loop()
        self._server = await serve(
            self._talk,
            host,
            port,
            process_request=self._admit,
            max_size=_LARGEST_MESSAGE,
            compression=None,
            server_header=None,
        )

    async def stop(self) -> None:
        """Let every console go."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def tell(self, news: CallNews | Health) -> None:
        """Tell everybody who is connected. From any thread, in order, without waiting for anybody."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._broadcast, news)

    def _broadcast(self, news: CallNews | Health) -> None:
        broadcast(self._consoles, written(news))

    async def _talk(self, console: ServerConnection) -> None:
        """Everything first; nothing is told in between, for that is one turn of the loop."""
        self._consoles.add(console)
        try:
            for news in self._everything():
                broadcast([console], written(news))
            await console.wait_closed()
        except ConnectionClosed:
            return
        finally:
            self._consoles.discard(console)

    def _admit(self, console: ServerConnection, request: Request) -> Response | None:
        """Only one of us, and not too many."""
        shown = request.headers.get("Authorization", "")
        if not hmac.compare_digest(shown.encode(), self._authorization.encode()):
            _log.warning("live.stranger_refused")
            return console.respond(HTTPStatus.UNAUTHORIZED, "")
        if len(self._consoles) >= MOST_CONSOLES:
            return console.respond(HTTPStatus.SERVICE_UNAVAILABLE, "")
        return None

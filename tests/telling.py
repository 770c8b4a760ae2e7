"""What `hotline live` tells consoles, without a telephone and without a recogniser."""

import asyncio
import threading
from collections.abc import Iterator

from hotline.config import Settings
from hotline.live_text.wire import CallNews, Health, key_of
from ivr.live.announcer import Announcer
from ivr.live.book import Book


class Live:
    """The announcer and its book; `start` and `stop` may be repeated."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.book = Book(lambda news: self._announcer.tell(news))
        self.health = Health(1, 0, 2, 0.1, 0.2)

    def start(self) -> None:
        self._announcer = Announcer(key_of(self._settings), self._everything)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._run(self._announcer.start(self._settings.live_host, self._settings.live_port))

    def stop(self) -> None:
        self._run(self._announcer.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: object) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(60)  # type: ignore[arg-type]

    def _everything(self) -> Iterator[CallNews | Health]:
        yield self.health
        yield from self.book.pages()

"""What of the call plan lies beside Asterisk as files: the numbers that are answered while the scripts are
away, and the spoken banner of a surge. Looked after by the `hotline ivr` beside each Asterisk."""

import threading
from collections.abc import Callable

import structlog
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from hotline.call_plan.queries import live_version, numbers_at, surge
from hotline.context import Context
from ivr.ami.client import AmiError
from ivr.banner import speak_banner

EVERY_SECONDS = 1.0

_log = structlog.get_logger(__name__)


class PlanKeeper:
    """Looks every second; does something when another version is live, or a surge has new words."""

    def __init__(
        self,
        context: Context,
        write_numbers: Callable[[frozenset[str]], bool],
        reload_dialplan: Callable[[], object],
    ) -> None:
        """`write_numbers` returns whether the file is another now; `reload_dialplan` may raise `AmiError`."""
        self._context = context
        self._write_numbers = write_numbers
        self._reload = reload_dialplan
        self._version: int | None = None
        self._stale = False
        self._failing = False

    def run(self, stop: threading.Event) -> None:
        """Until `stop`."""
        while not stop.wait(EVERY_SECONDS):
            self.look()

    def look(self) -> None:
        """Once. What cannot be done now is tried again at the next look, and logged the first time."""
        try:
            with self._context.reading() as session:
                banner, version = surge(session), live_version(session)
            if banner is not None:
                speak_banner(self._context.settings, banner)
            self._keep_numbers(version)
            self._failing = False
        except (SQLAlchemyError, AmiError, ValidationError, OSError) as error:
            if not self._failing:
                _log.warning("plan_keeper.put_off", error=type(error).__name__)
            self._failing = True

    def _keep_numbers(self, version: int) -> None:
        if version == self._version and not self._stale:
            return
        with self._context.reading() as session:
            numbers = numbers_at(session, self._context.settings, self._context.now())
        self._stale = self._write_numbers(numbers) or self._stale
        if self._stale:
            self._reload()
        self._version, self._stale = version, False

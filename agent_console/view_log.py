"""What this process has yet to write into the log of views. Writing it never fails a page."""

import threading
from collections import OrderedDict, deque
from collections.abc import Sequence

import structlog
from sqlalchemy.exc import SQLAlchemyError

from hotline.context import Context
from hotline.viewing import service
from hotline.viewing.service import View

MOST_WAITING = 10_000
MOST_REMEMBERED = 10_000

_log = structlog.get_logger()


class ViewLog:
    """Writes each view once: one that this process has written lately costs no transaction.

    What could not be written waits, and goes with the next view; the process's log and the auditor's page say
    so. For any thread.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._written: OrderedDict[object, None] = OrderedDict()
        self._waiting: deque[View] = deque(maxlen=MOST_WAITING)

    @property
    def waiting(self) -> int:
        """How many could not be written so far."""
        return len(self._waiting)

    def add(self, seen: Sequence[View]) -> None:
        """Write these, and what waits; or have them wait."""
        with self._lock:
            self._waiting.extend(view for view in seen if view.key not in self._written)
            views = list(dict.fromkeys(self._waiting))
            self._waiting.clear()
        if not views:
            return
        try:
            service.write(self._context, views)
        except SQLAlchemyError as error:
            with self._lock:
                self._waiting.extendleft(reversed(views))
            _log.error("views not written", waiting=self.waiting, error=type(error).__name__)
            return
        self._remember(views)

    def _remember(self, views: Sequence[View]) -> None:
        with self._lock:
            for view in views:
                self._written[view.key] = None
            while len(self._written) > MOST_REMEMBERED:
                self._written.popitem(last=False)

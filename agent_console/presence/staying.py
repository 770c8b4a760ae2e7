"""An open page that shows a ticket, for as long as its event stream lasts."""

from datetime import datetime
from types import TracebackType
from typing import Self

import structlog
from sqlalchemy.exc import SQLAlchemyError

from hotline.context import Context
from hotline.presence import service
from hotline.presence.service import RENEWED_EVERY

_log = structlog.get_logger()


class Staying:
    """Comes with the stream, says every fifteen seconds that it is still there, and goes with the stream.

    A database that is away for a moment costs the page nothing but being seen.
    """

    def __init__(self, context: Context, ticket_id: int | None) -> None:
        """`context` acts as whoever looks; no ticket: nothing happens."""
        self._context, self._ticket_id = context, ticket_id
        self._presence_id: int | None = None
        self._renewed_at: datetime | None = None

    def __enter__(self) -> Self:
        if self._ticket_id is not None:
            self._renew(self._ticket_id)
        return self

    def stay(self) -> None:
        """Say so again, if it is time."""
        is_due = self._renewed_at and self._context.now() >= self._renewed_at + RENEWED_EVERY
        if self._ticket_id is not None and is_due:
            self._renew(self._ticket_id)

    def comes_back(self) -> None:
        """The stream ends, the page does not: its next stream goes on from here."""
        self._presence_id = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._presence_id is None:
            return
        try:
            service.leave(self._context, self._presence_id)
        except SQLAlchemyError as failure:
            _log.warning("presence not ended, it will by itself", error=type(failure).__name__)

    def _renew(self, ticket_id: int) -> None:
        self._renewed_at = self._context.now()
        try:
            if self._presence_id is None or not service.renew(self._context, self._presence_id):
                self._presence_id = service.enter(self._context, ticket_id)
        except SQLAlchemyError as failure:
            _log.warning("presence not written, trying again", error=type(failure).__name__)

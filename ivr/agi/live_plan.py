"""The live call plan as scripts need it: the document is read again only when another version is live."""

from dataclasses import dataclass

import structlog
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from hotline.call_plan.models import Surge
from hotline.call_plan.phones import PhoneBook
from hotline.call_plan.queries import LivePlan, default_version, live_plan, live_version, phone_book, surge
from hotline.config import Settings
from hotline.context import Context

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Present:
    """What decides about a call that comes now: the plan, the surge that is on, seats and the directory."""

    live: LivePlan
    surge: Surge | None
    phones: PhoneBook


class LivePlanReader:
    """Used by many calls at once; each sees a whole plan."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._known = Present(default_version(settings), None, PhoneBook())

    def read(self, context: Context) -> Present:
        """The present state; while the database is away, the one that was read last."""
        try:
            with context.reading() as session:
                self._known = Present(self._plan(session), surge(session), phone_book(session))
        except SQLAlchemyError as error:
            _log.error("live_plan.database_away", error=type(error).__name__)
        return self._known

    def _plan(self, session: Session) -> LivePlan:
        """A plan that cannot be read (written by a newer release) is logged, and the packaged one holds
        instead: a fault in it must not keep anybody from a person."""
        version = live_version(session)
        if self._known.live.version == version:
            return self._known.live
        try:
            return live_plan(session, self._settings)
        except ValidationError:
            _log.error("live_plan.unreadable", version=version)
            return LivePlan(version, default_version(self._settings).plan)

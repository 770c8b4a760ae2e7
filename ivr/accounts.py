"""Keeps this machine's Asterisk at what the database says of seats and their SIP accounts.

Whoever changes an account tells every Asterisk at once; this is for what they could not tell: an Asterisk
that was away, an account whose time is over, a user who was barred, a seat that is new.
"""

import threading
from collections.abc import Callable, Sequence

import structlog
from sqlalchemy.exc import OperationalError

from hotline.calls.ports import PhoneKind
from hotline.context import Context
from hotline.people.queries import seats
from hotline.telephones.service import wanted_accounts
from ivr.ami.client import AmiError
from ivr.ami.link import Asks
from ivr.control.accounts import end_registrations, put_account
from ivr.pbx.seats import endpoint_of

KEEP_SECONDS = 5.0

_log = structlog.get_logger(__name__)
_Telephone = tuple[str, PhoneKind]


class AccountKeeper:
    """Remembers what Asterisk has been told, and tells it the difference."""

    def __init__(self, context: Context, asterisk: Asks, add_seats: Callable[[Sequence[str]], bool]) -> None:
        """`add_seats` writes the configuration of these extensions beside the others'; True if it changed."""
        self._context = context
        self._asterisk = asterisk
        self._add_seats = add_seats
        self._told: dict[_Telephone, str | None] = {}
        self._seats: set[str] = set()

    def run(self, stop: threading.Event) -> None:
        """Keep until `stop`; what fails is tried again a few seconds later."""
        while not stop.is_set():
            self.keep_patiently()
            stop.wait(KEEP_SECONDS)

    def keep_patiently(self) -> None:
        """One pass; where something is away, the next one does what was left."""
        try:
            self.keep()
        except OperationalError as error:
            _log.error("accounts.database_away", error=type(error).__name__)
        except AmiError as error:
            self._told.clear()  # Asterisk may come back with another memory than it had
            _log.info("accounts.asterisk_away", error=type(error).__name__)

    def keep(self) -> None:
        """One pass. Raises `AmiError` or `OperationalError`; the next pass does what was left."""
        self._asterisk.ask("Ping")
        self._keep_seats()
        wanted = wanted_accounts(self._context)
        news = [each for each in wanted if each not in self._told or self._told[each] != wanted[each]]
        for telephone in news:
            put_account(self._asterisk, *telephone, wanted[telephone])
        ended = {endpoint_of(*telephone) for telephone in news if wanted[telephone] is None}
        if ended:
            end_registrations(self._asterisk, ended)
        self._told |= {telephone: wanted[telephone] for telephone in news}

    def _keep_seats(self) -> None:
        with self._context.reading() as session:
            wanted = set(seats(session))
        if wanted <= self._seats:
            return
        if self._add_seats(sorted(wanted)):
            # Only what changed is applied; registrations, calls and the other seats are not touched.
            self._asterisk.ask("Command", {"Command": "module reload res_pjsip.so"})
            _log.info("accounts.seats_added", seats=len(wanted - self._seats))
        self._seats = wanted

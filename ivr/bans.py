"""An address that tried too many passwords is refused for a while: what fail2ban does, where there is none.

Asterisk answers such an address 403 to whatever it asks; it tells us nothing of that, so a flood costs us
nothing. Whose address may not be banned is written down in docs/security.md.
"""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

import structlog

from hotline.config import Settings
from ivr.ami.client import AmiError
from ivr.ami.link import Asks
from ivr.ami.lists import listed_contacts
from ivr.pbx.ban_list import write_bans, written_bans
from ivr.pbx.process import folder_of

LOOK_SECONDS = 2.0

_log = structlog.get_logger(__name__)


class Bans:
    """The bans of this machine's Asterisk. Each machine bans by what it sees itself."""

    def __init__(self, settings: Settings, asterisk: Asks, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._asterisk = asterisk
        self._now = now
        self._configuration = folder_of(settings) / "conf"
        self._writing = threading.Lock()

    def in_force(self) -> dict[str, datetime]:
        """Until when each address is refused."""
        now = self._now()
        return {address: until for address, until in self._written().items() if until > now}

    def ban(self, address: str) -> bool:
        """Refuse an address from now on. False if it may not be banned. Raises `AmiError`."""
        if self._settings.ban_minutes == 0 or self._is_ours(address) or self._has_telephone(address):
            return False
        until = self._now() + timedelta(minutes=self._settings.ban_minutes)
        self._put(lambda bans: bans | {address: until})
        _log.warning("bans.banned", address=address, minutes=self._settings.ban_minutes)
        return True

    def lift(self, address: str) -> bool:
        """End a ban; False if there was none. Raises `AmiError`."""
        if address not in self._written():
            return False
        self._put(lambda bans: {other: until for other, until in bans.items() if other != address})
        return True

    def end_what_is_over(self) -> None:
        """Raises `AmiError`."""
        over = self._written().keys() - self.in_force().keys()
        if over:
            self._put(lambda bans: {other: until for other, until in bans.items() if other not in over})

    def run(self, stop: threading.Event) -> None:
        """End bans whose time is over, until `stop`."""
        while not stop.wait(LOOK_SECONDS):
            try:
                self.end_what_is_over()
            except (AmiError, OSError) as error:
                _log.info("bans.put_off", error=type(error).__name__)

    def _written(self) -> dict[str, datetime]:
        return written_bans(self._configuration)

    def _put(self, change: Callable[[dict[str, datetime]], dict[str, datetime]]) -> None:
        """Nothing is written while Asterisk is away: it would not know of it."""
        with self._writing:
            self._asterisk.ask("Ping")
            write_bans(self._configuration, change(self._written()))
            self._asterisk.ask("Command", {"Command": "module reload acl"})

    def _is_ours(self, address: str) -> bool:
        """The trunk's, a machine's of the hotline, or named by whoever set it up."""
        settings, asked = self._settings, ip_address(address)
        networks = (*settings.never_banned, *settings.phone_networks)
        hosts = {"127.0.0.1", settings.sip_host, settings.trunk_host, *(p.host for p in settings.all_pbxs)}
        named = any(asked in network for network in networks) or address in hosts
        return named or address in _looked_up(hosts)

    def _has_telephone(self, address: str) -> bool:
        """A telephone is registered from there: one agent's typing error must not silence an office."""
        for contact in listed_contacts(self._asterisk):
            uri = urlsplit("//" + contact.get("Uri").partition(":")[2].partition(";")[0])
            if address in (uri.hostname, contact.get("ViaAddress").rpartition(":")[0]):
                return True
        return False


def _looked_up(hosts: set[str]) -> set[str]:
    """The trunk may be set up by its name."""
    found = set[str]()
    for host in hosts:
        with suppress(OSError):  # a name that nobody knows is nobody's address
            found |= {str(answer[4][0]) for answer in socket.getaddrinfo(host, None)}
    return found

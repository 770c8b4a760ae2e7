"""Orders about the SIP accounts of seats.

An account lies in Asterisk's own database, where PJSIP looks before it looks into its configuration
(`sorcery.conf`): it counts from the next request on, nothing is reloaded, and it outlives restarts of
Asterisk and the absence of everything of ours.
"""

import json
import re
import secrets
from collections.abc import Collection

from hotline.calls.ports import PhoneKind
from ivr.ami.link import Asks
from ivr.ami.lists import REGISTRATIONS, listed_registrations
from ivr.control.orders import Orders
from ivr.pbx.seats import account_name, endpoint_of

FAMILY = "seats/auth"
"""`seats` is the argument of the wizard in sorcery.conf.j2, `auth` the kind of object."""
_EXPIRES = re.compile(r'"expiration_time": ?"\d+"')
_LONG_AGO = '"expiration_time":"1"'


class AccountOrders(Orders):
    """Implements `hotline.calls.ports.AccountControl`."""

    def give_account(self, extension: str, kind: PhoneKind, password: str) -> None:
        """Write the account into every Asterisk that can be reached.

        A desk phone's is given anew to shut out whoever has the old one. A browser's is given to a page that
        is registered already, and stays so.
        """
        self._on_each(lambda asterisk: _give(asterisk, extension, kind, password))

    def take_account(self, extension: str, kind: PhoneKind) -> None:
        """Replace the account by one whose password nobody knows, and end its registration."""
        self._on_each(lambda asterisk: _take(asterisk, extension, kind))


def _give(asterisk: Asks, extension: str, kind: PhoneKind, password: str) -> None:
    put_account(asterisk, extension, kind, password)
    if kind is PhoneKind.DESK:
        end_registrations(asterisk, {endpoint_of(extension, kind)})


def _take(asterisk: Asks, extension: str, kind: PhoneKind) -> None:
    put_account(asterisk, extension, kind, None)
    end_registrations(asterisk, {endpoint_of(extension, kind)})


def end_registrations(asterisk: Asks, endpoints: Collection[str]) -> None:
    """Let what these telephones have registered be over, as if its time were. Raises `AmiError`.

    Not dialled from now on; Asterisk notices within two seconds (`contact_expiration_check_interval`), and
    tells its queues and us. Deleting the entry would tell nobody. Calls go on.
    """
    for name, contact in listed_registrations(asterisk).items():
        if name.partition(";@")[0] in endpoints:
            over = _EXPIRES.sub(_LONG_AGO, contact)
            asterisk.ask("DBPut", {"Family": REGISTRATIONS, "Key": name, "Val": over})


def put_account(asterisk: Asks, extension: str, kind: PhoneKind, password: str | None) -> None:
    """Write one account; without a password it is one that nobody knows. Raises `AmiError`."""
    account = {
        "auth_type": "userpass",
        "username": endpoint_of(extension, kind),
        "password": password or secrets.token_hex(24),
    }
    name = account_name(endpoint_of(extension, kind))
    asterisk.ask("DBPut", {"Family": FAMILY, "Key": name, "Val": json.dumps(account)})

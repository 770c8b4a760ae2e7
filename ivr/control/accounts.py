"""Orders about the SIP accounts of seats.

An account lies in Asterisk's own database, where PJSIP looks before it looks into its configuration
(`sorcery.conf`): it counts from the next request on, nothing is reloaded, and it outlives restarts of
Asterisk and the absence of everything of ours.
"""

import json
import secrets

from hotline.calls.ports import PhoneKind
from ivr.ami.link import Asks
from ivr.control.orders import Orders
from ivr.pbx.seats import account_name, endpoint_of

FAMILY = "seats/auth"
"""`seats` is the argument of the wizard in sorcery.conf.j2, `auth` the kind of object."""


class AccountOrders(Orders):
    """Implements `hotline.calls.ports.AccountControl`."""

    def give_account(self, extension: str, kind: PhoneKind, password: str) -> None:
        """Write the account into every Asterisk that can be reached."""
        self._on_each(lambda asterisk: put_account(asterisk, extension, kind, password))

    def take_account(self, extension: str, kind: PhoneKind) -> None:
        """Replace the account by one whose password nobody knows."""
        self._on_each(lambda asterisk: put_account(asterisk, extension, kind, None))


def put_account(asterisk: Asks, extension: str, kind: PhoneKind, password: str | None) -> None:
    """Write one account; without a password it is one that nobody knows. Raises `AmiError`."""
    account = {
        "auth_type": "userpass",
        "username": endpoint_of(extension, kind),
        "password": password or secrets.token_hex(24),
    }
    name = account_name(endpoint_of(extension, kind))
    asterisk.ask("DBPut", {"Family": FAMILY, "Key": name, "Val": json.dumps(account)})

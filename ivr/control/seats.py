"""Orders about agents' seats in the queue."""

import re

from ivr.ami.client import AmiConnection
from ivr.ami.lists import listed_contacts
from ivr.control.orders import QUEUE, Orders, unless_already
from ivr.pbx.seats import browser_endpoint, desk_endpoint

_EXTENSION = re.compile(r"\d{2,10}")


class SeatOrders(Orders):
    """Implements `hotline.calls.ports.SeatControl`. A seat is in the queues of every Asterisk."""

    def make_ready(self, extension: str) -> None:
        """Put the seat's telephone into the queue, not paused; the browser phone comes first."""
        phones = _phones(extension)
        self._on_each(lambda asterisk: _put_into_queue(asterisk, extension, phones))

    def pause(self, extension: str, reason: str) -> None:
        """Offer no calls to this seat; line breaks in `reason` become blanks."""
        orders = [
            {"Queue": QUEUE, "Interface": phone, "Paused": "true", "Reason": " ".join(reason.split())}
            for phone in _phones(extension)
        ]
        self._on_each(lambda asterisk: _ask_all(asterisk, "QueuePause", orders))

    def sign_off(self, extension: str) -> None:
        """Take the seat out of the queue."""
        orders = [{"Queue": QUEUE, "Interface": phone} for phone in _phones(extension)]
        self._on_each(lambda asterisk: _ask_all(asterisk, "QueueRemove", orders))


def _put_into_queue(asterisk: AmiConnection, extension: str, phones: tuple[str, str]) -> None:
    chosen = _registered_phone(asterisk, phones)
    member = {"Queue": QUEUE, "Interface": chosen, "MemberName": extension, "Paused": "false"}
    unless_already(asterisk, "QueueAdd", member)
    asterisk.ask("QueuePause", {"Queue": QUEUE, "Interface": chosen, "Paused": "false"})
    others = [{"Queue": QUEUE, "Interface": phone} for phone in phones if phone != chosen]
    _ask_all(asterisk, "QueueRemove", others)


def _ask_all(asterisk: AmiConnection, action: str, orders: list[dict[str, str]]) -> None:
    for order in orders:
        unless_already(asterisk, action, order)


def _phones(extension: str) -> tuple[str, str]:
    """The seat's interfaces, in the order in which they are preferred."""
    if not _EXTENSION.fullmatch(extension):
        raise ValueError("not an extension")
    return f"PJSIP/{browser_endpoint(extension)}", f"PJSIP/{desk_endpoint(extension)}"


def _registered_phone(asterisk: AmiConnection, phones: tuple[str, str]) -> str:
    registered = {f"PJSIP/{entry.get('Endpoint')}" for entry in listed_contacts(asterisk)}
    return next((phone for phone in phones if phone in registered), phones[0])

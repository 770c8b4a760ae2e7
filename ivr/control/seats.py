"""Orders about agents' seats in the queue."""

import re

from ivr.ami.client import AmiConnection
from ivr.ami.lists import listed_contacts
from ivr.control.orders import QUEUE, Orders, unless_already
from ivr.pbx.seats import browser_endpoint, desk_endpoint

_EXTENSION = re.compile(r"\d{2,10}")


class SeatOrders(Orders):
    """Implements `hotline.calls.ports.SeatControl`."""

    def make_ready(self, extension: str) -> None:
        """Put the seat's telephone into the queue, not paused; the browser phone comes first."""
        with self._asterisk() as asterisk:
            chosen = _registered_phone(asterisk, extension)
            member = {"Queue": QUEUE, "Interface": chosen, "MemberName": extension, "Paused": "false"}
            unless_already(asterisk, "QueueAdd", member)
            asterisk.ask("QueuePause", {"Queue": QUEUE, "Interface": chosen, "Paused": "false"})
            for other in _phones(extension):
                if other != chosen:
                    unless_already(asterisk, "QueueRemove", {"Queue": QUEUE, "Interface": other})

    def pause(self, extension: str, reason: str) -> None:
        """Offer no calls to this seat; line breaks in `reason` become blanks."""
        spoken = " ".join(reason.split())
        with self._asterisk() as asterisk:
            for phone in _phones(extension):
                pause = {"Queue": QUEUE, "Interface": phone, "Paused": "true", "Reason": spoken}
                unless_already(asterisk, "QueuePause", pause)

    def sign_off(self, extension: str) -> None:
        """Take the seat out of the queue."""
        with self._asterisk() as asterisk:
            for phone in _phones(extension):
                unless_already(asterisk, "QueueRemove", {"Queue": QUEUE, "Interface": phone})


def _phones(extension: str) -> tuple[str, str]:
    """The seat's interfaces, in the order in which they are preferred."""
    if not _EXTENSION.fullmatch(extension):
        raise ValueError("not an extension")
    return f"PJSIP/{browser_endpoint(extension)}", f"PJSIP/{desk_endpoint(extension)}"


def _registered_phone(asterisk: AmiConnection, extension: str) -> str:
    phones = _phones(extension)
    registered = {f"PJSIP/{entry.get('Endpoint')}" for entry in listed_contacts(asterisk)}
    return next((phone for phone in phones if phone in registered), phones[0])

"""Seats: one desk of an agent, reachable by a browser, a SIP phone or a native headset."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from hotline.calls.ports import PhoneKind
from hotline.people.rules import sip_password

EXTENSION = re.compile(r"\d{2,10}")
SEATS_FILE = "seats.conf"
_SEAT_LINE = re.compile(r"^; seat (\d{2,10})$", re.MULTILINE)


def browser_endpoint(extension: str) -> str:
    """Name, user and AOR of the seat's browser phone (WebRTC over WebSocket)."""
    return f"agent-{extension}"


def desk_endpoint(extension: str) -> str:
    """Name, user and AOR of the seat's SIP phone. WebRTC media and plain RTP exclude each other."""
    return f"desk-{extension}"


def headset_interface(extension: str) -> str:
    """What the queue rings for the seat's native headset."""
    return f"Local/{extension}@headset/n"


def headset_state(extension: str) -> str:
    """The device whose state says whether the native headset is free; its line sets it."""
    return f"Custom:headset-{extension}"


def headset_line_variable(extension: str) -> str:
    """Global variable that holds the channel of the headset's line while it is switched on."""
    return f"HEADSET_{extension}"


def endpoint_of(extension: str, kind: PhoneKind) -> str:
    """Name of the endpoint of one telephone."""
    return browser_endpoint(extension) if kind is PhoneKind.BROWSER else desk_endpoint(extension)


def account_name(endpoint: str) -> str:
    """Name of PJSIP's auth object of an endpoint."""
    return f"{endpoint}-auth"


@dataclass(frozen=True)
class Seat:
    """One extension with the password that its desk phone is born with."""

    extension: str
    password: str = field(repr=False)
    nobodys: str = field(default_factory=lambda: secrets.token_hex(24), repr=False)
    """What the configuration says of the browser phone, whose account is given at sign-in."""

    @property
    def browser(self) -> str:
        """Endpoint of the browser phone."""
        return browser_endpoint(self.extension)

    @property
    def desk(self) -> str:
        """Endpoint of the SIP phone."""
        return desk_endpoint(self.extension)


def seats_of(extensions: Iterable[str], sip_secret: str) -> list[Seat]:
    """The seats of these extensions, with their passwords derived from this installation's SIP secret."""
    return [Seat(extension, sip_password(sip_secret, extension)) for extension in extensions]


def rendered_seats(configuration: Path) -> list[str]:
    """Extensions that the configuration in this folder knows."""
    path = configuration / SEATS_FILE
    return _SEAT_LINE.findall(path.read_text(encoding="utf-8")) if path.exists() else []

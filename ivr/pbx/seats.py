"""Seats: one desk of an agent, reachable by a browser or by an ordinary SIP phone."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from hotline.people.rules import sip_password


def browser_endpoint(extension: str) -> str:
    """Name, user and AOR of the seat's browser phone (WebRTC over WebSocket)."""
    return f"agent-{extension}"


def desk_endpoint(extension: str) -> str:
    """Name, user and AOR of the seat's SIP phone (UDP). WebRTC media and plain RTP exclude each other."""
    return f"desk-{extension}"


@dataclass(frozen=True)
class Seat:
    """One extension with the SIP password that both of its endpoints take."""

    extension: str
    password: str = field(repr=False)

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

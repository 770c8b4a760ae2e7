"""Security events of Asterisk: who was refused, and from where. Nothing else of them is read: names and
challenges in them are the stranger's words."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from ivr.ami.client import Packet

_REMOTE = re.compile(r"IPV[46]/(?:UDP|TCP|TLS|WS|WSS)/(?P<address>[0-9A-Fa-f.:]{2,45})/\d{1,5}")


@dataclass(frozen=True)
class Refused:
    """Somebody tried a wrong password, or came from where nobody may."""

    address: str


def _refused(packet: Packet) -> Refused | None:
    found = _REMOTE.fullmatch(packet.get("RemoteAddress"))
    return Refused(found["address"]) if found else None


SECURITY_READERS: dict[str, Callable[[Packet], Refused | None]] = {
    "ChallengeResponseFailed": _refused,
    "FailedACL": _refused,
    "InvalidAccountID": _refused,
    "InvalidPassword": _refused,
}

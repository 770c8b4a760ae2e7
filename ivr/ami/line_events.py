"""What the dialplan tells (UserEvent) of the line in which callers wait, and of callbacks."""

from collections.abc import Callable
from dataclasses import dataclass

from ivr.ami.client import Packet

QUEUES_CHANGED = "HotlineQueuesChanged"


@dataclass(frozen=True)
class QueuesChanged:
    """Somebody changed skills: the queues are to be written anew."""


@dataclass(frozen=True)
class CallbackTried:
    """What dialling the citizen came to, in Asterisk's words (DIALSTATUS)."""

    linkedid: str
    status: str


LineEvent = QueuesChanged | CallbackTried


def _queues_changed(packet: Packet) -> LineEvent:
    return QueuesChanged()


def _callback_tried(packet: Packet) -> LineEvent:
    return CallbackTried(packet.get("Linkedid"), packet.get("Status"))


LINE_EVENTS: dict[str, Callable[[Packet], LineEvent]] = {
    QUEUES_CHANGED: _queues_changed,
    "HotlineCallbackTried": _callback_tried,
}

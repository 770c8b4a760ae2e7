"""Asterisk's whole state, asked for as lists."""

from collections.abc import Sequence
from typing import Protocol

from ivr.ami.client import AmiRefused, Headers, Packet


class AsksLists(Protocol):
    """A connection, or the link that keeps one."""

    def ask_list(self, action: str, headers: Headers | None = None) -> list[Packet]: ...


def listed_contacts(asterisk: AsksLists) -> Sequence[Packet]:
    """Registered telephones (`ContactList` entries). Asterisk calls it an error when there is none."""
    try:
        return asterisk.ask_list("PJSIPShowContacts")
    except AmiRefused:
        return []


def listed_members(asterisk: AsksLists, queue: str) -> Sequence[Packet]:
    """The queue's members (`QueueMember` entries)."""
    entries = asterisk.ask_list("QueueStatus", {"Queue": queue})
    return [entry for entry in entries if entry.name == "QueueMember"]


def listed_channels(asterisk: AsksLists) -> Sequence[Packet]:
    """Every leg that is up (`CoreShowChannel` entries)."""
    return asterisk.ask_list("CoreShowChannels")

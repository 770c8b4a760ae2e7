"""Asterisk's whole state, asked for as lists."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from ivr.ami.client import AmiRefused, Headers, Packet

REGISTRATIONS = "registrar/contact"
"""Where Asterisk's own database keeps the registrations."""


class AsksLists(Protocol):
    """A connection, or the link that keeps one."""

    def ask_list(self, action: str, headers: Headers | None = None) -> list[Packet]: ...


def listed_contacts(asterisk: AsksLists) -> Sequence[Packet]:
    """Registered telephones (`ContactList` entries). Asterisk calls it an error when there is none."""
    try:
        return asterisk.ask_list("PJSIPShowContacts")
    except AmiRefused:
        return []


def listed_registrations(asterisk: AsksLists) -> dict[str, str]:
    """What telephones have registered, in Asterisk's own words (JSON), by `<endpoint>;@<hash>`."""
    try:
        entries = asterisk.ask_list("DBGetTree", {"Family": REGISTRATIONS})
    except AmiRefused:  # where there is none
        return {}
    return {entry.get("Key").removeprefix(f"/{REGISTRATIONS}/"): entry.get("Val") for entry in entries}


def listed_members(asterisk: AsksLists, queue: str = "") -> Sequence[Packet]:
    """The members (`QueueMember` entries) of a queue, or of every queue."""
    entries = asterisk.ask_list("QueueStatus", {"Queue": queue} if queue else {})
    return [entry for entry in entries if entry.name == "QueueMember"]


def listed_callers(asterisk: AsksLists, queue: str) -> Sequence[Packet]:
    """Who waits in a queue (`QueueEntry` entries), the first in front."""
    entries = asterisk.ask_list("QueueStatus", {"Queue": queue, "Member": "none"})  # and no members
    waiting = [entry for entry in entries if entry.name == "QueueEntry"]
    return sorted(waiting, key=lambda entry: int(entry.get("Position") or 0))


def listed_waits(asterisk: AsksLists) -> dict[str, timedelta]:
    """How long everybody in any queue has waited since they came into it, by the channel's identity."""
    entries = asterisk.ask_list("QueueStatus", {"Member": "none"})
    waiting = [entry for entry in entries if entry.name == "QueueEntry"]
    return {entry.get("Uniqueid"): timedelta(seconds=int(entry.get("Wait") or 0)) for entry in waiting}


def listed_channels(asterisk: AsksLists) -> Sequence[Packet]:
    """Every leg that is up (`CoreShowChannel` entries)."""
    return asterisk.ask_list("CoreShowChannels")


def headsets_among(channels: Sequence[Packet]) -> set[str]:
    """Extensions whose native headset is switched on: it holds a line that is up (`6`, AST_STATE_UP)."""
    return {
        channel.get("Exten")
        for channel in channels
        if channel.get("Context") == "headset-line" and channel.get("ChannelState") == "6"
    }

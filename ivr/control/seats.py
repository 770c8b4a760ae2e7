"""Orders about agents' seats in the queue."""

from collections.abc import Mapping
from contextlib import suppress

from hotline.calls.ports import NoTelephone
from ivr.ami.client import AmiConnection, AmiRefused
from ivr.ami.line_events import QUEUES_CHANGED
from ivr.ami.lists import listed_callers, listed_contacts, listed_members
from ivr.control.orders import QUEUE, Orders, unless_already, variable
from ivr.pbx.seats import (
    EXTENSION,
    browser_endpoint,
    desk_endpoint,
    headset_interface,
    headset_line_variable,
    headset_state,
)

WAKING_KEY = "D"
"""No telephone has it and no plan gives it a meaning: the queue passes it over, and looks who is free."""


class SeatOrders(Orders):
    """Implements `hotline.calls.ports.SeatControl`. A seat is in the queues of every Asterisk."""

    def make_ready(self, extension: str, at_once: bool = False) -> None:
        """Put the seat's telephone into its queues, not paused: a headset, which is switched on by hand,
        before the browser phone, which is there with the page, before the desk phone."""
        phones, registered = _phones(extension), list[str]()
        self._on_each(lambda asterisk: registered.extend(_registered(asterisk, extension)))
        if not set(phones) & set(registered):
            raise NoTelephone
        if at_once:  # a queue forgets a member's last call, and with it the wrap-up, only when it leaves
            self._on_each(lambda asterisk: _ask_all(asterisk, "QueueRemove", self._places(extension)))
        queues = self._queues_of(extension)
        self._on_each(lambda asterisk: _put_into_queues(asterisk, extension, phones, queues))

    def pause(self, extension: str, reason: str) -> None:
        """Offer no calls to this seat; line breaks in `reason` become blanks."""
        orders = [
            {"Interface": phone, "Paused": "true", "Reason": " ".join(reason.split())}
            for phone in _phones(extension)
        ]
        self._on_each(lambda asterisk: _ask_all(asterisk, "QueuePause", orders))

    def sign_off(self, extension: str) -> None:
        """Take the seat out of its queues."""
        orders = self._places(extension)
        self._on_each(lambda asterisk: _ask_all(asterisk, "QueueRemove", orders))

    def align_queues(self, extension: str) -> None:
        """Move the telephones that take calls into the queues that the seat has now, paused as they are."""
        phones, queues = _phones(extension), self._queues_of(extension)
        self._on_each(lambda asterisk: _align(asterisk, extension, phones, queues))

    def queues_changed(self) -> None:
        """Tell the `hotline ivr` beside every Asterisk to write its queues anew and to align the seats."""
        # An identity of its own: what comes back with one of ours is taken for an answer.
        order = {"UserEvent": QUEUES_CHANGED, "ActionID": "queues-changed"}
        self._on_each(lambda asterisk: _ask_all(asterisk, "UserEvent", [order]))

    def _places(self, extension: str) -> list[dict[str, str]]:
        """Every telephone of the seat in every queue of it."""
        queues = self._queues_of(extension)
        return [{"Queue": queue, "Interface": phone} for phone in _phones(extension) for queue in queues]


def telephone_of(asterisk: AmiConnection, extension: str) -> str:
    """The telephone of a seat that would be rung now."""
    return _registered_phone(asterisk, extension, _phones(extension))


def reachable_telephone(asterisk: AmiConnection, extension: str) -> str:
    """As `telephone_of`, but raises `NoTelephone` where none is registered at this Asterisk."""
    registered = _registered(asterisk, extension)
    for phone in _phones(extension):
        if phone in registered:
            return phone
    raise NoTelephone


def _put_into_queues(
    asterisk: AmiConnection, extension: str, phones: tuple[str, ...], queues: Mapping[str, int]
) -> None:
    chosen = _registered_phone(asterisk, extension, phones)
    for queue, penalty in queues.items():
        _join(asterisk, queue, chosen, extension, penalty, paused=False)
    asterisk.ask("QueuePause", {"Interface": chosen, "Paused": "false"})
    others = [{"Queue": queue, "Interface": phone} for phone in phones if phone != chosen for queue in queues]
    _ask_all(asterisk, "QueueRemove", others)
    for queue in queues:
        _wake_first(asterisk, queue)


def _wake_first(asterisk: AmiConnection, queue: str) -> None:
    """Callers look once a second who is free. Have the first of them look now."""
    waiting = listed_callers(asterisk, queue)
    if waiting:
        key = {"Channel": waiting[0].get("Channel"), "Digit": WAKING_KEY, "Receive": "true"}
        with suppress(AmiRefused):  # has just hung up
            asterisk.ask("PlayDTMF", key)


def _join(
    asterisk: AmiConnection, queue: str, phone: str, extension: str, penalty: int, paused: bool
) -> None:
    place = {"Queue": queue, "Interface": phone, "Penalty": str(penalty)}
    state = {"StateInterface": headset_state(extension)} if phone == headset_interface(extension) else {}
    try:
        asterisk.ask("QueueAdd", place | state | {"MemberName": extension, "Paused": str(paused).lower()})
    except AmiRefused as refused:
        if "already there" not in refused.reason.lower():
            raise
        asterisk.ask("QueuePenalty", place)


def _align(
    asterisk: AmiConnection, extension: str, phones: tuple[str, ...], queues: Mapping[str, int]
) -> None:
    for phone in phones:
        entries = [entry for entry in listed_members(asterisk) if entry.get("Location") == phone]
        if not any(entry.get("Queue") == QUEUE for entry in entries):
            continue
        paused = all(entry.get("Paused") == "1" for entry in entries)
        for queue, penalty in queues.items():
            _join(asterisk, queue, phone, extension, penalty, paused)
        lost = {entry.get("Queue") for entry in entries} - set(queues)
        _ask_all(asterisk, "QueueRemove", [{"Queue": name, "Interface": phone} for name in sorted(lost)])


def _ask_all(asterisk: AmiConnection, action: str, orders: list[dict[str, str]]) -> None:
    for order in orders:
        unless_already(asterisk, action, order)


def _phones(extension: str) -> tuple[str, ...]:
    """The seat's interfaces, in the order in which they are preferred."""
    if not EXTENSION.fullmatch(extension):
        raise ValueError("not an extension")
    sip = f"PJSIP/{browser_endpoint(extension)}", f"PJSIP/{desk_endpoint(extension)}"
    return headset_interface(extension), *sip


def _registered_phone(asterisk: AmiConnection, extension: str, phones: tuple[str, ...]) -> str:
    registered = _registered(asterisk, extension)
    return next((phone for phone in phones if phone in registered), f"PJSIP/{browser_endpoint(extension)}")


def _registered(asterisk: AmiConnection, extension: str) -> set[str]:
    """Telephones at this Asterisk that did not fail to answer its last question."""
    contacts = {
        f"PJSIP/{entry.get('Endpoint')}"
        for entry in listed_contacts(asterisk)
        if entry.get("Status") != "Unreachable"
    }
    line = variable(asterisk, headset_line_variable(extension))
    return contacts | ({headset_interface(extension)} if line else set())

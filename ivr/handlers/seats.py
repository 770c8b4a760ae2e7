"""What the PBX says of the agents' seats: in the queue or not, paused or not, telephone registered or not.

A seat has two telephones (browser and desk); it is in the queue while one of them is, registered likewise.
Ringing, talking and wrap-up come from the calls, and are not overwritten from here. An order that follows
from an event and fails is given again by the sweep.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import structlog

from hotline.calls.models import Seat, SeatState
from hotline.calls.ports import SeatControl, TelephoneAway
from hotline.calls.queries import board
from hotline.calls.reachability import telephones_changed, watch
from hotline.calls.seats import UnknownSeat, seat_changed, seat_registered
from hotline.context import Context
from ivr.ami.events import ContactChanged, MemberChanged
from ivr.handlers.turn import Turn

_log = structlog.get_logger(__name__)
_BY_CALLS = (SeatState.RINGING, SeatState.TALKING, SeatState.BROKEN, SeatState.WRAP_UP)
_WITHOUT_A_CHANNEL = (SeatState.BROKEN, SeatState.WRAP_UP)


class Seats:
    """Keeps what the telephones of each seat do, and tells the core what that makes of the seat."""

    def __init__(self, context: Context, control: SeatControl) -> None:
        self._context = context
        self._control = control
        self._members: dict[str, dict[str, MemberChanged]] = defaultdict(dict)
        self._contacts: dict[str, set[str]] = defaultdict(set)

    def handles(self) -> Mapping[type, Callable[[Turn, Any], None]]:
        """See `Handles`."""
        return {MemberChanged: self._member_changed, ContactChanged: self._contact_changed}

    def _member_changed(self, turn: Turn, event: MemberChanged) -> None:
        """A telephone of the seat entered or left the queue, or was paused or not."""
        self._note_member(event)
        seat = self._rows().get(event.extension)
        # A word from before the seat's last change: what Asterisk said after it may still be on its way.
        is_late = seat is not None and turn.context.now() < seat.since_at
        if event.present and not is_late:
            self._tell_state(event.extension, seat)
        else:  # one that is gone has perhaps only to join anew: `make_ready` at once
            turn.later(partial(self._tell_member, event.extension))

    def _tell_member(self, extension: str) -> None:
        self._tell_state(extension, self._rows().get(extension))

    def _contact_changed(self, turn: Turn, event: ContactChanged) -> None:
        """A telephone of the seat registered, or is gone."""
        before = set(self._contacts[event.extension])
        self._note_contact(event)
        now = self._contacts[event.extension]
        seat_registered(self._context, event.extension, bool(now))
        if now != before:
            self._follow_telephones(turn, event.extension)

    def _follow_telephones(self, turn: Turn, extension: str) -> None:
        """Offer the seat's calls where it can be reached now; later, if one rings there just now."""
        try:
            done = telephones_changed(self._context, self._control, extension)
        except TelephoneAway:
            _log.warning("seats.order_failed", extension=extension)
            return
        if not done:
            turn.later(partial(self._follow_telephones, turn, extension))

    def start_again(
        self,
        members: Iterable[MemberChanged],
        contacts: Iterable[ContactChanged],
        busy: Iterable[str],
    ) -> None:
        """Forget everything; these are now the facts. `busy` are extensions whose telephone is in a call."""
        self._members.clear()
        self._contacts.clear()
        for member in members:
            self._note_member(member)
        for contact in contacts:
            self._note_contact(contact)
        rows, engaged = self._rows(), set(busy)
        for extension in sorted({*rows, *self._members, *self._contacts}):
            self._tell_all(extension, rows.get(extension), free=extension not in engaged)
        try:
            watch(self._context, self._control)
        except TelephoneAway:
            _log.warning("seats.order_failed")

    def _tell_all(self, extension: str, seat: Seat | None, free: bool) -> None:
        try:
            self._tell_state(extension, seat, free)
            if seat is not None or self._contacts[extension]:
                seat_registered(self._context, extension, bool(self._contacts[extension]))
        except UnknownSeat:
            _log.warning("seats.nobody_has_this_extension", extension=extension)

    def _note_member(self, event: MemberChanged) -> None:
        if event.present:
            self._members[event.extension][event.interface] = event
        else:
            self._members[event.extension].pop(event.interface, None)

    def _note_contact(self, event: ContactChanged) -> None:
        contact = f"{event.endpoint} {event.uri}"
        if event.reachable:
            self._contacts[event.extension].add(contact)
        else:
            self._contacts[event.extension].discard(contact)

    def _tell_state(self, extension: str, seat: Seat | None, free: bool = False) -> None:
        """`free`: the seat's telephone is in no call, so that ringing and talking cannot be true."""
        if self._context.settings.pbxs and not (free and seat and _is_here(seat, self._context)):
            return  # one Asterisk of several does not speak for the seat
        state, reason = self._wanted(extension)
        now = seat.state if seat is not None else SeatState.OFFLINE
        by_calls = now in _BY_CALLS and not (free and now not in _WITHOUT_A_CHANNEL)
        if by_calls and (state is not SeatState.OFFLINE or _is_agreed(seat)):
            return
        if (state, reason) != (now, seat.reason if seat is not None else ""):
            seat_changed(self._context, extension, state, reason)

    def _wanted(self, extension: str) -> tuple[SeatState, str]:
        members = self._members[extension].values()
        if not members:
            return SeatState.OFFLINE, ""
        if all(member.paused for member in members):
            return SeatState.PAUSED, next((member.reason for member in members if member.reason), "")
        return SeatState.READY, ""

    def _rows(self) -> dict[str, Seat]:
        with self._context.reading() as session:
            return {seat.extension: seat for seat in board(session).seats}


def _is_agreed(seat: Seat | None) -> bool:
    """What it does after its call is settled: a supervisor's log-out takes it out of the queues at once."""
    return seat is not None and seat.next_state is not None


def _is_here(seat: Seat, context: Context) -> bool:
    """The seat's call, if any, is one of this process's Asterisk."""
    return seat.call is not None and seat.call.pbx == context.settings.pbx_name

"""Asterisk's whole state, fetched after every login: what we believed and what is are made one."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta

from hotline.calls.models import CallEnd, SeatState
from hotline.calls.ports import NoTelephone
from hotline.calls.queries import board
from hotline.calls.seats import UnknownSeat
from hotline.calls.service import call_answered, call_ended, call_queued, call_ringing, leg_started, open_call
from hotline.context import Context
from hotline.monitoring.rules import is_supervisors
from hotline.monitoring.service import end_what_is_gone
from ivr import variables
from ivr.ami.client import Packet
from ivr.ami.events import ContactChanged, MemberChanged, extension_of, read_event
from ivr.ami.link import Asks
from ivr.ami.lists import headsets_among, listed_channels, listed_contacts, listed_members, listed_waits
from ivr.ami.talk_events import is_third
from ivr.control import QUEUE, TRUNK
from ivr.control.orders import variable
from ivr.control.seats import SeatOrders
from ivr.handlers.seats import Seats
from ivr.handlers.talks import Talks
from ivr.moment import began_at, context_at
from ivr.reconcile import Reconciler

# Where there are several Asterisks, each puts its name in front.
CAME_BY_ITSELF = re.compile(r"(?:[a-z][a-z0-9]{0,11}-)?\d{9,12}\.\d{1,10}")
UP = "6"  # AST_STATE_UP, https://docs.asterisk.org/ (channel states)
RINGING = "5"


class Resync:
    """One callable for the consumer; runs on its thread, so no event overtakes it."""

    def __init__(
        self, context: Context, asterisk: Asks, seats: Seats, reconciler: Reconciler, talks: Talks
    ) -> None:
        self._context = context
        self._asterisk = asterisk
        self._seats = seats
        self._reconciler = reconciler
        self._talks = talks

    def __call__(self) -> None:
        """Raises `AmiError` when Asterisk goes away meanwhile; the next login asks again."""
        self._reconciler.catch_up()
        believed, unfinished = self._live_calls(), self._reconciler.unfinished()
        channels = listed_channels(self._asterisk)
        alive = {channel.get("Linkedid") for channel in channels}
        self._reconciler.catch_up(gone=unfinished - alive)
        for linkedid in believed - alive:
            call_ended(self._context, linkedid, CallEnd.CUT_OFF)
        waits = listed_waits(self._asterisk)
        for channel in channels:
            self._caller_is_here(channel, waits)
        for channel in channels:
            self._agent_is_here(channel)
        self._talks.start_again(self._context, channels)
        legs = {channel.get("Uniqueid") for channel in channels}
        end_what_is_gone(self._context, legs, self._context.settings.pbx_name)
        if self._context.settings.pbxs:
            self._do_as_was_agreed_meanwhile()
        self._seats.start_again(self._members(), self._contacts(channels), _busy(channels))

    def _do_as_was_agreed_meanwhile(self) -> None:
        """Agents went on working with the other Asterisks: this one's queues follow the seats."""
        own = SeatOrders(self._context.settings.model_copy(update={"pbxs": ()}))
        with self._context.reading() as session:
            seats = board(session).seats
        for seat in seats:
            with suppress(NoTelephone):
                if seat.state is SeatState.OFFLINE:
                    own.sign_off(seat.extension)
                elif seat.state is SeatState.READY:
                    own.make_ready(seat.extension)
                else:
                    own.pause(seat.extension, seat.reason)

    def _live_calls(self) -> set[str]:
        with self._context.reading() as session:
            now = board(session)
            calls = (*now.waiting, *now.talking)
            return {call.linkedid for call in calls if call.pbx == self._context.settings.pbx_name}

    def _caller_is_here(self, channel: Packet, waits: Mapping[str, timedelta]) -> None:
        linkedid, name = channel.get("Linkedid"), channel.get("Channel")
        if not _came_by_trunk(channel) or not self._dialled_us(name):
            return
        number = channel.get("CallerIDNum")
        shown = None if number in ("", "<unknown>") else number
        dialled = variable(self._asterisk, variables.DIALLED, name)
        dialled = dialled or self._context.settings.hotline_number
        open_call(self._context, linkedid, shown, dialled, began_at(linkedid))
        leg_started(self._context, linkedid, linkedid, name)
        if channel.get("Application") == "Queue":
            joined_at = self._context.now() - waits.get(channel.get("Uniqueid"), timedelta())
            call_queued(context_at(self._context, joined_at), linkedid)

    def _dialled_us(self, channel: str) -> bool:
        """Whether the dialplan knows the number as one of ours: until then it is the script's to say."""
        return variable(self._asterisk, variables.KNOWN, channel) == variables.KNOWN_YES

    def _agent_is_here(self, channel: Packet) -> None:
        extension = extension_of(channel.get("Channel"))
        linkedid, uniqueid = channel.get("Linkedid"), channel.get("Uniqueid")
        if extension is None or linkedid == uniqueid or is_supervisors(uniqueid) or is_third(uniqueid):
            return
        try:
            if channel.get("ChannelState") == UP:
                call_answered(self._context, linkedid, extension, uniqueid, channel.get("Channel"))
            elif channel.get("ChannelState") == RINGING:
                call_ringing(self._context, linkedid, extension)
        except UnknownSeat:
            return

    def _members(self) -> list[MemberChanged]:
        entries = map(read_event, listed_members(self._asterisk, QUEUE))
        return [entry for entry in entries if isinstance(entry, MemberChanged)]

    def _contacts(self, channels: Sequence[Packet]) -> list[ContactChanged]:
        entries = map(read_event, listed_contacts(self._asterisk))
        headsets = [ContactChanged(name, f"headset-{name}", "") for name in headsets_among(channels)]
        return [*(entry for entry in entries if isinstance(entry, ContactChanged)), *headsets]


def _came_by_trunk(channel: Packet) -> bool:
    """Whether somebody called us: what we dial ourselves has an identity that is no time."""
    linkedid = channel.get("Linkedid")
    first = linkedid == channel.get("Uniqueid") and CAME_BY_ITSELF.fullmatch(linkedid) is not None
    # The plan may have put a number out of service that the dialplan still knows.
    served = channel.get("Context") != "not-in-service"
    return first and served and channel.get("Channel").startswith(f"PJSIP/{TRUNK}-")


def _busy(channels: Sequence[Packet]) -> set[str]:
    names = (extension_of(channel.get("Channel")) for channel in channels)
    return {name for name in names if name is not None}

"""Orders to call somebody."""

import re

from hotline.calls.ports import OwedCall
from hotline.calls.rules import OutgoingRefused, OutgoingRules, Reason
from ivr.ami.events import FOLLOW_UP
from ivr.ami.talk_events import RELAY_ORDER
from ivr.control.closing import must_stay_up
from ivr.control.orders import TRUNK, Orders, channel, dialable
from ivr.tracks import folder_of
from ivr.variables import ATTEMPT, CITIZEN, RELAY

RING_SECONDS = 30

_QUEUE = re.compile(r"[a-z0-9-]{1,40}")
_SEAT = re.compile(r"(\d{2,10})?")


class OutgoingOrders(Orders):
    """Implements `hotline.calls.ports.OutgoingControl`."""

    def call_citizen(self, number: str, attempt_id: int, channel_id: str) -> None:
        """Dial a citizen into the context `follow-up`. Raises `NotDialable` before anything is sent."""
        order = {
            "ActionID": f"{FOLLOW_UP}{attempt_id}",
            "Channel": f"PJSIP/{self._citizens(number)}@{TRUNK}",
            "ChannelId": channel(channel_id),
            "Context": "follow-up",
            "Exten": "s",
            "Priority": "1",
            "CallerID": self._settings.hotline_number,
            "Timeout": str(RING_SECONDS * 1000),
            "Async": "true",
        }
        with self._asterisk() as asterisk:
            must_stay_up(asterisk)
            asterisk.ask("Originate", order, {ATTEMPT: str(attempt_id)})

    def call_back(self, order: OwedCall) -> None:
        """Hold the place of an owed callback in its queue. Raises `NotDialable` before anything is sent."""
        number, day = self._citizens(order.number), folder_of(order.linkedid, self._settings.zone)
        if day is None or not _QUEUE.fullmatch(order.queue) or not _SEAT.fullmatch(order.extension):
            raise ValueError("not a callback, a queue or an extension")
        # Asterisk bridges with any channel whose identity begins as it is told: neither may begin the other.
        other_half = f"citizen-of-{channel(order.linkedid)}"
        headers = {
            "Channel": "Local/hold@callback/n",
            "ChannelId": channel(order.linkedid),
            "OtherChannelId": other_half,
            "Context": "callback",
            "Exten": "seat" if order.extension else "line",
            "Priority": "1",
            "CallerID": self._settings.hotline_number,
            "Timeout": str(RING_SECONDS * 1000),
            "Async": "true",
        }
        words = {
            "JOINED": str(int(order.place_at.timestamp() * 10)),
            "LINE": order.queue,
            "CITIZEN": number,
            "SEAT": order.extension,
            "__OTHER_HALF": other_half,
            "__FOLDER": day,
        }
        with self._asterisk() as asterisk:
            must_stay_up(asterisk)
            asterisk.ask("Originate", headers, words)

    def relay(self, department_number: str, citizen_number: str, relay_id: int, channel_id: str) -> None:
        """Dial the department into the context `relay`, which dials the citizen."""
        citizen, folder = self._citizens(citizen_number), folder_of(channel_id, self._settings.zone)
        order = {
            "ActionID": f"{RELAY_ORDER}{relay_id}",
            "Channel": f"PJSIP/{dialable(department_number)}@{TRUNK}",
            "ChannelId": channel(channel_id),
            "Context": "relay",
            "Exten": "s",
            "Priority": "1",
            "CallerID": self._settings.hotline_number,
            "Timeout": str(RING_SECONDS * 1000),
            "Async": "true",
        }
        given = {f"__{RELAY}": str(relay_id), "__FOLDER": folder or "", CITIZEN: citizen}
        with self._asterisk(channel_id) as asterisk:
            must_stay_up(asterisk)
            asterisk.ask("Originate", order, given)

    def _citizens(self, number: str) -> str:
        """The digits of a number that citizens have. Raises `NotDialable`."""
        digits = dialable(number)
        if not OutgoingRules(self._settings.outgoing_patterns).fits(digits):
            raise OutgoingRefused(Reason.NOT_LISTED)
        return digits

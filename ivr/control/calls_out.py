"""Orders to call somebody."""

import re

from hotline.calls.ports import NotInLine, OwedCall
from hotline.calls.rules import OutgoingRefused, OutgoingRules, Reason
from ivr.ami.client import AmiConnection, AmiRefused
from ivr.ami.events import FOLLOW_UP
from ivr.ami.talk_events import RELAY_ORDER
from ivr.control.closing import must_stay_up
from ivr.control.orders import TRUNK, Orders, channel, dialable, unless_already, variable
from ivr.tracks import folder_of
from ivr.variables import ATTEMPT, CALLED_OFF, CITIZEN, RELAY, YES

RING_SECONDS = 30
WAITS_IN = "callback"
"""Context of a callback's half until an agent is there."""

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
        other_half = _other_half(order.linkedid)
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

    def call_off(self, linkedid: str) -> None:
        """Hang up the half that would dial the citizen. It looks at `CALLED_OFF` before it dials, and we look
        for where it is after we have set that: whichever comes first, one of us sees it."""
        half, seen = _other_half(linkedid), list[str]()

        def give_up(asterisk: AmiConnection) -> None:
            try:
                asterisk.ask("Setvar", {"Channel": half, "Variable": CALLED_OFF, "Value": YES})
            except AmiRefused:
                return  # it stands at another Asterisk, or at none
            seen.append(variable(asterisk, "CONTEXT", half))
            if seen == [WAITS_IN]:
                unless_already(asterisk, "Hangup", {"Channel": half})

        self._on_each(give_up)
        if seen != [WAITS_IN]:
            raise NotInLine(dialled=bool(seen))

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


def _other_half(linkedid: str) -> str:
    """The half of a callback's channel that dials the citizen. Asterisk bridges with any channel whose
    identity begins as it is told: neither half's may begin the other's."""
    return f"citizen-of-{channel(linkedid)}"

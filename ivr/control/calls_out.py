"""Orders to call somebody."""

from ivr.ami.events import FOLLOW_UP
from ivr.control.orders import TRUNK, Orders, channel, dialable
from ivr.variables import ATTEMPT

RING_SECONDS = 30


class OutgoingOrders(Orders):
    """Implements `hotline.calls.ports.OutgoingControl`."""

    def call_citizen(self, number: str, attempt_id: int, channel_id: str) -> None:
        """Dial a citizen into the context `follow-up`. Raises `NotDialable` before anything is sent."""
        order = {
            "ActionID": f"{FOLLOW_UP}{attempt_id}",
            "Channel": f"PJSIP/{dialable(number)}@{TRUNK}",
            "ChannelId": channel(channel_id),
            "Context": "follow-up",
            "Exten": "s",
            "Priority": "1",
            "CallerID": self._settings.hotline_number,
            "Timeout": str(RING_SECONDS * 1000),
            "Async": "true",
        }
        with self._asterisk() as asterisk:
            asterisk.ask("Originate", order, {ATTEMPT: str(attempt_id)})

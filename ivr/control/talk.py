"""Orders about people who are talking."""

from ivr.control.orders import Orders, channel, unless_already


class TalkOrders(Orders):
    """Implements `hotline.calls.ports.TalkControl`."""

    def hang_up(self, channel_name: str) -> None:
        """End one channel; one that has gone already is no error."""
        order = {"Channel": channel(channel_name), "Cause": "16"}
        with self._asterisk() as asterisk:
            unless_already(asterisk, "Hangup", order)

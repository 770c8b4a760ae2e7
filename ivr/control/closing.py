"""Orders of somebody who is about to stop this machine's Asterisk: who is still there, and nobody new."""

import time
from dataclasses import dataclass

from hotline.calls.ports import TelephoneAway
from ivr.ami.link import Asks
from ivr.ami.lists import listed_channels
from ivr.control.orders import TRUNK, Orders, variable
from ivr.pbx.instance import CLOSING, NOW

LASTS_SECONDS = 10


@dataclass(frozen=True)
class GoingOn:
    """Calls with somebody outside: in which people talk, and of those who wait or leave a message."""

    talking: int = 0
    others: int = 0

    @property
    def calls(self) -> int:
        """All of them."""
        return self.talking + self.others


class ClosingOrders(Orders):
    """For this machine's Asterisk alone. All of it raises `TelephoneAway`."""

    def going_on(self) -> GoingOn:
        """Calls over the trunk, by what their people do now."""
        with self._asterisk() as asterisk:
            outside = [
                channel
                for channel in listed_channels(asterisk)
                if channel.get("Channel").startswith(f"PJSIP/{TRUNK}-")
            ]
        talk = {channel.get("Linkedid") for channel in outside if channel.get("BridgeId")}
        return GoingOn(len(talk), len({channel.get("Linkedid") for channel in outside} - talk))

    def take_no_more(self) -> None:
        """New callers are promised a callback, or sent to another machine, for `LASTS_SECONDS`: whoever waits
        for the end of the others says it again and again, and cannot leave it behind."""
        self._say(str(int(time.time()) + LASTS_SECONDS))

    def take_calls(self) -> None:
        """As before."""
        self._say("")

    def _say(self, value: str) -> None:
        with self._asterisk() as asterisk:
            asterisk.ask("Setvar", {"Variable": CLOSING, "Value": value})


def must_stay_up(asterisk: Asks) -> None:
    """Nobody is called by an Asterisk that is about to be stopped. Raises `TelephoneAway`."""
    said = variable(asterisk, CLOSING)
    if said == NOW or (said.isdecimal() and int(said) > time.time()):
        raise TelephoneAway("about to be stopped")

"""Orders of somebody who is about to stop this machine's Asterisk: who is still there, and nobody new."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from hotline.calls.machines import Closing
from hotline.calls.ports import TelephoneAway
from ivr.ami.link import Asks
from ivr.ami.lists import AsksLists, listed_channels
from ivr.control.orders import TRUNK, Orders, unless_already, variable
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
            return _going_on(asterisk)

    def take_no_more(self) -> None:
        """New callers are promised a callback, or sent to another machine, for `LASTS_SECONDS`: whoever waits
        for the end of the others says it again and again, and cannot leave it behind. Callbacks whose citizen
        has not been rung yet give their place up: they are owed as before."""
        with self._asterisk() as asterisk:
            _say(asterisk, str(int(time.time()) + LASTS_SECONDS))
            for half in listed_channels(asterisk):
                if (half.get("Context"), half.get("Exten")) == ("callback", "hold"):
                    unless_already(asterisk, "Hangup", {"Channel": half.get("Channel")})

    def take_calls(self) -> None:
        """As before."""
        with self._asterisk() as asterisk:
            _say(asterisk, "")


def _say(asterisk: Asks, value: str) -> None:
    asterisk.ask("Setvar", {"Variable": CLOSING, "Value": value})


def must_stay_up(asterisk: Asks) -> None:
    """Nobody is called by an Asterisk that is about to be stopped. Raises `TelephoneAway`."""
    said = variable(asterisk, CLOSING)
    if said == NOW or _until(said) > time.time():
        raise TelephoneAway("about to be stopped")


def closing(asterisk: Asks) -> Closing | None:
    """Whether somebody waits for the end of this Asterisk's calls, and of how many."""
    until = _until(variable(asterisk, CLOSING))
    if until <= time.time():
        return None
    return Closing(datetime.fromtimestamp(until, UTC), _going_on(asterisk).calls)


def _until(said: str) -> int:
    return int(said) if said.isdecimal() else 0


def _going_on(asterisk: AsksLists) -> GoingOn:
    outside = [
        channel
        for channel in listed_channels(asterisk)
        if channel.get("Channel").startswith(f"PJSIP/{TRUNK}-")
    ]
    talk = {channel.get("Linkedid") for channel in outside if channel.get("BridgeId")}
    return GoingOn(len(talk), len({channel.get("Linkedid") for channel in outside} - talk))

"""What shapes of calls are played with: two PBXs, telephones, orders (`tests/telephony/record_shapes.py`)."""

import secrets
import time
from dataclasses import dataclass

from hotline.calls.ports import Legs, Meeting, ThirdParty
from ivr.ami.client import AmiConnection
from ivr.ami.lists import listed_channels
from ivr.control import AmiCallControl, ami_account
from ivr.network import Line, NetworkCall, Script
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

CITIZEN, EXPERT, OTHER_EXPERT = "13800000001", "66660001", "66660002"
FIRST, SECOND, THIRD = "1001", "1002", "1003"
A_WHILE = 1.0
"""Seconds of each thing that people do: long enough to be told from a moment."""


@dataclass
class Stage:
    """Two PBXs with three agents' phones, and the orders that can be given."""

    switchboard: Switchboard
    control: AmiCallControl

    def phone(self, extension: str, script: Script) -> list[NetworkCall]:
        return self.switchboard.plug_in(extension, script).calls

    def queue(self, *extensions: str) -> None:
        for extension in extensions:
            self.switchboard.pbx.control(f"queue add member PJSIP/desk-{extension} to hotline")

    def call(self, script: Script | None = None) -> NetworkCall:
        return self.switchboard.network.citizen_calls(CITIZEN, script or holds_the_line)

    def channel(self, prefix: str) -> str:
        """Name of the one living channel of a telephone that is answered."""

        def found() -> str | None:
            with AmiConnection(ami_account(self.switchboard.settings)) as asterisk:
                up = [c.get("Channel") for c in listed_channels(asterisk) if c.get("ChannelState") == "6"]
            return next((name for name in up if name.startswith(prefix)), None)

        return until(found, 20, f"a channel {prefix}")

    def legs(self, agent: str = FIRST) -> Legs:
        return Legs(self.uniqueid("PJSIP/trunk-"), self.uniqueid(f"PJSIP/desk-{agent}-"))

    def uniqueid(self, prefix: str) -> str:
        def found() -> str | None:
            with AmiConnection(ami_account(self.switchboard.settings)) as asterisk:
                channels = listed_channels(asterisk)
            return next((c.get("Uniqueid") for c in channels if c.get("Channel").startswith(prefix)), None)

        return until(found, 20, f"a channel {prefix}")

    def talking(self) -> Legs:
        """Caller and the first agent have talked for a while."""
        legs = self.legs()
        self.bridged(legs.caller, legs.agent)
        lets_pass(A_WHILE)
        return legs

    def bridged(self, *uniqueids: str) -> None:
        """These channels are in one bridge."""

        def together() -> bool:
            with AmiConnection(ami_account(self.switchboard.settings)) as asterisk:
                bridges = {c.get("Uniqueid"): c.get("BridgeId") for c in listed_channels(asterisk)}
            ids = {bridges.get(uniqueid) for uniqueid in uniqueids}
            return len(ids) == 1 and bool(ids.pop())

        until(together, 20, "people to be together")

    def third(self, legs: Legs, meeting: Meeting, number: str = "", extension: str = "") -> str:
        name = f"third-{secrets.token_hex(4)}"
        self.control.ring_third(legs, ThirdParty(name, meeting, number, extension))
        return name

    def expert(self, number: str, script: Script | None = None) -> NetworkCall:
        return self.switchboard.network.expect_callback(number, script or picks_up)

    def ends(self, *calls: NetworkCall) -> None:
        for call in calls:
            call.wait_ended(60)


def lets_pass(seconds: float) -> None:
    """Time in which people talk: the fixture's own, nothing is waited for."""
    time.sleep(seconds)


def holds_the_line(line: Line) -> None:
    line.answer()
    line.listen_to_the_end(120)


def hangs_up_after(seconds: float) -> Script:
    def script(line: Line) -> None:
        line.answer()
        line.listen(seconds)

    return script


def picks_up(line: Line) -> None:
    line.ring(0.3)
    line.answer()
    line.listen_to_the_end(120)


def picks_up_for(seconds: float) -> Script:
    def script(line: Line) -> None:
        line.ring(0.3)
        line.answer()
        line.listen(seconds)

    return script


def rings_on(line: Line) -> None:
    line.ring(60)


def goes_silent_once(then: Script, talks: float = 0.5) -> Script:
    """A telephone whose first call loses its audio after `talks` seconds; with later ones it does `then`."""
    calls: list[Line] = []

    def script(line: Line) -> None:
        calls.append(line)
        if len(calls) > 1:
            then(line)
            return
        line.answer()
        line.listen(talks)
        line.fall_silent()
        line.listen_to_the_end(60)

    return script

"""Orders about native headsets: `asterisk_conf/hotline/dialplan/headset.j2` does the rest."""

import secrets
import time

from hotline.calls.ports import NoHeadsetCall, TelephoneAway
from ivr.ami.client import AmiConnection, AmiRefused
from ivr.control.orders import Orders, unless_already, variable
from ivr.pbx.seats import EXTENSION, headset_line_variable

_LINE = "WebSocket/INCOMING/c(slin)"
_CONNECTION = "MEDIA_WEBSOCKET_CONNECTION_ID"
_CONNECT_MS = 10_000
"""How long the headset may take to fetch its line."""
_OPEN_SECONDS = 2.0
_POLL_SECONDS = 0.01
_LEAD_SECONDS = 3.0
# What Asterisk 22 says of a channel that it is redirecting just now, as of one that is going.
_NOT_YET = "channel not up"
_ENDED = "16"  # Q.850: normal clearing


class HeadsetOrders(Orders):
    """Implements `hotline.calls.ports.HeadsetControl`. A headset's line is at one Asterisk."""

    def open_line(self, extension: str) -> str:
        """Originate the line, and return its connection id."""
        name = f"headset-{_checked(extension)}-{secrets.token_hex(8)}"
        order = {
            "Channel": _LINE,
            "ChannelId": name,
            "Context": "headset-line",
            "Exten": extension,
            "Priority": "1",
            "Timeout": str(_CONNECT_MS),
            "Async": "true",
        }
        with self._asterisk() as asterisk:
            _hang_up(asterisk, variable(asterisk, headset_line_variable(extension)))
            asterisk.ask("Originate", order)
            return _connection_id(asterisk, name)

    def close_line(self, extension: str) -> None:
        """One that is closed already is no error."""
        with self._asterisk() as asterisk:
            _hang_up(asterisk, variable(asterisk, headset_line_variable(_checked(extension))))

    def headset_rings(self, extension: str) -> None:
        """In time: the dialplan waits a second."""
        self._lead(extension, "headset-rings")

    def headset_answers(self, extension: str) -> None:
        """The dialplan bridges the call with the line."""
        self._lead(extension, "headset-talks")

    def headset_hangs_up(self, extension: str) -> None:
        """The line itself stays."""
        with self._asterisk() as asterisk:
            order = {"Channel": _call(asterisk, extension), "Cause": _ENDED}
            unless_already(asterisk, "Hangup", order)

    def _lead(self, extension: str, context: str) -> None:
        with self._asterisk() as asterisk:
            order = {"Channel": _call(asterisk, extension), "Context": context}
            due = time.monotonic() + _LEAD_SECONDS
            while not _redirected(asterisk, order | {"Exten": extension, "Priority": "1"}):
                if time.monotonic() > due:
                    raise NoHeadsetCall
                time.sleep(_POLL_SECONDS)


def _redirected(asterisk: AmiConnection, order: dict[str, str]) -> bool:
    """False while an earlier redirect of this channel is not carried out yet. Raises `NoHeadsetCall`."""
    try:
        asterisk.ask("Redirect", order)
    except AmiRefused as refused:
        if _NOT_YET in refused.reason.lower():
            return False
        raise NoHeadsetCall from None
    return True


def _checked(extension: str) -> str:
    if not EXTENSION.fullmatch(extension):
        raise ValueError("not an extension")
    return extension


def _call(asterisk: AmiConnection, extension: str) -> str:
    """The channel of the dialplan that rings this headset, or has it talking."""
    if found := variable(asterisk, f"HEADSET_CALL_{_checked(extension)}"):
        return found
    raise NoHeadsetCall


def _connection_id(asterisk: AmiConnection, channel: str) -> str:
    due = time.monotonic() + _OPEN_SECONDS
    while time.monotonic() < due:
        if found := variable(asterisk, _CONNECTION, channel):
            return found
        time.sleep(_POLL_SECONDS)
    raise TelephoneAway("no line")


def _hang_up(asterisk: AmiConnection, channel: str) -> None:
    if channel:
        unless_already(asterisk, "Hangup", {"Channel": channel, "Cause": _ENDED})

"""Orders about native headsets: `asterisk_conf/hotline/dialplan/headset.j2` does the rest."""

import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed

from hotline.calls.ports import HeadsetLine, NoHeadsetCall, TelephoneAway
from hotline.line_settings import PbxAddress
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
    """Implements `hotline.calls.ports.HeadsetControl`. A headset's line is at one Asterisk of several."""

    def open_line(self, extension: str) -> HeadsetLine:
        """Each Asterisk has its share of the headsets; where that one is away, the next one is taken."""
        share = int(_checked(extension)) % len(self._settings.all_pbxs)
        pbxs = (*self._settings.all_pbxs[share:], *self._settings.all_pbxs[:share])
        line, away = None, list[TelephoneAway]()
        for pbx in pbxs:
            try:
                with self._asterisk_at(pbx) as asterisk:
                    _hang_up(asterisk, variable(asterisk, headset_line_variable(extension)))
                    line = line or HeadsetLine(pbx, _opened(asterisk, extension))
            except TelephoneAway as error:
                away.append(error)
        if line is None:
            raise away[0]
        return line

    def close_line(self, extension: str) -> None:
        """One that is closed already is no error."""
        name = headset_line_variable(_checked(extension))
        self._on_each(lambda asterisk: _hang_up(asterisk, variable(asterisk, name)))

    def headset_rings(self, extension: str) -> None:
        """In time: the dialplan waits a second."""
        self._where_it_is_called(lambda asterisk: _lead(asterisk, extension, "headset-rings"))

    def headset_answers(self, extension: str) -> None:
        """The dialplan bridges the call with the line."""
        self._where_it_is_called(lambda asterisk: _lead(asterisk, extension, "headset-talks"))

    def headset_hangs_up(self, extension: str) -> None:
        """The line itself stays."""

        def hang_up(asterisk: AmiConnection) -> None:
            order = {"Channel": _call(asterisk, extension), "Cause": _ENDED}
            unless_already(asterisk, "Hangup", order)

        self._where_it_is_called(hang_up)

    def _where_it_is_called(self, act: Callable[[AmiConnection], None]) -> None:
        """All are asked at once: one whose machine is gone is silent for longer than a ring waits for us."""

        def ask(pbx: PbxAddress) -> None:
            with self._asterisk_at(pbx) as asterisk:
                act(asterisk)

        pool, refusals = (
            ThreadPoolExecutor(len(self._settings.all_pbxs)),
            list[NoHeadsetCall | TelephoneAway](),
        )
        try:
            for asked in as_completed([pool.submit(ask, pbx) for pbx in self._settings.all_pbxs]):
                try:
                    return asked.result()
                except (NoHeadsetCall, TelephoneAway) as refusal:
                    refusals.append(refusal)
        finally:
            pool.shutdown(wait=False)
        raise next((each for each in refusals if isinstance(each, NoHeadsetCall)), refusals[0])


def _lead(asterisk: AmiConnection, extension: str, context: str) -> None:
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


def _opened(asterisk: AmiConnection, extension: str) -> str:
    """Originate the line, and return its connection id."""
    name = f"headset-{extension}-{secrets.token_hex(8)}"
    order = {
        "Channel": _LINE,
        "ChannelId": name,
        "Context": "headset-line",
        "Exten": extension,
        "Priority": "1",
        "Timeout": str(_CONNECT_MS),
        "Async": "true",
    }
    asterisk.ask("Originate", order)
    return _connection_id(asterisk, name)


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

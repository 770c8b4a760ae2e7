"""Orders about callers who wait."""

from collections.abc import Sequence

import structlog

from hotline.calls.ports import WaitToTell
from ivr.ami.client import AmiConnection, AmiRefused
from ivr.control.orders import Orders, channel

_LANGUAGE = "CHANNEL(language)"
_log = structlog.get_logger(__name__)


class WaitingOrders(Orders):
    """Implements `hotline.calls.ports.WaitingControl`."""

    def announce_waits(self, waits: Sequence[WaitToTell]) -> None:
        """Give each caller's channel the language in which the estimate is found (`ivr.prompts.waits`)."""
        for pbx_waits in self._by_pbx(waits):
            with self._asterisk(pbx_waits[0].linkedid) as asterisk:
                for wait in pbx_waits:
                    self._announce(asterisk, wait)

    def _by_pbx(self, waits: Sequence[WaitToTell]) -> list[list[WaitToTell]]:
        groups: dict[str, list[WaitToTell]] = {}
        for wait in waits:
            groups.setdefault(self._whose(wait.linkedid).name, []).append(wait)
        return list(groups.values())

    def _announce(self, asterisk: AmiConnection, wait: WaitToTell) -> None:
        """Who has gone meanwhile, or a sound that cannot be made, is passed over: plain words remain."""
        from ivr.prompts.waits import ensure_wait  # slow to import

        leg = channel(wait.linkedid)
        try:
            spoken = asterisk.ask("Getvar", {"Channel": leg, "Variable": _LANGUAGE}).get("Value")
            language = ensure_wait(self._settings, spoken, wait.position, wait.seconds)
            asterisk.ask("Setvar", {"Channel": leg, "Variable": _LANGUAGE, "Value": language})
        except (AmiRefused, OSError, ValueError) as error:
            _log.warning("waiting.not_told", error=type(error).__name__)

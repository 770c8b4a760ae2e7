"""Lets Asterisk read its certificate anew when the files have changed: nothing restarts, no call is touched.

Asterisk 22 opens its listeners for TLS and WSS again with what the files hold by then, and leaves connections
that exist alone (`tests/telephony/test_line_encrypted.py`).
"""

import threading

import structlog

from hotline.config import Settings
from ivr.ami.client import AmiError
from ivr.ami.link import Asks
from ivr.pbx.certificates import Certificates

EVERY_SECONDS = 5.0
_MODULES = ("http", "res_pjsip.so")

_log = structlog.get_logger(__name__)


class CertificateKeeper:
    """Looks every few seconds whether certificate or key are others than before.

    Asterisk is told at the first look, too: it may have started before they changed, and does nothing where
    they are what it has. Of a pair that does not belong together it is not told: `hotline check` says so.
    """

    def __init__(self, settings: Settings, asterisk: Asks) -> None:
        self._wanted = settings.uses_tls
        self._certificates = Certificates(settings.tls_folder)
        self._asterisk = asterisk
        self._in_use = ""

    def run(self, stop: threading.Event) -> None:
        """Until `stop`; at once back where nothing uses TLS."""
        while self._wanted and not stop.wait(EVERY_SECONDS):
            self.look()

    def look(self) -> bool:
        """Once; True if Asterisk was told. What cannot be done now is tried again at the next look."""
        present = self._certificates.fingerprint()
        if present in ("", self._in_use):
            return False
        try:
            for module in _MODULES:
                self._asterisk.ask("Command", {"Command": f"module reload {module}"})
        except AmiError as error:
            _log.warning("certificate.not_taken", error=type(error).__name__)
            return False
        self._in_use = present
        _log.info("certificate.taken")
        return True

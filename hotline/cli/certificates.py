"""Certificates for TLS, WSS and SRTP of the line."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hotline.cli.failure import CommandFailed
from hotline.config import Settings
from ivr.pbx.certificates import CertificateError, Certificates


def make(settings: Settings, names: Sequence[str], days: int, renew: bool) -> list[str]:
    """What was done, in sentences. Raises `CommandFailed`."""
    certificates = Certificates(settings.tls_folder)
    try:
        known = [] if names else certificates.names()
        wanted = list(dict.fromkeys([*names, *known, settings.sip_host]))
        made = certificates.ensure(wanted, datetime.now(UTC), timedelta(days=days), renew)
        until = certificates.expires_at()
    except CertificateError as error:
        raise CommandFailed(str(error)) from None
    done = "made" if made else "is good"
    told = [
        f"{certificates.server} {done}: for {', '.join(wanted)}, until {until:%Y-%m-%d}.",
        f"Telephones must trust {certificates.authority}.",
    ]
    if not (settings.sip_tls_port or settings.websocket_tls_port):
        told.append("Nothing uses it yet: set HOTLINE_SIP_TLS_PORT=5061 and HOTLINE_WEBSOCKET_TLS_PORT=8089.")
    elif made:
        told.append("A running PBX takes it within seconds; calls and registrations go on.")
    return told

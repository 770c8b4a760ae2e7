"""What `hotline check` says of the server by which letters go out."""

from collections.abc import Mapping

from hotline.checking import Finding
from hotline.config import Settings
from hotline.outbox.rules import Away, Reason
from hotline.outbox.smtp import opened

_FAULTS: Mapping[Reason, str] = {
    Reason.NO_PASSWORD: "the file of HOTLINE_SMTP_PASSWORD_FILE cannot be read",
    Reason.UNREACHABLE: "nobody answers there, or not with this HOTLINE_SMTP_SECURITY",
    Reason.NOT_TRUSTED: "this machine does not trust its certificate",
    Reason.REFUSED: "it refuses the user name or the password",
    Reason.CONFUSED: "it does not talk as asked: perhaps no mail server, or without STARTTLS or a sign-in",
    Reason.NOT_NOW: "it lets nobody in now",
}


def outgoing_mail(settings: Settings) -> Finding:
    """The server lets us in; nothing is sent."""
    shown = f"{settings.smtp_sender} by {settings.smtp_host}, port {settings.smtp_port}"
    try:
        with opened(settings):
            return Finding("outgoing mail", ok=True, what=shown)
    except Away as away:
        what = f"{shown}: {_FAULTS.get(away.reason, away.reason.value)}"
        return Finding("outgoing mail", False, what, "look at the HOTLINE_SMTP_ settings and the server")

"""What `hotline check` says of the servers by which letters come and go."""

from collections.abc import Iterator, Mapping

from hotline.checking import Finding
from hotline.config import Settings
from hotline.mailbox import imap
from hotline.mailbox.rules import Away as MailboxAway
from hotline.outbox import smtp
from hotline.outbox.rules import Away, Reason

_FAULTS: Mapping[Reason, str] = {
    Reason.NO_PASSWORD: "the file of HOTLINE_SMTP_PASSWORD_FILE cannot be read",
    Reason.UNREACHABLE: "nobody answers there, or not with this HOTLINE_SMTP_SECURITY",
    Reason.NOT_TRUSTED: "this machine does not trust its certificate",
    Reason.REFUSED: "it refuses the user name or the password",
    Reason.CONFUSED: "it does not talk as asked: perhaps no mail server, or without STARTTLS or a sign-in",
    Reason.NOT_NOW: "it lets nobody in now",
}


def mail(settings: Settings) -> Iterator[Finding]:
    """Of each server that is set."""
    if settings.mailbox_host:
        yield mailbox(settings)
    if settings.smtp_host:
        yield outgoing_mail(settings)


def mailbox(settings: Settings) -> Finding:
    """The mailbox lets us in and shows its folder."""
    shown = f"{settings.mailbox_folder} at {settings.mailbox_host}"
    try:
        with imap.opened(settings):
            return Finding("mailbox", ok=True, what=shown)
    except MailboxAway as away:
        what = f"{shown}: {away.reason.value.replace('_', ' ')}"
        return Finding("mailbox", False, what, "look at the HOTLINE_MAILBOX_ settings and the server")


def outgoing_mail(settings: Settings) -> Finding:
    """The server lets us in; nothing is sent."""
    shown = f"{settings.smtp_sender} by {settings.smtp_host}, port {settings.smtp_port}"
    try:
        with smtp.opened(settings):
            return Finding("outgoing mail", ok=True, what=shown)
    except Away as away:
        what = f"{shown}: {_FAULTS.get(away.reason, away.reason.value)}"
        return Finding("outgoing mail", False, what, "look at the HOTLINE_SMTP_ settings and the server")

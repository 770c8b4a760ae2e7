"""The server that takes our letters, by smtplib (RFC 5321): the one module that knows it."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from pathlib import Path

from hotline.config import Settings
from hotline.outbox.rules import Away, NotTaken, Reason

PATIENCE_S = 30.0
_FOR_GOOD = 500
_CLOSING = 421


class Server:
    """A server that has let us in."""

    def __init__(self, link: smtplib.SMTP) -> None:
        self._link = link

    def send(self, letter: EmailMessage) -> None:
        """It has taken the letter. Raises `NotTaken` for this one, `Away` where it takes no other either."""
        with _talking():
            try:
                self._link.send_message(letter)
            except smtplib.SMTPRecipientsRefused as error:
                code = max(said for said, _words in error.recipients.values())
                raise _not_taken(code, Reason.REFUSED_ADDRESS) from None
            except smtplib.SMTPDataError as error:
                raise _not_taken(error.smtp_code, Reason.REFUSED_LETTER) from None


@contextmanager
def opened(settings: Settings) -> Iterator[Server]:
    """The server of the settings, signed in where there is a user. Raises `Away`."""
    password = _password(settings) if settings.smtp_user else ""
    with _talking():
        link = _connected(settings)
    try:
        with _talking():
            if settings.smtp_security == "starttls":
                link.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                link.login(settings.smtp_user, password)
        yield Server(link)
    finally:
        with suppress(OSError):  # it is over in any case; smtplib's errors are OSErrors
            link.quit()
        link.close()


def _connected(settings: Settings) -> smtplib.SMTP:
    host, port, name = settings.smtp_host, settings.smtp_port, settings.smtp_sender.partition("@")[2]
    if settings.smtp_security == "tls":
        trusted = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port, name, timeout=PATIENCE_S, context=trusted)
    return smtplib.SMTP(host, port, name, timeout=PATIENCE_S)


def _password(settings: Settings) -> str:
    try:
        return Path(settings.smtp_password_file).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise Away(Reason.NO_PASSWORD) from None


def _not_taken(code: int, reason: Reason) -> Away | NotTaken:
    if code == _CLOSING:
        return Away(Reason.UNREACHABLE)
    for_good = code >= _FOR_GOOD
    return NotTaken(reason if for_good else Reason.NOT_NOW, for_good)


@contextmanager
def _talking() -> Iterator[None]:
    """Never the server's words: they may quote an address."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        raise Away(Reason.REFUSED if error.smtp_code >= _FOR_GOOD else Reason.NOT_NOW) from None
    except smtplib.SMTPSenderRefused as error:
        raise Away(Reason.REFUSED_SENDER if error.smtp_code >= _FOR_GOOD else Reason.NOT_NOW) from None
    except smtplib.SMTPServerDisconnected:
        raise Away(Reason.UNREACHABLE) from None
    except smtplib.SMTPException:  # it is an OSError too
        raise Away(Reason.CONFUSED) from None
    except ssl.SSLCertVerificationError:
        raise Away(Reason.NOT_TRUSTED) from None
    except (OSError, UnicodeError):
        raise Away(Reason.UNREACHABLE) from None

"""The mailbox over IMAP (RFC 9051), by imap-tools: the one module that knows it. Nothing there is changed."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted, MailMessage
from imap_tools.errors import ImapToolsError, MailboxLoginError

from hotline.config import Settings
from hotline.mailbox.rules import Away, Reason

PATIENCE_S = 30.0
_CONFUSED = (ImapToolsError, imaplib.IMAP4.error, ValueError, KeyError, IndexError, TypeError, AttributeError)


class Head(NamedTuple):
    """A letter in the mailbox: its number there, its bytes, and its headings."""

    uid: int
    size: int
    headings: bytes


class _AsItCame(MailMessage):
    """Keeps the bytes, which our own reader reads: a letter that breaks a parser must not break the talk."""

    def __init__(self, fetch_data: list[object]) -> None:
        raw, self._raw_uid_data, self._raw_flag_data = self._get_message_data_parts(fetch_data)
        self.raw: bytes = raw


class Mailbox:
    """One folder, opened for reading. Every method raises `Away`."""

    def __init__(self, box: BaseMailBox, folder: str) -> None:
        with _asking():
            status = box.folder.status(folder, ("UIDVALIDITY", "UIDNEXT"))
            box.folder.set(folder, readonly=True)
            self.validity, self.next_uid = int(status["UIDVALIDITY"]), int(status["UIDNEXT"])
        self._box = box

    def before_unread(self) -> int:
        """The number before the oldest letter that nobody has read, or before the next to come."""
        with _asking():
            unread = [int(uid) for uid in self._box.uids("UNSEEN")]
        return min(unread, default=self.next_uid) - 1

    def newer(self, last_uid: int, most: int) -> list[Head]:
        """The oldest letters after this number."""
        with _asking():
            # `n:*` names the newest letter also where its number is below n.
            newer = sorted(uid for uid in map(int, self._box.uids(f"UID {last_uid + 1}:*")) if uid > last_uid)
            return [self._head(uid) for uid in newer[:most]]

    def raw(self, uid: int) -> bytes:
        """The whole letter; empty where it is no longer there."""
        with _asking():
            return self._one(uid, headers_only=False).raw

    def _head(self, uid: int) -> Head:
        one = self._one(uid, headers_only=True)
        return Head(uid, one.size_rfc822, one.raw)

    def _one(self, uid: int, headers_only: bool) -> _AsItCame:
        found = self._box.fetch(f"UID {uid}", mark_seen=False, headers_only=headers_only)
        return next((one for one in found if isinstance(one, _AsItCame)), _AsItCame([(b"", b"")]))


@contextmanager
def opened(settings: Settings) -> Iterator[Mailbox]:
    """The mailbox of the settings. Raises `Away`."""
    password = _password(settings)
    with _asking():
        box = _connected(settings)
    box.email_message_class = _AsItCame
    try:
        with _asking():
            box.login(settings.mailbox_user, password, initial_folder=None)
        yield Mailbox(box, settings.mailbox_folder)
    finally:
        with suppress(OSError, *_CONFUSED):  # it is over in any case
            box.logout()
        with suppress(OSError):  # a line that broke is closed, too
            box.client.shutdown()


def _connected(settings: Settings) -> BaseMailBox:
    host, port = settings.mailbox_host, settings.mailbox_port
    if settings.mailbox_security == "none":
        return MailBoxUnencrypted(host, port, timeout=PATIENCE_S)
    secured = {"timeout": PATIENCE_S, "ssl_context": ssl.create_default_context()}
    kind = MailBoxStartTls if settings.mailbox_security == "starttls" else MailBox
    return kind(host, port, **secured)


def _password(settings: Settings) -> str:
    try:
        return Path(settings.mailbox_password_file).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise Away(Reason.NO_PASSWORD) from None


@contextmanager
def _asking() -> Iterator[None]:
    """Never the server's words: they may quote an address."""
    try:
        yield
    except MailboxLoginError:
        raise Away(Reason.REFUSED) from None
    except OSError:
        raise Away(Reason.UNREACHABLE) from None
    except imaplib.IMAP4.abort:
        raise Away(Reason.UNREACHABLE) from None
    except _CONFUSED:
        raise Away(Reason.CONFUSED) from None

"""A real SMTP server for tests, which keeps the letters that it takes and refuses what it is told to."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.ports import free_port

USER, PASSWORD = "12345", "not so secret"


@dataclass
class Post:
    """Letters as they came, in their order. `refuses`: the answer to an address, or to `DATA`."""

    raw: list[bytes] = field(default_factory=list)
    addressed: list[str] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)

    @property
    def letters(self) -> list[EmailMessage]:
        """The same, read."""
        found = [message_from_bytes(raw, policy=default) for raw in self.raw]
        return [one for one in found if isinstance(one, EmailMessage)]

    async def handle_MAIL(  # noqa: N802 (the library's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """From whom it comes; of nobody who has not signed in."""
        if not session.authenticated:
            return "530 sign in first"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """To whom it goes."""
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """The letter."""
        await asyncio.sleep(0)
        if "DATA" in self.refuses:
            return self.refuses["DATA"]
        assert isinstance(envelope.original_content, bytes)
        self.raw.append(envelope.original_content)
        self.addressed.extend(envelope.rcpt_tos)
        return "250 OK"


def _sign_in(server: SMTP, session: Session, envelope: Envelope, way: str, told: object) -> AuthResult:
    assert isinstance(told, LoginPassword)
    right = (told.login, told.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=right)


@contextmanager
def smtp_server(post: Post, port: int = 0, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """The port that it listens at; with `tls` it wants STARTTLS."""
    port = port or free_port()
    controller = Controller(
        post,
        hostname="127.0.0.1",
        port=port,
        authenticator=_sign_in,
        auth_require_tls=False,
        tls_context=tls,
        require_starttls=tls is not None,
        ready_timeout=60,
    )
    controller.start()
    try:
        yield port
    finally:
        controller.stop()

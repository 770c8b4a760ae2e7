"""A small IMAP server on 127.0.0.1 (of RFC 9051 what a client needs that only reads), for tests."""

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.ports import free_port

USER, PASSWORD = "hotline@city.example", "a secret"


@dataclass
class Letters:
    """What lies in the folder. `validity` changes when a server makes its box anew."""

    validity: int = 1
    kept: dict[int, bytes] = field(default_factory=dict)
    read: set[int] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    breaks_at: int = 0
    """In the middle of this letter the line goes down."""

    def put(self, *letters: bytes) -> None:
        """Letters arrive."""
        for letter in letters:
            self.kept[max(self.kept, default=0) + 1] = letter


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads, block_on_close = True, True, False
    letters: Letters

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that does not trust us goes away in the middle."""


class _Talk(socketserver.StreamRequestHandler):
    server: _Server
    disable_nagle_algorithm = True  # an answer of several pieces waits for nothing

    def handle(self) -> None:
        self._say("* OK ready")
        for line in self.rfile:
            tag, _, words = line.decode().strip().partition(" ")
            self.server.letters.asked.append(words.replace(PASSWORD, "..."))
            if not self._obey(tag, words):
                return

    def _obey(self, tag: str, words: str) -> bool:
        letters, command = self.server.letters, words.upper()
        if command.startswith("LOGIN") and PASSWORD not in words:
            self._say(f"{tag} NO wrong name or password")
            return True
        if command == "CAPABILITY":
            self._say("* CAPABILITY IMAP4rev1")
        elif command == "LOGOUT":
            self._say("* BYE", f"{tag} OK done")
            return False
        elif command.startswith("STATUS"):
            after = max(letters.kept, default=0) + 1
            self._say(f"* STATUS INBOX (UIDVALIDITY {letters.validity} UIDNEXT {after})")
        elif command.startswith(("EXAMINE", "SELECT")):
            self._say(f"* {len(letters.kept)} EXISTS", f"* OK [UIDVALIDITY {letters.validity}] fine")
        elif command.startswith("UID SEARCH"):
            self._say(" ".join(["* SEARCH", *map(str, self._search(command))]))
        elif command.startswith("UID FETCH") and not self._fetch(command):
            return False
        self._say(f"{tag} OK done")
        return True

    def _search(self, command: str) -> list[int]:
        letters = self.server.letters
        if "UNSEEN" in command:
            return [uid for uid in letters.kept if uid not in letters.read]
        found = re.search(r"UID (\d+)(:\*)?$", command)
        assert found is not None, command
        first = int(found[1])
        if not found[2]:
            return [uid for uid in letters.kept if uid == first]
        newest = max(letters.kept, default=0)  # `n:*` is a range in either direction
        return [uid for uid in letters.kept if min(first, newest) <= uid <= max(first, newest)]

    def _fetch(self, command: str) -> bool:
        letters = self.server.letters
        uid = int(command.split()[2])
        letter = letters.kept[uid]
        wants_head = "HEADER" in command
        sent = letter.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if wants_head else letter
        part = "BODY[HEADER]" if wants_head else "BODY[]"
        self._say(f"* {uid} FETCH (UID {uid} FLAGS () RFC822.SIZE {len(letter)} {part} {{{len(sent)}}}")
        if uid == letters.breaks_at and not wants_head:
            self.wfile.write(sent[: len(sent) // 2])
            return False
        self.wfile.write(sent + b")\r\n")
        return True

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


@contextmanager
def imap_server(letters: Letters, port: int = 0, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """The port that it listens at."""
    port = port or free_port()
    with _Server(("127.0.0.1", port), _Talk) as server:
        server.letters = letters
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="imap")
        thread.start()
        try:
            yield port
        finally:
            server.shutdown()
            thread.join()


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's side of TLS for 127.0.0.1, and the certificate that a client has to trust."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")]),
    )
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = (
        made.serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
    )
    address = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    signed = made.add_extension(address, critical=False).sign(key, hashes.SHA256())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public, private = folder / "mail.pem", folder / "mail-key.pem"
    public.write_bytes(signed.public_bytes(Encoding.PEM))
    private.write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, public

"""SIP written by hand over UDP: what no telephone would send."""

import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import md5
from itertools import count


@dataclass
class RawSip:
    """A stranger at an address of their own."""

    line: socket.socket
    hotline: tuple[str, int]
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def address(self) -> str:
        """`host:port` of the stranger."""
        host, port = self.line.getsockname()
        return f"{host}:{port}"

    def message(
        self, method: str, user: str, headers: str = "", call_id: str = "", body: str = "", to: str = ""
    ) -> bytes:
        """A request, well-formed but for what the arguments put into it. `headers` are whole lines."""
        number = next(self._numbers)
        lines = (
            f"{method} sip:{to or 'hotline'}@{self.hotline[0]} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.address};branch=z9hG4bK{self.line.getsockname()[1]}x{number}",
            f"From: <sip:{user}@{self.hotline[0]}>;tag={number}",
            f"To: <sip:{to or user}@{self.hotline[0]}>",
            f"Call-ID: {call_id or f'{self.line.getsockname()[1]}-{number}'}",
            f"CSeq: {number} {method}",
            f"Contact: <sip:{self.address}>",
            "Max-Forwards: 70",
        )
        kind = "Content-Type: application/sdp\r\n" if body else ""
        end = f"{headers}{kind}Content-Length: {len(body.encode())}\r\n\r\n{body}"
        return ("\r\n".join(lines) + "\r\n" + end).encode("utf-8", errors="surrogateescape")

    def ask(self, message: bytes, seconds: float = 20) -> str:
        """Send, and return the first answer to this (an earlier one may be told again meanwhile); empty if
        there is none in time."""
        self.send(message)
        [asked] = re.findall(rb"\r\n(CSeq: [^\r]+)\r\n", message)
        return self._answer(seconds, asked.decode())

    def is_answered(self, message: bytes, seconds: float = 20) -> bool:
        """Send; whether anything at all comes back in time."""
        self.send(message)
        return bool(self._answer(seconds, ""))

    def _answer(self, seconds: float, words: str) -> str:
        due = time.monotonic() + seconds
        with suppress(TimeoutError):
            while (left := due - time.monotonic()) > 0:
                self.line.settimeout(left)
                answer = self.line.recv(65536).decode("utf-8", errors="replace")
                if words in answer:
                    return answer
        return ""

    def send(self, message: bytes) -> None:
        """Send; wait for nothing."""
        self.line.sendto(message, self.hotline)

    def guess(self, user: str, password: str, call_id: str = "") -> str:
        """Try to register with a password; the first line of the answer."""
        challenge = self.ask(self.message("REGISTER", user, call_id=call_id))
        headers = authorization(challenge, user, password)
        return self.ask(self.message("REGISTER", user, headers, call_id)).split("\r\n")[0]

    def invite(self, user: str, password: str, dialled: str) -> str:
        """Dial with an account; the first line of the last answer."""
        host, port = self.line.getsockname()
        offer = _OFFER.format(host=host, port=port)
        challenge = self.ask(self.message("INVITE", user, to=dialled, body=offer))
        headers = authorization(challenge, user, password, "INVITE")
        dialling = self.message("INVITE", user, headers, to=dialled, body=offer)
        answer = self.ask(dialling)
        while answer.startswith("SIP/2.0 1"):
            [cseq] = re.findall(r"\r\n(CSeq: [^\r]+)\r\n", answer)
            answer = self._answer(20, cseq)
        return answer.split("\r\n")[0]


_OFFER = """v=0
o=- 1 1 IN IP4 {host}
s=-
c=IN IP4 {host}
t=0 0
m=audio {port} RTP/AVP 8
a=rtpmap:8 PCMA/8000
"""


def authorization(challenge: str, user: str, password: str, method: str = "REGISTER") -> str:
    """The header that answers a challenge (RFC 2617, qop=auth), with its line end."""
    values = dict(re.findall(r'(nonce|opaque)="([^"]*)"', challenge))
    uri = "sip:hotline"
    secret, deed = _md5(f"{user}:asterisk:{password}"), _md5(f"{method}:{uri}")
    response = _md5(f"{secret}:{values['nonce']}:00000001:c:auth:{deed}")
    return (
        f'Authorization: Digest username="{user}", realm="asterisk", nonce="{values["nonce"]}", uri="{uri}", '
        f'response="{response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="c", '
        f'opaque="{values["opaque"]}"\r\n'
    )


@contextmanager
def stranger(host: str, hotline: tuple[str, int]) -> Iterator[RawSip]:
    """Somebody at `host`, at any free port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind((host, 0))
        yield RawSip(line, hotline)


def _md5(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()

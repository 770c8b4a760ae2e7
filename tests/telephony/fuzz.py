"""Noise with a seed: SIP, RTP, AGI and AMI as somebody would send it who wants to break us.

The same seed makes the same noise. `FUZZ_ROUNDS=50` in the environment makes it fifty times as long, and
`FUZZ_SEED=7` another noise.
"""

import os
import random
import struct
from collections.abc import Callable, Iterator

ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "1"))
SEED = int(os.environ.get("FUZZ_SEED", "12345"))

_LARGEST_DATAGRAM = 60_000
_ODD = "\u202e\u0000\ud83d\ude00民声\u0301" + "\u2028\ufeff\x7f"
_METHODS = (
    "INVITE",
    "REGISTER",
    "OPTIONS",
    "BYE",
    "ACK",
    "CANCEL",
    "INFO",
    "SUBSCRIBE",
    "PUBLISH",
    "NONSENSE",
)

Mutation = Callable[[random.Random, bytes], bytes]


def noise(chance: random.Random, most: int = 400) -> bytes:
    """Any bytes."""
    return chance.randbytes(chance.randrange(1, most))


def sip_messages(chance: random.Random, valid: Callable[[str], bytes], count: int) -> Iterator[bytes]:
    """`count` malformed requests; `valid` makes a well-formed one of a method."""
    for _ in range(count):
        message = valid(chance.choice(_METHODS))
        for mutation in chance.sample(_SIP_MUTATIONS, chance.choice((1, 1, 2, 3))):
            message = mutation(chance, message)
        yield message[:_LARGEST_DATAGRAM]


def _truncated(chance: random.Random, message: bytes) -> bytes:
    return message[: chance.randrange(1, len(message))]


def _flipped(chance: random.Random, message: bytes) -> bytes:
    """A few bits are the other way round."""
    flipped = bytearray(message)
    for _ in range(chance.randrange(1, 12)):
        flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
    return bytes(flipped)


def _with_huge_header(chance: random.Random, message: bytes) -> bytes:
    name = chance.choice((b"X-Long", b"From", b"Subject", b"Via", b"Route", b"Authorization", b"Contact"))
    line = (
        name
        + b": "
        + chance.choice((b"a", b"<sip:", b'"', b",", b";x=", b"%41")) * chance.randrange(500, 9000)
    )
    return message.replace(b"\r\n", b"\r\n" + line + b"\r\n", 1)


def _with_many_headers(chance: random.Random, message: bytes) -> bytes:
    line = chance.choice(
        (b"Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx\r\n", b"Max-Forwards: 0\r\n", b"Route: <sip:x>\r\n")
    )
    return message.replace(b"\r\n", b"\r\n" + line * chance.randrange(50, 400), 1)


def _with_wrong_length(chance: random.Random, message: bytes) -> bytes:
    wrong = chance.choice((b"-1", b"99999999999999999999", b"65536", b"4294967295", b"0x10", b"", b"1;1"))
    head, _, rest = message.partition(b"Content-Length: ")
    return head + b"Content-Length: " + wrong + rest[len(rest.split(b"\r\n")[0]) :]


def _with_odd_words(chance: random.Random, message: bytes) -> bytes:
    odd = "".join(chance.choices(_ODD, k=chance.randrange(1, 40))).encode("utf-8", errors="surrogatepass")
    place = chance.randrange(len(message))
    return message[:place] + odd + message[place:]


def _with_line_break_inside(chance: random.Random, message: bytes) -> bytes:
    place = chance.randrange(len(message))
    return message[:place] + chance.choice((b"\r", b"\n", b"\r\n", b"\r\n\r\n", b"\x00")) + message[place:]


def _swapped_lines(chance: random.Random, message: bytes) -> bytes:
    lines = message.split(b"\r\n")
    chance.shuffle(lines)
    return b"\r\n".join(lines)


def _with_bad_offer(chance: random.Random, message: bytes) -> bytes:
    offer = (
        b"v=0\r\no=- 1 1 IN IP4 x\r\ns=-\r\nc=IN IP4 300.1.1.1\r\nt=0 0\r\nm=audio "
        + chance.choice((b"-1", b"99999", b"0", b"a"))
        + b" RTP/AVP "
        + b"255 " * chance.randrange(1, 200)
        + b"\r\na=rtpmap:"
        + noise(chance, 40)
    )
    return message.replace(b"Content-Length: 0\r\n\r\n", b"Content-Type: application/sdp\r\n\r\n" + offer)


_SIP_MUTATIONS: tuple[Mutation, ...] = (
    _truncated,
    _flipped,
    _flipped,
    _with_huge_header,
    _with_many_headers,
    _with_wrong_length,
    _with_odd_words,
    _with_line_break_inside,
    _swapped_lines,
    _with_bad_offer,
    lambda chance, _message: noise(chance, 2000),
)


def rtp_packets(chance: random.Random, count: int) -> Iterator[bytes]:
    """Audio, keys, control and STUN packets that are wrong in one way or another."""
    for _ in range(count):
        kind = chance.randrange(6)
        sequence, stamp, source = chance.randrange(65536), chance.randrange(2**32), chance.randrange(2**32)
        if kind == 0:
            yield noise(chance, 1400)
            continue
        first = chance.choice((0x80, 0x90, 0x8F, 0x9F, 0xB0, 0x00, 0xFF))
        payload = chance.choice((8, 0, 101, 13, 107, 127, 200, 201, 202, 203, 204, 72))
        header = struct.pack("!BBHII", first, payload | chance.choice((0, 0x80)), sequence, stamp, source)
        if kind == 1:
            yield header[: chance.randrange(1, 12)]
        elif kind == 2:  # an extension that says it is longer than the packet
            yield header + struct.pack("!HH", 0xBEDE, 0xFFFF) + noise(chance, 60)
        elif kind == 3:  # a control packet whose lengths do not add up
            yield struct.pack("!BBH", 0x9F, chance.choice((200, 201, 202, 203, 206)), 0xFFFF) + noise(
                chance, 100
            )
        elif kind == 4:  # STUN with attributes that reach beyond its end
            yield struct.pack("!HHI", 1, 0xFFFC, 0x2112A442) + chance.randbytes(12) + noise(chance, 200)
        else:
            yield header + noise(chance, 1400)


def agi_headers(chance: random.Random, count: int) -> Iterator[bytes]:
    """What no Asterisk says to a script's server."""
    for _ in range(count):
        lines = b"".join(
            b"agi_"
            + noise(chance, 20).replace(b"\n", b"")
            + b": "
            + noise(chance, 80).replace(b"\n", b"")
            + b"\n"
            for _ in range(chance.randrange(1, 120))
        )
        yield chance.choice(
            (
                noise(chance, 3000),
                lines,
                lines + b"\n200 result=" + noise(chance, 200),
                b"agi_network_script: intake\n\n" + b"200 result=1 (" + b"x" * 20_000 + b")\n",
                b"agi_network_script: intake\n\n520-" + noise(chance, 300) + b"\n",
                b"agi_network_script: intake\n\n" + b"\x00" * chance.randrange(1, 500) + b"\n",
                b"agi_network_script: ../../etc/passwd?" + noise(chance, 90) + b"\n\n",
                b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            )
        )


def agi_answers(chance: random.Random) -> list[bytes]:
    """What no script's server says to Asterisk, one of each kind.

    But for NUL: it keeps Asterisk 22 reading until the connection ends, whatever time-out the dialplan has
    set. Our server sends none (`ivr.agi.server` makes blanks of them), and nobody else has its port.
    """
    return [
        noise(chance, 4000).replace(b"\x00", b"x"),
        b"SET VARIABLE A " + b'"' * 3000 + b"\n",
        b'EXEC Playback "' + b"a" * 1900 + b'"\n',
        "SET VARIABLE 民声 \u202e\n".encode() * 50,
        b"\n" * 500,
        b'VERBOSE "%s%n%x%s" 1\n' * 20,
        b"NOOP\r\n" * 300,
    ]


def ami_packets(chance: random.Random, count: int) -> Iterator[bytes]:
    """What no Asterisk says to its manager's client."""
    names = ("Hangup", "QueueCallerJoin", "ContactStatus", "UserEvent", "AgentConnect", "OriginateResponse")
    for _ in range(count):
        headers = b"".join(
            noise(chance, 20) + chance.choice((b": ", b":", b"", b"=")) + noise(chance, 60) + b"\r\n"
            for _ in range(chance.randrange(0, 30))
        )
        event = b"Event: " + chance.choice(names).encode() + b"\r\n"
        yield chance.choice(
            (
                noise(chance, 2000),
                b"\r\n" * chance.randrange(1, 40),
                event + headers + b"\r\n",
                event + b"Linkedid: " + b"1" * chance.randrange(1, 9000) + b"\r\nUniqueid: x\r\n\r\n",
                b"Response: " + noise(chance, 30) + b"\r\nActionID: minsheng-1\r\n" + headers + b"\r\n",
                event + b"Timestamp: 9999999999999.9\r\nCause: -1\r\nPaused: \xff\r\n\r\n",
            )
        )

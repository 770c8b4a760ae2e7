"""One command on the console of an Asterisk that runs, as `asterisk -rx` gives it, over the same socket.

That program would have to be started for every command, confined and with all of its libraries.
"""

import socket
from pathlib import Path

_ALONE = b"cli quit after "
"""Asterisk answers what follows, and hangs up."""
_SILENCE_SECONDS = 60.0
_BLOCK_BYTES = 65_536
_VERBOSE = 0xF5
"""First byte of lines that are nobody's answer: Asterisk's remarks for whoever watches, minus their level.
No text in UTF-8 begins with it."""


def ask(path: Path, command: str) -> str | None:
    """The answer to a command, given to the socket `asterisk.ctl` at this path.

    None: nobody listens there or to this user, or nothing is said for a minute. Raises `ValueError` for more
    than one line.
    """
    if not command.isprintable():
        raise ValueError("a command is one line")
    try:
        said = _said(path, command)
    except (FileNotFoundError, PermissionError, ConnectionError, TimeoutError):
        return None
    greeting, _, answer = said.partition(b"\n")
    if not greeting:
        return None
    lines = answer.splitlines(keepends=True)
    return b"".join(line for line in lines if line[0] < _VERBOSE).decode(errors="replace")


def _said(path: Path, command: str) -> bytes:
    """All that is said until Asterisk hangs up; it may also end meanwhile."""
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(_SILENCE_SECONDS)
        link.connect(str(path))
        link.sendall(_ALONE + command.encode() + b"\0")
        blocks = []
        try:
            while block := link.recv(_BLOCK_BYTES):
                blocks.append(block)
        except ConnectionError:
            pass
        return b"".join(blocks)

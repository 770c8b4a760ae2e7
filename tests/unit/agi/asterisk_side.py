"""Plays Asterisk's side of FastAGI over a real socket: the header, then one answer to each command."""

import select
import socket
from types import TracebackType
from typing import Self

HEADER = {
    "agi_request": "agi://127.0.0.1/talk",
    "agi_channel": "PJSIP/trunk-00000001",
    "agi_language": "zh",
    "agi_uniqueid": "1700000000.1",
    "agi_callerid": "13800000000",
    "agi_calleridname": "unknown",
    "agi_enhanced": "0.0",
}


class AsteriskSide:
    """One connection, driven by the test line by line."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._lines = self._socket.makefile("r", encoding="utf-8", newline="\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hang_up()

    def header(self, script: str = "talk", **more: str) -> None:
        lines = {"agi_network": "yes", "agi_network_script": script} | HEADER | more
        self.say("".join(f"{key}: {value}\n" for key, value in lines.items()) + "\n")

    def say(self, text: str) -> None:
        self._socket.sendall(text.encode())

    def hears(self) -> str:
        """The next command without its line end; an empty string once the script has closed."""
        return self._lines.readline().rstrip("\n")

    def answers(self, answer: str = "200 result=1") -> str:
        """Wait for a command, answer it, return it."""
        command = self.hears()
        self.say(f"{answer}\n")
        return command

    def closed_within(self, seconds: float) -> bool:
        """Whether the script's side closes in this time. Nothing else may be under way."""
        readable, _, _ = select.select([self._socket], [], [], seconds)
        return bool(readable)

    def hang_up(self) -> None:
        self._lines.close()
        self._socket.close()

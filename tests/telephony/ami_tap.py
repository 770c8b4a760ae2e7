"""Everything that Asterisk's manager interface says, kept for a test to look at."""

import socket
import threading
from types import TracebackType
from typing import Self

from hotline.config import Settings
from tests.waiting import until

Packet = dict[str, str]


class AmiTap:
    """Logged in as the hotline; `packets` grows as they come."""

    def __init__(self, settings: Settings) -> None:
        self.packets: list[Packet] = []
        self._socket = socket.create_connection(("127.0.0.1", settings.ami_port))
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.send(Action="Login", Username="hotline", Secret=settings.secrets.ami)

    def __enter__(self) -> Self:
        until(lambda: any(packet.get("Message") == "Authentication accepted" for packet in self.packets))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._reader.join(5)
        self._socket.close()

    def send(self, **headers: str) -> None:
        """Send an action."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._socket.sendall(lines.encode() + b"\r\n")

    def user_events(self, name: str, linkedid: str) -> list[Packet]:
        """UserEvents of one kind and one call."""
        packets = [packet for packet in self.packets if packet.get("UserEvent") == name]
        return [packet for packet in packets if packet["Linkedid"] == linkedid]

    def wait_for(self, name: str, linkedid: str, seconds: float = 20) -> Packet:
        """The first UserEvent of one kind and one call."""
        return until(lambda: self.user_events(name, linkedid), seconds, f"the event {name}")[0]

    def _read(self) -> None:
        packet: Packet = {}
        with self._socket.makefile("r", encoding="utf-8", errors="replace", newline="\r\n") as lines:
            for line in lines:
                if line == "\r\n":
                    self.packets.append(packet)
                    packet = {}
                else:
                    name, _, value = line.rstrip("\r\n").partition(": ")
                    packet[name] = value

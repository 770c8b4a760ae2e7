"""What a real Asterisk 22.10.1 said during two calls, as it was received."""

from pathlib import Path

from ivr.ami.client import Packet

FOLDER = Path(__file__).parent / "recorded"
ANSWERED = "1795294529.0"
AGENTS_LEG = "1795294535.4"


def recorded(name: str) -> list[Packet]:
    """The packets of `recorded/<name>.txt`, in their order."""
    packets = []
    for text in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").strip().split("\n\n"):
        headers = dict(
            line.split(": ", 1) if ": " in line else (line.rstrip(":"), "") for line in text.split("\n")
        )
        packets.append(Packet(headers.pop("Event"), headers))
    return packets

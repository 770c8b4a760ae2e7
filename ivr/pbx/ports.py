"""Which ports a hotline needs, which of them are taken, and the addresses of this machine."""

import errno
import fcntl
import socket
import struct
from typing import NamedTuple

from hotline.config import Settings

_SIOCGIFADDR = 0x8915  # linux/sockios.h: address of an interface
_IFREQ_BYTES = 40
_ADDRESS = slice(20, 24)  # ifreq: 16 bytes of name, then sockaddr_in: family, port, address


class WantedPort(NamedTuple):
    """A port that one of our processes binds, and the setting that moves it elsewhere."""

    setting: str
    host: str
    number: int
    kind: socket.SocketKind


def wanted_ports(settings: Settings) -> list[WantedPort]:
    """Every port that `hotline up` binds, audio aside (Asterisk looks for free ones in its range)."""
    tcp, udp = socket.SOCK_STREAM, socket.SOCK_DGRAM
    tls = (
        WantedPort("HOTLINE_SIP_TLS_PORT", settings.sip_host, settings.sip_tls_port, tcp),
        WantedPort("HOTLINE_WEBSOCKET_TLS_PORT", settings.sip_host, settings.websocket_tls_port, tcp),
    )
    by_process = {
        "pbx": [
            *(port for port in tls if port.number),
            WantedPort("HOTLINE_SIP_PORT", settings.sip_host, settings.sip_port, udp),
            WantedPort("HOTLINE_WEBSOCKET_PORT", settings.sip_host, settings.websocket_port, tcp),
            WantedPort("HOTLINE_AMI_PORT", settings.ami_host, settings.ami_port, tcp),
        ],
        "ivr": [WantedPort("HOTLINE_AGI_PORT", "127.0.0.1", settings.agi_port, tcp)],
        "live": [
            WantedPort("HOTLINE_LIVE_AUDIO_PORT", settings.live_host, settings.live_audio_port, tcp),
            WantedPort("HOTLINE_LIVE_PORT", settings.live_host, settings.live_port, tcp),
        ],
        "web": [WantedPort("HOTLINE_WEB_PORT", settings.web_host, settings.web_port, tcp)],
    }
    return [port for process in settings.own_processes for port in by_process.get(process, [])]


def ports_in_use(settings: Settings) -> list[str]:
    """One sentence for each port that cannot be bound, saying which setting moves it; empty: all free."""
    return [complaint for port in wanted_ports(settings) if (complaint := _complaint(port))]


def _complaint(port: WantedPort) -> str | None:
    try:
        with socket.socket(socket.AF_INET, port.kind) as probe:
            # A listener that closed a moment ago leaves the port in TIME_WAIT, which is no hindrance.
            if port.kind is socket.SOCK_STREAM:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((port.host, port.number))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return f"port {port.number} is in use: set {port.setting}"
        return f"port {port.number} on {port.host} cannot be bound ({error.strerror}): set {port.setting}"
    return None


def interface_addresses() -> list[str]:
    """IPv4 addresses of this machine's interfaces, loopback left out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        found = [_address(probe, name) for _, name in socket.if_nameindex()]
    return [address for address in found if address and not address.startswith("127.")]


def _address(probe: socket.socket, interface: str) -> str | None:
    request = struct.pack(f"{_IFREQ_BYTES}s", interface.encode()[:15])
    try:
        answer = fcntl.ioctl(probe.fileno(), _SIOCGIFADDR, request)
    except OSError:  # an interface without an IPv4 address
        return None
    return socket.inet_ntoa(answer[_ADDRESS])

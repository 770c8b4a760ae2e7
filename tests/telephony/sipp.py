"""SIPp as a caller whose signalling is as odd as a test wants it."""

import re
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from tests.ports import free_port
from tests.telephony.conftest import TRUNK_HOST
from tests.telephony.sounds import read_wave

_SCENARIO = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="a caller">
  <send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: {sender};tag=[pid]x[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:[local_ip]:[local_port]>
{headers}Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
{media}]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="200" rrs="true"/>
  <send><![CDATA[
ACK [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
[last_From:]
[last_To:]
[last_Call-ID:]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
{says}{then}</scenario>
"""
_UNTIL_THEY_HANG_UP = """  <recv request="BYE" timeout="150000"/>
  <send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
"""
_HANG_UP_AFTER = """  <pause milliseconds="{milliseconds}"/>
  <send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
[last_From:]
[last_To:]
[last_Call-ID:]
CSeq: 2 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
  <recv response="200"/>
"""

_SILENT = "m=audio [media_port] RTP/AVP 8\na=rtpmap:8 PCMA/8000\n"
_SPEAKING = "m=audio [rtpstream_audio_port] RTP/AVP 0\na=rtpmap:0 PCMU/8000\n"
_SAYS = '  <nop><action><exec rtp_stream="{speech},-1,0"/></action></nop>\n'
_MU, _MU_BIAS, _MU_LARGEST = 255, 132, 32635  # ITU-T G.711

_TAKEN = re.compile(r"^SIP/2\.0 200 OK$(?:\n.+)*\nCSeq: \d+ INFO$", re.MULTILINE)
_KEY = """  <pause milliseconds="400"/>
  <send retrans="500"><![CDATA[
INFO [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
[last_From:]
[last_To:]
[last_Call-ID:]
CSeq: {sequence} INFO
Max-Forwards: 70
Content-Type: application/dtmf-relay
Content-Length: [len]

Signal={key}
Duration=160
]]></send>
  <recv response="200"/>
"""


def speech_of(wave: Path, folder: Path) -> Path:
    """The sound as SIPp wants it: raw mu-law (ITU-T G.711)."""
    samples = np.round(read_wave(wave) * 32768).astype(np.int32)
    magnitude = np.minimum(np.abs(samples), _MU_LARGEST) + _MU_BIAS
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    sign = np.where(samples < 0, 0x80, 0)
    raw = folder / f"{wave.stem}.ul"
    raw.write_bytes((_MU - (sign | exponent << 4 | mantissa)).astype(np.uint8).tobytes())
    return raw


def call_of_seconds(sender: str, speech: Path, seconds: float) -> str:
    """The scenario of a caller who says `speech` (as `speech_of` makes it) again and again, then hangs up.

    `sender` is the From header without its tag.
    """
    then = _HANG_UP_AFTER.format(milliseconds=round(seconds * 1000))
    return _SCENARIO.format(
        sender=sender, headers="", media=_SPEAKING, says=_SAYS.format(speech=speech), then=then
    )


class SippProcess:
    """One SIPp that plays a scenario once, from `with` to its end."""

    def __init__(self, folder: Path, name: str, scenario: str, words: Sequence[str]) -> None:
        """`folder` receives the scenario and what SIPp printed; `words` are its options."""
        path = folder / f"{name}.xml"
        path.write_text(scenario, encoding="utf-8")
        self._log = folder / f"{name}.log"
        self._messages = folder / f"{name}.messages"
        self._words = [
            *("sipp", *words, "-sf", str(path), "-nostdin", "-timeout", "200", "-timeout_error"),
            *("-trace_msg", "-message_file", str(self._messages)),
        ]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        with self._log.open("wb") as output:
            self._process = subprocess.Popen(
                self._words,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self._log.parent,
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()

    @property
    def messages(self) -> str:
        """Every SIP message so far, sent and received."""
        return self._messages.read_text(errors="replace") if self._messages.exists() else ""

    def finish(self, seconds: float = 60) -> int:
        """Exit status of SIPp: 0 if the whole scenario happened as written."""
        assert self._process is not None
        return self._process.wait(seconds)


class SippCaller(SippProcess):
    """One call from the trunk's address; ends when the hotline hangs up."""

    def __init__(
        self,
        folder: Path,
        sender: str,
        hotline: tuple[str, int],
        number: str,
        port: int,
        headers: str = "",
        keys: str = "",
        speech: Path | None = None,
    ) -> None:
        """`sender` is the From header without its tag; `headers` are whole lines with their ends.

        `keys` are pressed by SIP INFO, two or three a second from the answer on; each must be acknowledged.
        `speech` is a WAV file (8 kHz, 16 bits, mono), said again and again; without it the caller is silent.
        """
        says = _SAYS.format(speech=speech_of(speech, folder)) if speech else ""
        pressed = "".join(_KEY.format(sequence=place, key=key) for place, key in enumerate(keys, start=2))
        scenario = _SCENARIO.format(
            sender=sender,
            headers=headers,
            media=_SPEAKING if speech else _SILENT,
            says=says,
            then=pressed + _UNTIL_THEY_HANG_UP,
        )
        media = str(free_port(socket.SOCK_DGRAM, TRUNK_HOST))
        host, remote_port = hotline
        super().__init__(
            folder,
            f"caller-{port}",
            scenario,
            [
                *(f"{host}:{remote_port}", "-s", number),
                *("-m", "1", "-i", TRUNK_HOST, "-p", str(port), "-mi", TRUNK_HOST, "-mp", media),
            ],
        )

    @property
    def keys_taken(self) -> int:
        """How many keys the hotline has acknowledged."""
        return len(_TAKEN.findall(self.messages))

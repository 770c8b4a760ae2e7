"""SIPp as telephones that are called: an agent's desk phone, a department's telephone behind the trunk."""

import socket
from pathlib import Path

from hotline.config import Settings
from tests.ports import free_port
from tests.telephony.conftest import TRUNK_HOST
from tests.telephony.sipp import SippProcess, speech_of

_PHONE_HOST = "127.0.0.4"
"""Desk phones played by SIPp: neither the trunk's address nor that of the network's own phones."""

_STOPPED_ITSELF = 97
"""Exit status after `stop_now`, which stands at a scenario's end."""

_REGISTER = """  <send retrans="500"><![CDATA[
REGISTER sip:[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:{user}@[remote_ip]>;tag=[pid]x[call_number]
To: <sip:{user}@[remote_ip]>
Call-ID: [call_id]
CSeq: {sequence} REGISTER
Contact: <sip:{user}@{contact}>
{authorization}Max-Forwards: 70
Expires: 120
Content-Length: 0

]]></send>
"""
_REGISTRATION = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="a telephone registers, with digest authentication">
{first}  <recv response="401" auth="true"/>
{second}  <recv response="200"/>
</scenario>
"""

_ANSWER = """SIP/2.0 {status}
[last_Via:]
[last_From:]
[last_To:];tag=[pid]p[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:[local_ip]:[local_port]>
"""
_EMPTY = "Content-Length: 0\n\n"
_CALLED = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="a telephone that is called">
  <recv request="INVITE"/>
  <send><![CDATA[
{ringing}]]></send>
{then}  <nop><action><exec int_cmd="stop_now"/></action></nop>
</scenario>
"""
_SPEAKS = """  <pause milliseconds="300"/>
  <send retrans="500"><![CDATA[
{answer}Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [rtpstream_audio_port] RTP/AVP 0
a=rtpmap:0 PCMU/8000
]]></send>
  <recv request="ACK"/>
  <nop><action><exec rtp_stream="{speech},-1,0"/></action></nop>
  <recv request="BYE" timeout="150000"/>
  <send><![CDATA[
{thanks}]]></send>
  <nop><action><exec rtp_stream="pause"/></action></nop>
"""
_BUSY = """  <send retrans="500"><![CDATA[
{busy}]]></send>
  <recv request="ACK"/>
"""


class SippTelephone(SippProcess):
    """Rings once called, and then speaks until the other side hangs up, or is busy (`speech` None)."""

    def __init__(self, folder: Path, host: str, port: int, speech: Path | None) -> None:
        """`speech` is a WAV file (8 kHz, 16 bits, mono), said again and again."""
        ringing = _ANSWER.format(status="180 Ringing") + _EMPTY
        busy = _BUSY.format(busy=_ANSWER.format(status="486 Busy Here") + _EMPTY)
        super().__init__(
            folder,
            f"telephone-{port}",
            _CALLED.format(ringing=ringing, then=self._speaking(folder, speech) if speech else busy),
            # -aa answers the OPTIONS by which Asterisk asks whether the telephone is there. SIPp counts each
            # as a call, so it is the scenario's end, and no count (-m), that stops it.
            ["-i", host, "-p", str(port), "-mi", host, "-mp", str(free_port(socket.SOCK_DGRAM, host)), "-aa"],
        )

    def finish(self, seconds: float = 60) -> int:
        """0 if the whole scenario happened as written."""
        status = super().finish(seconds)
        return 0 if status == _STOPPED_ITSELF else status or 1

    def _speaking(self, folder: Path, speech: Path) -> str:
        # SIPp gives the last message's To, which holds our tag by then.
        over = _ANSWER.replace(";tag=[pid]p[call_number]", "").format(status="200 OK") + _EMPTY
        answer = _ANSWER.format(status="200 OK")
        return _SPEAKS.format(answer=answer, speech=speech_of(speech, folder), thanks=over)


class SippAgentPhone(SippTelephone):
    """An agent's desk phone: registers as it is switched on, and answers one call."""

    def __init__(
        self, folder: Path, settings: Settings, user: str, password: str, speech: Path | None
    ) -> None:
        """`user` is the endpoint of the seat, as the telephone would be told."""
        self._port = free_port(socket.SOCK_DGRAM, _PHONE_HOST)
        super().__init__(folder, _PHONE_HOST, self._port, speech)
        self._folder, self._settings = folder, settings
        self._user, self._password = user, password
        self.registration = ""
        """The SIP messages of the last try to register."""

    @property
    def address(self) -> str:
        """Where it waits for calls."""
        return f"{_PHONE_HOST}:{self._port}"

    def register(self, password: str | None = None) -> int:
        """Exit status of SIPp: 0 if the registrar asked for a digest and took it."""
        words = {"user": self._user, "contact": self.address}
        credentials = f"[authentication username={self._user} password={password or self._password}]\n"
        first = _REGISTER.format(sequence=1, authorization="", **words)
        second = _REGISTER.format(sequence=2, authorization=credentials, **words)
        port = free_port(socket.SOCK_DGRAM, _PHONE_HOST)
        hotline = f"{self._settings.sip_host}:{self._settings.sip_port}"
        registration = SippProcess(
            self._folder,
            f"registration-{port}",
            _REGISTRATION.format(first=first, second=second),
            [hotline, "-m", "1", "-i", _PHONE_HOST, "-p", str(port)],
        )
        with registration:
            status = registration.finish()
        self.registration = registration.messages
        return status


class SippDepartment(SippTelephone):
    """A department's telephone behind the trunk: whatever number is called, it is this one."""

    def __init__(self, folder: Path, settings: Settings, speech: Path | None) -> None:
        super().__init__(folder, TRUNK_HOST, settings.trunk_port, speech)

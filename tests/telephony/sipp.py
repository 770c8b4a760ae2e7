"""SIPp as a caller whose signalling is as odd as a test wants it."""

import re
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.telephony.conftest import TRUNK_HOST

_SCENARIO = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="a caller who waits until the other side hangs up">
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
m=audio [media_port] RTP/AVP 8
a=rtpmap:8 PCMA/8000
]]></send>
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
{keys}  <recv request="BYE" timeout="60000"/>
  <send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
</scenario>
"""

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


class SippCaller:
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
    ) -> None:
        """`sender` is the From header without its tag; `headers` are whole lines with their ends.

        `keys` are pressed by SIP INFO, two or three a second from the answer on; each must be acknowledged.
        """
        scenario = folder / f"caller-{port}.xml"
        pressed = "".join(_KEY.format(sequence=place, key=key) for place, key in enumerate(keys, start=2))
        text = _SCENARIO.format(sender=sender, headers=headers, keys=pressed)
        scenario.write_text(text, encoding="utf-8")
        self._log = folder / f"caller-{port}.log"
        self._messages = folder / f"caller-{port}.messages"
        host, remote_port = hotline
        self._words = [
            *("sipp", f"{host}:{remote_port}", "-sf", str(scenario), "-s", number, "-m", "1", "-nostdin"),
            *("-i", TRUNK_HOST, "-p", str(port), "-mi", TRUNK_HOST, "-timeout", "90", "-timeout_error"),
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
    def keys_taken(self) -> int:
        """How many keys the hotline has acknowledged."""
        if not self._messages.exists():
            return 0
        return len(_TAKEN.findall(self._messages.read_text(errors="replace")))

    def finish(self, seconds: float = 20) -> int:
        """Exit status of SIPp: 0 if the whole scenario happened as written."""
        assert self._process is not None
        return self._process.wait(seconds)

"""Many SIP callers at once: one SIPp, which speaks for all of them a tone without a gap."""

import subprocess
from pathlib import Path

import numpy as np

from hotline.config import Settings
from tests.telephony.conftest import TRUNK_HOST
from tests.telephony.sipp import speech_of
from tests.telephony.sounds import RATE, read_wave, write_tone

HERTZ = 440
FRAME = RATE // 100  # 10 ms
_AUDIBLE = 0.02
_SCENARIO = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="callers who speak until they hang up">
  <send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:139[call_number]@[local_ip]:[local_port]>;tag=[pid]x[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [rtpstream_audio_port] RTP/AVP 0
a=rtpmap:0 PCMU/8000
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
  <nop><action><exec rtp_stream="{speech},-1,0"/></action></nop>
  <pause milliseconds="{milliseconds}"/>
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
</scenario>
"""


def callers(
    folder: Path, settings: Settings, dialled: str, calls: int, rate: int, seconds: float
) -> "subprocess.Popen[bytes]":
    """Starts `calls` calls, `rate` a second, each `seconds` long. Ends with 0 if none failed."""
    speech = speech_of(write_tone(folder / "tone.wav", HERTZ, 10.0), folder)
    scenario = folder / f"load-{dialled}-{calls}.xml"
    scenario.write_text(_SCENARIO.format(speech=speech, milliseconds=round(seconds * 1000)))
    words = [
        *("sipp", f"{settings.sip_host}:{settings.sip_port}", "-s", dialled, "-sf", str(scenario)),
        *("-m", str(calls), "-l", str(calls), "-r", str(rate), "-i", TRUNK_HOST, "-mi", TRUNK_HOST),
        *("-p", str(settings.trunk_port), "-mp", "20000"),
        *("-nostdin", "-timeout", str(round(calls / rate + seconds + 60)), "-timeout_error"),
    ]
    log = (folder / f"{scenario.stem}.log").open("wb")
    return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd=folder)


def longest_gap(track: Path) -> float:
    """Seconds of the longest silence between the tone's first and last sound; infinite without any."""
    samples = read_wave(track)
    frames = np.abs(samples[: len(samples) // FRAME * FRAME]).reshape(-1, FRAME).max(axis=1) > _AUDIBLE
    heard = np.flatnonzero(frames)
    if len(heard) < 2:
        return float("inf")
    return float((np.diff(heard).max() - 1) * FRAME / RATE)

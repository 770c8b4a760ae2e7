"""A telephone network for tests and the demo: a second Asterisk whose citizens and agents follow scripts.

    with TelephoneNetwork(settings, folder) as network:
        call = network.citizen_calls("13800138000", complain(speech, until=agent.answered.is_set))
        call.wait_ended(60)

Everybody is at the other end of real SIP and RTP; what each of them heard and said lies in WAV files
afterwards.
"""

from ivr.network.calls import CallFailed, EndedBy, NetworkCall, Step
from ivr.network.line import Line, LineDead, Script
from ivr.network.network import PHONES_HOST, Phone, TelephoneNetwork, can_be_dialled
from ivr.network.scripts import (
    answer_by_keys,
    complain,
    hang_up_early,
    listen,
    ring_out,
    talk_as_agent,
    turn_busy,
)

__all__ = [
    "PHONES_HOST",
    "CallFailed",
    "EndedBy",
    "Line",
    "LineDead",
    "NetworkCall",
    "Phone",
    "Script",
    "Step",
    "TelephoneNetwork",
    "answer_by_keys",
    "can_be_dialled",
    "complain",
    "hang_up_early",
    "listen",
    "ring_out",
    "talk_as_agent",
    "turn_busy",
]

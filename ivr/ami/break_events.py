"""Events about agents' lines that break in a talk, and about agents who come back into one."""

from collections.abc import Callable
from dataclasses import dataclass

from hotline.calls.broken import NO_SOUND
from ivr.ami.client import Packet

_BROWSER = "PJSIP/agent-"
"""How the channels of browser phones begin."""


@dataclass(frozen=True)
class AgentBroken:
    """An agent's line broke in a talk, and the agent is fetched back. The caller hears music, or `others`."""

    linkedid: str
    extension: str
    others: bool = False


@dataclass(frozen=True)
class AgentLost:
    """An agent whose line broke did not come back in time; the caller waits in the queue again, or goes on
    talking with `others`."""

    linkedid: str
    extension: str
    others: bool = False
    unheard: bool = False
    """No sound came from the telephone, the second time in this call."""


@dataclass(frozen=True)
class AgentRejoined:
    """An agent whose line broke is about to be in the talk again, which went on without them."""

    linkedid: str
    extension: str
    uniqueid: str
    channel: str


@dataclass(frozen=True)
class BrowserAnswered:
    """An agent has answered at a browser phone; whether sound comes from there is not known yet."""

    channel: str


BreakEvent = AgentBroken | AgentLost | AgentRejoined | BrowserAnswered


def _agent_broken(packet: Packet) -> BreakEvent:
    return AgentBroken(packet.get("Linkedid"), packet.get("Extension"), packet.get("Others") == "yes")


def _agent_lost(packet: Packet) -> BreakEvent:
    call = packet.get("Call") or packet.get("Linkedid")
    others, unheard = packet.get("Others") == "yes", packet.get("Reason") == NO_SOUND
    return AgentLost(call, packet.get("Extension"), others, unheard)


def _track_began(packet: Packet) -> BreakEvent | None:
    channel = packet.get("Channel")
    return BrowserAnswered(channel) if channel.startswith(_BROWSER) else None


BREAK_USER_EVENTS: dict[str, Callable[[Packet], BreakEvent | None]] = {
    "HotlineAgentBroken": _agent_broken,
    "HotlineAgentLost": _agent_lost,
    "HotlineTrack": _track_began,
}

"""Orders about supervisors with calls, and about callers whom they move.

The dialplan's side is `asterisk_conf/hotline/dialplan/supervise.j2`.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from hotline.calls.ports import HEAD_START_SECONDS, Legs, Place, PlaceKind, Supervising
from hotline.queueing.rules import queue_of
from ivr.ami.client import AmiConnection, AmiRefused, Packet
from ivr.ami.lists import listed_channels
from ivr.ami.supervisor_events import ORDER, TAKEN_OVER
from ivr.control.orders import Orders, channel, unless_already, variable
from ivr.control.seats import reachable_telephone, telephone_of
from ivr.pbx.seats import headset_interface
from ivr.variables import PICKED_UP_AT_ONCE, TOOK_OVER, YES

CONTEXT = "supervise"
RING_SECONDS = 20
HEAD_PRIORITY, HEAD_START = "2000000000", str(HEAD_START_SECONDS)
"""Before anybody whose place in the line is a moment (`waiting` and `back-in-queue` in the dialplan)."""

_SKILL = re.compile(r"[a-z0-9_-]{1,20}")
_EXTENSION = re.compile(r"\d{2,10}")

_ON_HANG_UP = "CHANNEL(hangup_handler_push)"

# The supervisor asked for this call with a button: a telephone that can, picks up by itself.
ANSWERS_ITSELF: Mapping[str, str] = MappingProxyType(
    {
        "PJSIP_HEADER(add,X-Minsheng-Monitor)": "yes",
        "PJSIP_HEADER(add,Alert-Info)": "<urn:minsheng:monitor>;info=alert-autoanswer",
    }
)


class SupervisorOrders(Orders):
    """Implements `hotline.calls.ports.SupervisorControl`."""

    def ring_supervisor(self, extension: str, channel_id: str, legs: Legs, how: Supervising) -> None:
        """Ring the seat's telephone into the context `supervise`."""
        with self._asterisk(legs.caller) as asterisk:
            telephone = reachable_telephone(asterisk, _seat(extension))
            is_headset = telephone == headset_interface(extension)
            order = {
                "ActionID": f"{ORDER}{channel_id.rpartition('.')[2]}",
                "Channel": telephone,
                "ChannelId": channel(channel_id),
                "Context": CONTEXT,
                "Exten": how.value,
                "Priority": "1",
                "CallerID": self._settings.hotline_number,
                "Timeout": str(RING_SECONDS * 1000),
                "Async": "true",
            }
            answers = {PICKED_UP_AT_ONCE: YES} if is_headset else ANSWERS_ITSELF
            asterisk.ask("Originate", order, {**answers, **_variables(asterisk, legs)})

    def supervise(self, channel_id: str, legs: Legs, how: Supervising) -> None:
        """Send the supervisor's channel to another extension of the context."""
        leg = channel(channel_id)
        with self._asterisk(legs.caller) as asterisk:
            for name, value in _variables(asterisk, legs).items():
                asterisk.ask("Setvar", {"Channel": leg, "Variable": name, "Value": value})
            asterisk.ask(
                "Redirect", {"Channel": leg, "Context": CONTEXT, "Exten": how.value, "Priority": "1"}
            )

    def take_over(self, channel_id: str, legs: Legs) -> None:
        """From here on the leg ends as an agent's does (`agent_gone.j2`): a break brings it back."""
        leg = channel(channel_id)
        with self._asterisk(legs.caller) as asterisk:
            room = next((one for one in listed_channels(asterisk) if one.get("Uniqueid") == leg), None)
            if room is None or not room.get("BridgeId"):
                return  # gone meanwhile: its end is told
            if variable(asterisk, TOOK_OVER, leg) != YES:
                asterisk.ask("Setvar", {"Channel": leg, "Variable": _ON_HANG_UP, "Value": "agent-leg,gone,1"})
                asterisk.ask("Setvar", {"Channel": leg, "Variable": TOOK_OVER, "Value": YES})
            told = {"UserEvent": TAKEN_OVER, "ActionID": f"took-over-{leg}", "Leg": leg}
            place = {
                "Call": room.get("Linkedid"),
                "Name": room.get("Channel"),
                "Bridge": room.get("BridgeId"),
            }
            asterisk.ask("UserEvent", told | place)
            if legs.agent:
                unless_already(asterisk, "Hangup", {"Channel": channel(legs.agent), "Cause": "16"})

    def move_caller(self, linkedid: str, place: Place) -> None:
        """The head of the line without leaving the queue; elsewhere by the dialplan, where the caller's place
        in the line is kept."""
        with self._asterisk(linkedid) as asterisk:
            entry = _waiting(asterisk, channel(linkedid))
            if entry is None:
                return
            if place.kind is PlaceKind.HEAD:
                _to_head(asterisk, linkedid, entry)
            elif place.kind is PlaceKind.SKILL:
                overflow = "" if place.overflow_seconds is None else str(place.overflow_seconds)
                line = {"LINE": queue_of(_code(place.name)), "OVERFLOW": overflow}
                _send(asterisk, linkedid, line, ("waiting", "s"))
            else:
                seat = _seat(place.name)
                phone = {"SEAT": seat, "SEAT_PHONE": telephone_of(asterisk, seat)}
                _send(asterisk, linkedid, phone, ("moved-caller", "seat"))


def _to_head(asterisk: AmiConnection, linkedid: str, entry: Packet) -> None:
    """Now, and whenever the caller leaves the queue for a key and comes back."""
    asterisk.ask("Setvar", {"Channel": linkedid, "Variable": "HEAD_START", "Value": HEAD_START})
    order = {"Queue": entry.get("Queue"), "Caller": entry.get("Channel")}
    asterisk.ask("QueueChangePriorityCaller", order | {"Priority": HEAD_PRIORITY, "Immediate": "yes"})


def _send(asterisk: AmiConnection, linkedid: str, given: Mapping[str, str], place: tuple[str, str]) -> None:
    for name, value in given.items():
        asterisk.ask("Setvar", {"Channel": linkedid, "Variable": name, "Value": value})
    context, exten = place
    asterisk.ask("Redirect", {"Channel": linkedid, "Context": context, "Exten": exten, "Priority": "1"})


def _code(skill: str) -> str:
    if skill and not _SKILL.fullmatch(skill):
        raise ValueError("not a skill")
    return skill


def _seat(extension: str) -> str:
    if not _EXTENSION.fullmatch(extension):
        raise ValueError("not an extension")
    return extension


def _variables(asterisk: AmiConnection, legs: Legs) -> dict[str, str]:
    caller = channel(legs.caller)
    folder = asterisk.ask("Getvar", {"Channel": caller, "Variable": "FOLDER"}).get("Value")
    agent = channel(legs.agent) if legs.agent else ""
    return {"CITIZEN_LEG": caller, "AGENT_LEG": agent, "FOLDER": folder}


def _waiting(asterisk: AmiConnection, uniqueid: str) -> Packet | None:
    try:
        entries = asterisk.ask_list("QueueStatus")
    except AmiRefused:
        return None
    return next((entry for entry in entries if entry.get("Uniqueid") == uniqueid), None)

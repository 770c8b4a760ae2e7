"""Orders about people who are talking. Nobody is redirected but third parties: see decision 0017.

The caller stays in `Queue()` whatever happens: people are moved between bridges, which no queue sees.
"""

import secrets
from collections.abc import Sequence

from hotline.calls.ports import Legs, Meeting, ThirdParty
from ivr.ami.client import AmiConnection, AmiRefused
from ivr.ami.talk_events import MUTED
from ivr.control.orders import EMERGENCY_TRUNK, TRUNK, Orders, channel, dialable, unless_already, variable
from ivr.control.seats import telephone_of
from ivr.variables import (
    AGENT_LEG,
    CALLER_LEG,
    FOLDER,
    FOLLOW,
    KEPT_BY,
    MUSIC_LEG,
    NOT_RECORDED,
    QUIET_LEG,
    RING,
    THIRD,
    YES,
    Kept,
)

RING_SECONDS = 30
KEY_MILLISECONDS = 160
BACK_IN_QUEUE = "back-in-queue"
_SILENT, _AS_IT_IS = "-32767", "0"  # how a channel's sound is divided: a 16-bit sample by its greatest value
_PEERS = "BRIDGEPEER"  # Asterisk's own: the others in a channel's bridge, joined by commas


class TalkOrders(Orders):
    """Implements `hotline.calls.ports.TalkControl`."""

    def hang_up(self, channel_name: str) -> None:
        """End one channel; one that has gone already is no error."""
        name = channel(channel_name)
        with self._asterisk(name) as asterisk:
            _end(asterisk, name)

    def hold(self, legs: Legs) -> None:
        """The caller moves into a bridge with somebody who plays music."""
        with self._asterisk(legs.caller) as asterisk:
            _keep(asterisk, legs, Kept.HOLD)

    def resume(self, legs: Legs) -> None:
        """Both move into a new bridge; the music ends."""
        with self._asterisk(legs.caller) as asterisk:
            if not _are_together(asterisk, legs.caller, legs.agent):
                _bridge(asterisk, legs.caller, legs.agent)
            _free(asterisk, legs)

    def mute(self, channel_name: str, muted: bool) -> None:
        """Silence from this channel, in the bridge and on its own track.

        By its volume: `MuteAudio` may keep every sound from the recorder of the channel (decision 0022).
        """
        name = channel(channel_name)
        volume, state = (_SILENT, "1") if muted else (_AS_IT_IS, "0")
        with self._asterisk(name) as asterisk:
            asterisk.ask("Setvar", {"Channel": name, "Variable": "VOLUME(RX)", "Value": volume})
            asterisk.ask("MixMonitorMute", {"Channel": name, "Direction": "read", "State": state})
            told = {"UserEvent": MUTED, "Leg": name, "Muted": state, "ActionID": f"muted-{name}"}
            asterisk.ask("UserEvent", told)  # what bears one of our connections' own ids is not listened to

    def press_keys(self, channel_name: str, keys: str) -> None:
        """Out at this channel."""
        self._play_keys(channel_name, keys, received=False)

    def key_in(self, channel_name: str, keys: str) -> None:
        """As received from this channel."""
        self._play_keys(channel_name, keys, received=True)

    def _play_keys(self, channel_name: str, keys: str, received: bool) -> None:
        """Asterisk takes one key at a time."""
        name = channel(channel_name)
        with self._asterisk(name) as asterisk:
            for key in keys:
                order = {"Channel": name, "Digit": key, "Duration": str(KEY_MILLISECONDS)}
                asterisk.ask("PlayDTMF", order | ({"Receive": "true"} if received else {}))

    def pause_recording(self, channel_names: Sequence[str], paused: bool) -> None:
        """Every MixMonitor of these channels writes silence."""
        names = [channel(name) for name in channel_names]
        with self._asterisk(names[0]) as asterisk:
            for name in names:
                order = {"Channel": name, "Direction": "both", "State": "1" if paused else "0"}
                unless_already(asterisk, "MixMonitorMute", order)
                told = {"Channel": name, "Variable": NOT_RECORDED, "Value": YES if paused else ""}
                unless_already(asterisk, "Setvar", told)

    def ring_third(self, legs: Legs, third: ThirdParty) -> None:
        """Dial; the dialplan `talk-third` does the rest at the answer."""
        number = dialable(third.number) if third.number else ""
        with self._asterisk(legs.caller) as asterisk:
            order = {
                "ActionID": third.channel_id,
                "Channel": _address(asterisk, third, number),
                "ChannelId": channel(third.channel_id),
                "Context": "talk-third",
                "Exten": third.meeting.value,
                "Priority": "1",
                "CallerID": third.shown_number or self._settings.hotline_number,
                "Timeout": str(RING_SECONDS * 1000),
                "Async": "true",
            }
            given = {
                CALLER_LEG: channel(legs.caller),
                AGENT_LEG: channel(legs.agent),
                FOLDER: variable(asterisk, FOLDER, legs.caller),
                THIRD: "agent" if third.extension else "expert",
            }
            if third.meeting is not Meeting.JOIN:
                _keep(asterisk, legs, Kept(third.meeting.value))
                given[QUIET_LEG] = variable(asterisk, QUIET_LEG, legs.caller)
            asterisk.ask("Originate", order, given)

    def join(self, legs: Legs, thirds: Sequence[str]) -> None:
        """Caller and agent move into a new bridge, and the others follow.

        One who is left alone follows by itself at once, because its bridge ends; several have to be told.
        Done again while they are on their way, it would leave them behind.
        """
        with self._asterisk(legs.caller) as asterisk:
            if _are_together(asterisk, legs.caller, legs.agent):
                return
            for third in thirds:
                _set(asterisk, third, FOLLOW, "yes")
            _bridge(asterisk, legs.caller, legs.agent)
            for third in thirds if len(thirds) > 1 else ():
                place = {"Context": "talk-third", "Exten": "meet", "Priority": "1"}
                unless_already(asterisk, "Redirect", {"Channel": channel(third), **place})
            _free(asterisk, legs)

    def hand_over(self, legs: Legs, third: str) -> None:
        """Caller and third party move into a new bridge; the agent's channel ends."""
        with self._asterisk(legs.caller) as asterisk:
            _set(asterisk, legs.caller, KEPT_BY, Kept.TRANSFER)
            if not _are_together(asterisk, legs.caller, third):
                _bridge(asterisk, legs.caller, third)
            if quiet := variable(asterisk, QUIET_LEG, legs.caller):
                _end(asterisk, quiet)
            _end(asterisk, legs.agent)

    def leave(self, legs: Legs) -> None:
        """A bridge of three or more goes on without the agent."""
        with self._asterisk(legs.caller) as asterisk:
            _set(asterisk, legs.caller, KEPT_BY, Kept.LEFT)
            _end(asterisk, legs.agent)

    def to_queue(self, legs: Legs) -> None:
        """The caller's dialplan goes on where callers wait again."""
        with self._asterisk(legs.caller) as asterisk:
            _set(asterisk, legs.caller, KEPT_BY, Kept.TRANSFER)
            place = {"Context": BACK_IN_QUEUE, "Exten": "s", "Priority": "1"}
            unless_already(asterisk, "Redirect", {"Channel": channel(legs.caller), **place})
            _end(asterisk, legs.agent)


def _keep(asterisk: AmiConnection, legs: Legs, why: Kept) -> None:
    """Music for the caller, unless it plays already."""
    _set(asterisk, legs.caller, KEPT_BY, why)
    playing = variable(asterisk, MUSIC_LEG, legs.caller)
    if playing and variable(asterisk, f"CHANNEL_EXISTS({playing})") == "1":
        return
    token = secrets.token_hex(6)
    music, quiet = f"music-{token}", f"quiet-{token}"
    given = {CALLER_LEG: channel(legs.caller), AGENT_LEG: channel(legs.agent), QUIET_LEG: quiet}
    for name, value in ((MUSIC_LEG, music), (QUIET_LEG, quiet)):
        _set(asterisk, legs.caller, name, value)
    _set(asterisk, legs.agent, CALLER_LEG, legs.caller)
    try:
        sound = "silence" if why is Kept.HOLD else "ringing"
        _helper(asterisk, quiet, sound, "agent", given | {RING: str(RING_SECONDS)})
        _helper(asterisk, music, "music", "citizen", given)
    except AmiRefused:
        _free(asterisk, legs)
        raise


def _helper(asterisk: AmiConnection, name: str, sound: str, does: str, given: dict[str, str]) -> None:
    """A Local channel; its other half, which makes the sound, inherits nothing and needs little."""
    order = {
        "Channel": f"Local/{sound}@talk-keep/n",
        "ChannelId": name,
        "OtherChannelId": f"{name}-sound",
        "Context": "talk-keep",
        "Exten": does,
        "Priority": "1",
        "Timeout": "3000",
    }
    asterisk.ask("Originate", order, {f"__{key}": value for key, value in given.items()})


def _free(asterisk: AmiConnection, legs: Legs) -> None:
    """Nobody waits any more. A helper who is left alone ends by itself, but one may be left with a supervisor
    or a third party, who would hear silence for ever."""
    helpers = [variable(asterisk, name, legs.caller) for name in (MUSIC_LEG, QUIET_LEG)]
    for name in (KEPT_BY, MUSIC_LEG, QUIET_LEG):
        _set(asterisk, legs.caller, name, "")
    for helper in filter(None, helpers):
        _end(asterisk, helper)


def _bridge(asterisk: AmiConnection, one: str, other: str) -> None:
    """By names: of an identity, this order takes any channel whose own merely begins so."""
    names = {f"Channel{place}": _name(asterisk, leg) for place, leg in enumerate((one, other), 1)}
    asterisk.ask("Bridge", names | {"Tone": "no"})


def _name(asterisk: AmiConnection, leg: str) -> str:
    """Raises `AmiRefused` where the channel has gone."""
    return asterisk.ask("Getvar", {"Channel": channel(leg), "Variable": "CHANNEL(name)"}).get("Value")


def _are_together(asterisk: AmiConnection, one: str, other: str) -> bool:
    """Whether both are in one bridge: a button that is pressed twice moves nobody twice."""
    name = variable(asterisk, "CHANNEL(name)", channel(other))
    return bool(name) and name in variable(asterisk, _PEERS, channel(one)).split(",")


def _set(asterisk: AmiConnection, channel_name: str, name: str, value: str) -> None:
    asterisk.ask("Setvar", {"Channel": channel(channel_name), "Variable": name, "Value": value})


def _end(asterisk: AmiConnection, channel_name: str) -> None:
    unless_already(asterisk, "Hangup", {"Channel": channel(channel_name), "Cause": "16"})


def _address(asterisk: AmiConnection, third: ThirdParty, number: str) -> str:
    if third.extension:
        return telephone_of(asterisk, third.extension)
    return f"PJSIP/{number}@{EMERGENCY_TRUNK if third.shown_number else TRUNK}"

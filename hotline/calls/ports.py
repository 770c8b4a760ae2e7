"""What the core asks of the telephone. Implemented in `ivr/control/`, handed in by `hotline.cli`.

Every method raises `TelephoneAway` when the PBX does not answer, and then has changed nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from hotline.line_settings import PbxAddress


class TelephoneAway(Exception):
    """The PBX cannot be reached or refused; nothing was changed there. Try again later."""


class NoTelephone(Exception):
    """No telephone of the seat is registered: nothing would ring."""


class NotDialable(ValueError):
    """What should be dialled is no telephone number. The text does not repeat it."""


class SeatControl(Protocol):
    """Agents' seats in the queue."""

    def make_ready(self, extension: str, at_once: bool = False) -> None:
        """Offer calls of the queue to this seat, at whichever telephone of it is registered; with `at_once`
        also within its wrap-up time. Raises `NoTelephone` and changes nothing when there is none."""
        ...

    def pause(self, extension: str, reason: str) -> None:
        """Offer no calls to this seat until it is ready again."""
        ...

    def sign_off(self, extension: str) -> None:
        """Take the seat out of the queue."""
        ...

    def align_queues(self, extension: str) -> None:
        """Move a seat that takes calls into the queues of its skills as they are now."""
        ...

    def queues_changed(self) -> None:
        """Skills were changed: every PBX gets its queues anew, and its seats are aligned, soon after."""
        ...


class PhoneKind(StrEnum):
    """The two telephones of a seat."""

    BROWSER = "browser"
    DESK = "desk"


class AccountControl(Protocol):
    """SIP accounts of seats, at every PBX. In force at once; what talks goes on talking."""

    def give_account(self, extension: str, kind: PhoneKind, password: str) -> None:
        """From now on this telephone registers with this password alone."""
        ...

    def take_account(self, extension: str, kind: PhoneKind) -> None:
        """From now on no password will do for this telephone."""
        ...


class Meeting(StrEnum):
    """Whom a third party meets as soon as it answers."""

    JOIN = "join"  # caller and agent, who go on talking while it rings
    CONSULT = "consult"  # the agent alone; the caller hears music
    TRANSFER = "transfer"  # the caller alone; the agent is let go


@dataclass(frozen=True)
class Legs:
    """The channels of the caller and of the caller's agent."""

    caller: str
    agent: str


@dataclass(frozen=True)
class ThirdParty:
    """Somebody to be rung: a `number` of the telephone network, or a seat's `extension`.

    `channel_id` becomes the channel's uniqueid. `shown_number` is what the other side sees in place of the
    hotline's number (emergency services see the citizen's).
    """

    channel_id: str
    meeting: Meeting
    number: str = field(default="", repr=False)
    extension: str = ""
    shown_number: str = field(default="", repr=False)


class TalkControl(Protocol):
    """People who are talking. What really happened comes back as events; an order only says that the PBX
    took it. Channels are named by name or uniqueid."""

    def hang_up(self, channel_name: str) -> None:
        """End one channel."""
        ...

    def hold(self, legs: Legs) -> None:
        """The caller hears music and nobody; the agent stays, alone. Twice is as once."""
        ...

    def resume(self, legs: Legs) -> None:
        """Caller and agent talk again, the two alone; whoever else was with either of them is left."""
        ...

    def mute(self, channel_name: str, muted: bool) -> None:
        """Whether nobody, and no track, hears this channel."""
        ...

    def press_keys(self, channel_name: str, keys: str) -> None:
        """Keys 0-9 * # A-D, pressed towards this channel's other end one after the other."""
        ...

    def key_in(self, channel_name: str, keys: str) -> None:
        """The same keys as if this channel's own telephone had sent them: whoever is with it hears them, and
        the PBX does what it listens for."""
        ...

    def pause_recording(self, channel_names: Sequence[str], paused: bool) -> None:
        """Write silence into every track that these channels feed, or sound again."""
        ...

    def ring_third(self, legs: Legs, third: ThirdParty) -> None:
        """Ring somebody; what happens at the answer says `third.meeting`. For `CONSULT` and `TRANSFER` the
        caller is put on hold. Raises `NotDialable` before anything is sent."""
        ...

    def join(self, legs: Legs, thirds: Sequence[str]) -> None:
        """These third parties, the agent and the caller talk together."""
        ...

    def hand_over(self, legs: Legs, third: str) -> None:
        """The caller talks with the consulted third party; the agent is let go."""
        ...

    def leave(self, legs: Legs) -> None:
        """The agent is let go; the others go on talking."""
        ...

    def to_queue(self, legs: Legs) -> None:
        """The caller goes to the head of the queue; the agent is let go."""
        ...


class Supervising(StrEnum):
    """How a supervisor's leg is with a call."""

    LISTEN = "listen"  # nobody hears it
    WHISPER = "whisper"  # the agent alone hears it
    JOIN = "join"  # everybody hears it, and it has a track


HEAD_START_SECONDS = 10**9
"""Of a caller whom a supervisor puts at the head of the line: decades before everybody else."""


class PlaceKind(StrEnum):
    """Where a waiting caller can be moved to."""

    HEAD = "head"  # before everybody who waits in the same line
    SKILL = "skill"  # another line, named by its code
    SEAT = "seat"  # a certain agent's telephone, named by its extension; from there back to the head


@dataclass(frozen=True)
class Place:
    """A place for a waiting caller; `name` is empty for `HEAD`, and for the general line.

    `overflow_seconds`: how long only those are asked who have the skill; None never asks others.
    """

    kind: PlaceKind
    name: str = ""
    overflow_seconds: int | None = None


class SupervisorControl(Protocol):
    """Supervisors with calls, and callers whom they move. `Legs.agent` is empty where the agent has gone."""

    def ring_supervisor(self, extension: str, channel_id: str, legs: Legs, how: Supervising) -> None:
        """Ring the seat's telephone, and be with the call from the answer on. `channel_id` becomes the
        channel's uniqueid. Raises `NoTelephone`. What came of it comes back as events."""
        ...

    def supervise(self, channel_id: str, legs: Legs, how: Supervising) -> None:
        """Be with the call in another way; nobody is rung."""
        ...

    def take_over(self, channel_id: str, legs: Legs) -> None:
        """The supervisor's leg, which is in the talk, is the agent's from now on; `legs.agent` is let go.
        Twice is as once. That it was done comes back as an event."""
        ...

    def move_caller(self, linkedid: str, place: Place) -> None:
        """Move a caller who waits in a queue. One who waits no more is left where they are."""
        ...


@dataclass(frozen=True)
class WaitToTell:
    """What a waiting caller is told next: place, from one, and wait in seconds (None: nobody can say)."""

    linkedid: str
    position: int
    seconds: float | None


class WaitingControl(Protocol):
    """Callers who wait."""

    def announce_waits(self, waits: Sequence[WaitToTell]) -> None:
        """Have these callers hear this from now on, whenever the PBX speaks to them. One who has gone
        meanwhile is passed over."""
        ...


@dataclass(frozen=True)
class OwedCall:
    """A callback in its turn. `linkedid` becomes the call's; it stands in `queue` at the place of a caller
    who came at `place_at`, or, with `extension`, rings that seat alone and at once."""

    number: str = field(repr=False)
    linkedid: str
    place_at: datetime
    queue: str
    extension: str = ""


class NotInLine(Exception):
    """A callback has no place in the line any more. `dialled`: its citizen is being dialled, or talks."""

    def __init__(self, dialled: bool) -> None:
        super().__init__("not in the line")
        self.dialled = dialled


class OutgoingControl(Protocol):
    """Calls that the hotline makes."""

    def call_back(self, order: OwedCall) -> None:
        """Hold the place of an owed callback; once an agent is there, the citizen is dialled. What comes of
        it is told by events. Raises `NotDialable` before anything is sent."""
        ...

    def call_off(self, linkedid: str) -> None:
        """Give up the place of an owed callback whose citizen has not been dialled: nobody will be. Raises
        `NotInLine`, and then nothing has changed."""
        ...

    def call_citizen(self, number: str, attempt_id: int, channel_id: str) -> None:
        """Dial a citizen for a follow-up. Returns once the PBX has taken the order; the outcome comes later
        as an event or through the follow-up script. `channel_id` becomes the channel's uniqueid.
        Raises `NotDialable` before anything is sent."""
        ...

    def relay(self, department_number: str, citizen_number: str, relay_id: int, channel_id: str) -> None:
        """Ring the department, then the citizen, and connect them; each sees the hotline's number alone.
        `channel_id` becomes the uniqueid of the department's channel. Raises `NotDialable`."""
        ...


class NoHeadsetCall(Exception):
    """Nothing rings at, or talks with, this headset: the call is over already."""


@dataclass(frozen=True)
class HeadsetLine:
    """A line that was opened: at which PBX, and the identity under which the headset fetches its audio."""

    pbx: PbxAddress
    connection: str = field(repr=False)
    """Whoever knows it has the line."""


class HeadsetControl(Protocol):
    """Native headsets: each holds one line at one PBX for as long as it is switched on."""

    def open_line(self, extension: str) -> HeadsetLine:
        """Open the seat's line, to be fetched at once, in place of any other it had: at the PBX that has this
        headset's share, or at another one that lives."""
        ...

    def close_line(self, extension: str) -> None:
        """End the seat's line, if it has one, and with it a call."""
        ...

    def headset_rings(self, extension: str) -> None:
        """The headset rings. Raises `NoHeadsetCall`."""
        ...

    def headset_answers(self, extension: str) -> None:
        """Connect the call that rings with the line. Raises `NoHeadsetCall`."""
        ...

    def headset_hangs_up(self, extension: str) -> None:
        """End the call, or refuse it while it rings. Raises `NoHeadsetCall`."""
        ...


class CallControl(
    SeatControl,
    WaitingControl,
    TalkControl,
    SupervisorControl,
    OutgoingControl,
    AccountControl,
    HeadsetControl,
    Protocol,
):
    """All of it: what the composition root hands in. A use case asks for the part that it needs."""

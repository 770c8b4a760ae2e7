"""What a conversation looks like from where its people are, and what its agent may do in it. No database.

The only facts are Asterisk's: who is up, and in which room (bridge). Everything shown follows from these.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hotline.calls.ports import Meeting
from hotline.conversations.models import Party, PartyKind, PartyState

MOST_PARTIES = 6
LONGEST_KEYS = 20


class Phase(StrEnum):
    """How caller and agent stand to each other."""

    TALKING = "talking"  # the two, or more, hear each other
    HELD = "held"  # the caller hears music, the agent nobody
    CONSULTING = "consulting"  # the caller hears music, the agent a third party
    HANDED_OVER = "handed_over"  # the agent is gone, the others go on
    CALLER_LEFT = "caller_left"  # the agent is still with a third party
    OVER = "over"


class Step(StrEnum):
    """What an agent can do in a conversation."""

    HOLD = "hold"
    RESUME = "resume"
    MUTE = "mute"
    UNMUTE = "unmute"
    KEYS = "keys"
    PAUSE_RECORDING = "pause_recording"
    RESUME_RECORDING = "resume_recording"
    CONSULT = "consult"
    TRANSFER = "transfer"
    ADD = "add"
    JOIN = "join"
    HAND_OVER = "hand_over"
    LEAVE = "leave"
    REMOVE = "remove"


class Refusal(StrEnum):
    """Why a step is refused; the console has a sentence for each."""

    NOT_YOURS = "not_yours"
    OVER = "over"
    CALLER_LEFT = "caller_left"
    NOT_ANSWERED = "not_answered"
    ALREADY_HELD = "already_held"
    NOT_HELD = "not_held"
    CONSULTING = "consulting"
    NOT_CONSULTING = "not_consulting"
    SOMEBODY_RINGS = "somebody_rings"
    NOBODY_ELSE = "nobody_else"
    FULL = "full"
    BAD_KEYS = "bad_keys"
    NOT_IN_CALL = "not_in_call"
    UNKNOWN_TARGET = "unknown_target"
    YOURSELF = "yourself"
    TARGET_BUSY = "target_busy"
    TARGET_AWAY = "target_away"
    NOBODY_ON_DUTY = "nobody_on_duty"
    NOT_ALLOWED = "not_allowed"
    NOT_A_NUMBER = "not_a_number"
    NOT_AT_THIS_HOUR = "not_at_this_hour"
    TOO_MANY = "too_many"  # calls out by this person in this minute
    RECORDING_STATE = "recording_state"
    MUTE_STATE = "mute_state"
    RELAY_RUNNING = "relay_running"
    NO_NUMBER = "no_number"
    NOT_HOLDER = "not_holder"


class TalkRefused(Exception):
    """The step was not taken; the call goes on as it was."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True)
class Standing:
    """A conversation at one moment."""

    parties: Sequence[Party]
    agent_user_id: int | None
    recording_paused: bool = False

    @property
    def caller(self) -> Party | None:
        """The citizen, also after hanging up."""
        return next((party for party in self.parties if party.kind is PartyKind.CALLER), None)

    @property
    def agent(self) -> Party | None:
        """The leg of the agent whose call it is, while it is up."""
        own = (p for p in reversed(self.parties) if p.user_id == self.agent_user_id and p.is_here)
        return next((p for p in own if p.kind is PartyKind.AGENT), None)

    @property
    def thirds(self) -> list[Party]:
        """Whom the agent rang and who is in the call or rings."""
        agent = self.agent
        return [p for p in self.parties if p.is_third and p is not agent and p.state is not PartyState.LEFT]

    @property
    def ringing(self) -> list[Party]:
        """Third parties that ring."""
        return [party for party in self.thirds if party.state is PartyState.RINGING]

    @property
    def phase(self) -> Phase:
        """See `Phase`."""
        caller, agent = self.caller, self.agent
        caller_here = caller is not None and caller.is_here
        if agent is None:
            return Phase.HANDED_OVER if caller_here and self.with_party(caller) else Phase.OVER
        if caller is None or not caller_here:
            return Phase.CALLER_LEFT if self.with_party(agent) else Phase.OVER
        if caller.bridge == agent.bridge != "":
            return Phase.HELD if agent.holding else Phase.TALKING
        return Phase.CONSULTING if self.with_party(agent) else Phase.HELD

    @property
    def consulted(self) -> Party | None:
        """The third party with whom the agent talks while the caller is on hold."""
        agent = self.agent
        if agent is None or self.phase is not Phase.CONSULTING:
            return None
        return next((party for party in self.with_party(agent) if party.is_third), None)

    def with_party(self, party: Party | None) -> list[Party]:
        """Who hears this party."""
        if party is None or not party.bridge:
            return []
        return [p for p in self.parties if p is not party and p.is_here and p.bridge == party.bridge]

    def steps(self) -> frozenset[Step]:
        """What the agent may do now; see `check` for why not."""
        return frozenset(step for step in Step if self.refusal(step) is None)

    def refusal(self, step: Step) -> Refusal | None:
        """Why this step cannot be taken now; None if it can."""
        phase = self.phase
        if self.agent is None:
            return Refusal.OVER if self.caller is None or not self.caller.is_here else Refusal.NOT_YOURS
        if step in (Step.MUTE, Step.UNMUTE):
            return Refusal.MUTE_STATE if self.agent.muted is (step is Step.MUTE) else None
        if step is Step.KEYS:
            return None if self.with_party(self.agent) else Refusal.NOBODY_ELSE
        if step is Step.REMOVE:
            return None if self.thirds else Refusal.NOBODY_ELSE
        if phase is Phase.CALLER_LEFT or phase is Phase.OVER:
            return Refusal.CALLER_LEFT
        return self._refusal_with_caller(step, phase)

    def _refusal_with_caller(self, step: Step, phase: Phase) -> Refusal | None:
        alone = len(self.with_party(self.caller)) < 2
        match step:
            case Step.HOLD if phase is not Phase.TALKING:
                return Refusal.ALREADY_HELD
            case Step.RESUME if phase is Phase.TALKING:
                return Refusal.NOT_HELD
            case Step.PAUSE_RECORDING | Step.RESUME_RECORDING:
                wrong = self.recording_paused is (step is Step.PAUSE_RECORDING)
                return Refusal.RECORDING_STATE if wrong else None
            case Step.CONSULT | Step.TRANSFER | Step.ADD:
                return self._refusal_to_ring(step, phase, alone)
            case Step.JOIN | Step.HAND_OVER if phase is not Phase.CONSULTING:
                return Refusal.NOT_ANSWERED if self.ringing else Refusal.NOT_CONSULTING
            case Step.LEAVE if phase is not Phase.TALKING or alone:
                return Refusal.NOT_ANSWERED if self.ringing else Refusal.NOBODY_ELSE
        return None

    def _refusal_to_ring(self, step: Step, phase: Phase, alone: bool) -> Refusal | None:
        if phase is Phase.CONSULTING:
            return Refusal.CONSULTING
        if step is Step.ADD:
            return self._refusal_to_add(phase)
        if self.ringing:
            return Refusal.SOMEBODY_RINGS
        return None if alone else Refusal.FULL

    def _refusal_to_add(self, phase: Phase) -> Refusal | None:
        if phase is not Phase.TALKING:
            return Refusal.ALREADY_HELD
        if any(party.meeting is not Meeting.JOIN for party in self.ringing):
            return Refusal.SOMEBODY_RINGS
        there = 1 + len(self.with_party(self.caller)) + len(self.ringing)
        return Refusal.FULL if there >= MOST_PARTIES else None


def place(parties: Iterable[Party]) -> None:
    """Derive every party's state from the rooms in which they are."""
    here = [
        party for party in parties if party.state is not PartyState.LEFT and party.answered_at is not None
    ]
    for party in here:
        others = [other for other in here if other is not party and other.bridge == party.bridge != ""]
        heard = others and not any(other.holding for other in others)
        party.state = PartyState.TALKING if heard else PartyState.HELD


def readable_keys(keys: str) -> str:
    """The keys to press, without blanks. Raises `TalkRefused`."""
    wanted = "".join(keys.split())
    if not 0 < len(wanted) <= LONGEST_KEYS or not set(wanted) <= set("0123456789*#"):
        raise TalkRefused(Refusal.BAD_KEYS)
    return wanted


def live(parties: Collection[Party]) -> bool:
    """Whether anybody is still there."""
    return any(party.state is not PartyState.LEFT for party in parties)

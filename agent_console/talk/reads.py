"""What is shown of a conversation."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from agent_console.department_names import duty_label
from agent_console.talk.words import PARTY_ENDS, PARTY_KINDS
from hotline.calls.models import Call
from hotline.context import Context
from hotline.conversations.models import HandOver, Party, PartyEnd, PartyKind, PartyState
from hotline.conversations.queries import call_of_agent, hand_overs_of, standing
from hotline.conversations.rules import Phase, Refusal, Standing, Step

FAILURES_SHOWN_FOR = timedelta(seconds=30)


@dataclass(frozen=True)
class Shown:
    """A conversation for a page or a program; `missed` are third parties who lately did not answer.

    Steps are the agent's whose call it is: an agent who was asked in can but hang up.
    """

    call: Call
    own: bool
    standing: Standing
    missed: list[Party]
    hand_over: HandOver | None

    @property
    def phase(self) -> Phase:
        """How caller and agent stand to each other."""
        return self.standing.phase

    @property
    def can(self) -> frozenset[Step]:
        """Which buttons there are."""
        return self.standing.steps() if self.own else frozenset()

    def why_not(self, step: str) -> Refusal | None:
        """Why there is no button for a step now; None if there is one."""
        return self.standing.refusal(Step(step)) if self.own else Refusal.NOT_YOURS

    @property
    def parties(self) -> list[Party]:
        """Everybody who is there or rings."""
        return [party for party in self.standing.parties if party.state is not PartyState.LEFT]

    def as_json(self) -> dict[str, Any]:
        """For programs. Numbers of citizens are not in it."""
        return {
            "call": self.call.id,
            "phase": self.phase,
            "recording_paused": self.standing.recording_paused,
            "can": sorted(self.can),
            "parties": [as_json(party) for party in (*self.parties, *self.missed)],
        }


def as_json(party: Party) -> dict[str, Any]:
    """One party of a conversation."""
    return {
        "id": party.id,
        "kind": party.kind,
        "state": party.state,
        "label": label_of(party),
        "meeting": party.meeting,
        "muted": party.muted,
        "since": (party.answered_at or party.asked_at).isoformat(),
        "end": party.end,
    }


def label_of(party: Party) -> str:
    """Whom people see: a name, else what the party is."""
    if party.kind is PartyKind.CALLER:
        return str(PARTY_KINDS[party.kind])
    return duty_label(party.label) if party.kind is PartyKind.DEPARTMENT else party.label


def missed_words(party: Party) -> str:
    """Why a third party did not come."""
    return str(PARTY_ENDS[party.end or PartyEnd.UNREACHABLE])


def conversation_of(session: Session, context: Context, user_id: int) -> Shown | None:
    """The conversation in which this person's telephone is; None if it is in none."""
    call = call_of_agent(session, user_id)
    return shown(session, context, call, user_id) if call else None


def shown(session: Session, context: Context, call: Call, user_id: int) -> Shown:
    """The conversation of a call, as this person sees it."""
    now = standing(session, call)
    since = context.now() - FAILURES_SHOWN_FOR
    failed = [p for p in now.parties if p.is_third and p.end not in (None, PartyEnd.HUNG_UP)]
    missed = [p for p in failed if p.left_at is not None and p.left_at > since and p.answered_at is None]
    emergencies = {p.id for p in now.thirds if p.kind is PartyKind.EMERGENCY}
    hand_overs = [done for done in hand_overs_of(session, call.id) if done.party_id in emergencies]
    return Shown(call, call.agent_id == user_id, now, missed, hand_overs[-1] if hand_overs else None)

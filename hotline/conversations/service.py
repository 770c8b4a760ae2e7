"""What the agent of a call can do while people talk: one function a step.

Each checks who acts and what the conversation stands at, and then asks the telephone. What becomes of it is
told by the telephone (`hotline.conversations.facts`): nothing is shown before it has happened. A step that is
refused (`TalkRefused`, `NotDialable`) or that the telephone did not take (`TelephoneAway`) changes nothing.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from hotline import events
from hotline.calls.models import Call
from hotline.calls.ports import Legs, Meeting, NotDialable, TalkControl, TelephoneAway, ThirdParty
from hotline.calls.way import passed_leader
from hotline.context import Context
from hotline.conversations.models import Party, PartyEnd, PartyState
from hotline.conversations.queries import standing
from hotline.conversations.rules import Refusal, Standing, Step, TalkRefused, readable_keys
from hotline.conversations.targets import QUEUE, Target, find

THIRD = "third-"
"""How channel identities of third parties begin, after the name of their Asterisk where there are several."""


@dataclass(frozen=True)
class Talk:
    """A conversation in the hands of its agent."""

    session: Session
    call: Call
    standing: Standing
    caller: Party
    agent: Party

    @property
    def legs(self) -> Legs:
        return Legs(self.caller.channel_id, self.agent.channel_id)


def hold(context: Context, control: TalkControl, call_id: int) -> None:
    """The caller hears music. Whoever else is there goes on talking with the agent."""
    with talk_of(context, call_id, Step.HOLD) as talk:
        control.hold(talk.legs)


def resume(context: Context, control: TalkControl, call_id: int) -> None:
    """Back to the caller. Somebody who was only consulted, or rings for a transfer, is left."""
    with talk_of(context, call_id, Step.RESUME) as talk:
        stay = [p.channel_id for p in talk.standing.with_party(talk.agent) if p.meeting is Meeting.JOIN]
        left = [p for p in talk.standing.thirds if p.meeting is not Meeting.JOIN]
        if stay:
            control.join(talk.legs, stay)
        else:
            control.resume(talk.legs)
        for party in left:
            control.hang_up(party.channel_id)


def mute(context: Context, control: TalkControl, call_id: int, muted: bool) -> None:
    """Nobody hears the agent, and no track does; or they do again."""
    with talk_of(context, call_id, Step.MUTE if muted else Step.UNMUTE) as talk:
        control.mute(talk.agent.channel_id, muted)
        if not muted and talk.standing.recording_paused:
            control.pause_recording([talk.agent.channel_id], True)


def press_keys(
    context: Context, control: TalkControl, call_id: int, keys: str, party_id: int | None = None
) -> None:
    """Press keys towards the party named, else the newest third party, else the caller.

    A leader alone with the caller keys in as at a desk telephone, where the PBX listens for `*0`.
    """
    wanted = readable_keys(keys)
    with talk_of(context, call_id, Step.KEYS) as talk:
        heard = talk.standing.with_party(talk.agent)
        chosen = [party for party in heard if party_id in (None, party.id)]
        if not chosen:
            raise TalkRefused(Refusal.NOT_IN_CALL)
        if heard == [talk.caller] and passed_leader(talk.call):
            control.key_in(talk.agent.channel_id, wanted)
            return
        newest = max(chosen, key=lambda party: (party.is_third, party.id))
        control.press_keys(newest.channel_id, wanted)


def pause_recording(context: Context, control: TalkControl, call_id: int, paused: bool) -> None:
    """Nothing is recorded on any track while somebody reads out what nobody else may hear; or it is again."""
    step = Step.PAUSE_RECORDING if paused else Step.RESUME_RECORDING
    with talk_of(context, call_id, step) as talk:
        here = [party.channel_id for party in talk.standing.parties if party.is_here]
        control.pause_recording(here, paused)
        for party in talk.standing.parties:
            if party.is_here and party.muted and not paused:
                control.mute(party.channel_id, True)


def consult(context: Context, control: TalkControl, call_id: int, target: str) -> int:
    """Ring somebody to speak with them alone, while the caller hears music. Returns the party's id."""
    return _ring(context, control, call_id, Step.CONSULT, Meeting.CONSULT, target)


def add(context: Context, control: TalkControl, call_id: int, target: str) -> int:
    """Ring somebody who will hear everybody and be heard, three-way and up to six. Returns the party's id."""
    return _ring(context, control, call_id, Step.ADD, Meeting.JOIN, target)


def transfer(context: Context, control: TalkControl, call_id: int, target: str) -> int | None:
    """The caller goes to somebody else, and the agent is free as soon as they answer.

    If they do not, the caller comes back to the agent. Returns the party's id; None for the queue, where the
    caller goes before everybody else and the agent is free at once.
    """
    if target.strip() == QUEUE:
        with talk_of(context, call_id, Step.TRANSFER) as talk:
            control.to_queue(talk.legs)
        return None
    return _ring(context, control, call_id, Step.TRANSFER, Meeting.TRANSFER, target)


def join(context: Context, control: TalkControl, call_id: int) -> None:
    """After consulting: caller, agent and the third party talk together."""
    with talk_of(context, call_id, Step.JOIN) as talk:
        thirds = [party for party in talk.standing.with_party(talk.agent) if party.is_third]
        control.join(talk.legs, [party.channel_id for party in thirds])
    with context.writing() as session:
        for party in thirds:
            session.get_one(Party, party.id).meeting = Meeting.JOIN


def hand_over(context: Context, control: TalkControl, call_id: int) -> None:
    """After consulting: the caller talks with the third party, and the agent is free."""
    with talk_of(context, call_id, Step.HAND_OVER) as talk:
        consulted = talk.standing.consulted
        if consulted is None:
            raise TalkRefused(Refusal.NOT_CONSULTING)
        control.hand_over(talk.legs, consulted.channel_id)


def leave(context: Context, control: TalkControl, call_id: int) -> None:
    """The agent leaves the others together."""
    with talk_of(context, call_id, Step.LEAVE) as talk:
        control.leave(talk.legs)


def remove(context: Context, control: TalkControl, call_id: int, party_id: int) -> None:
    """Somebody whom the agent rang is no longer wanted, talking or ringing."""
    with talk_of(context, call_id, Step.REMOVE) as talk:
        [*found] = [party for party in talk.standing.thirds if party.id == party_id]
        if not found:
            raise TalkRefused(Refusal.NOT_IN_CALL)
        control.hang_up(found[0].channel_id)


def _ring(
    context: Context, control: TalkControl, call_id: int, step: Step, meeting: Meeting, target: str
) -> int:
    """The party is written down before it rings: of two presses the second finds the first."""
    with talk_of(context, call_id, step, context.writing) as talk:
        found = find(talk.session, context, target)
        party = ring_party(talk.session, context, talk.call, talk.standing, found, meeting)
        third, legs = _third(found, party, ""), talk.legs
    order(context, control, party, third, legs)
    return party.id


def ring_party(
    session: Session, context: Context, call: Call, now: Standing, target: Target, meeting: Meeting
) -> Party:
    """A row for somebody who is about to be rung. Raises `TalkRefused` for somebody who is there already."""
    for there in now.thirds:
        if (there.number, there.extension) == (target.number, target.extension):
            rings = there.state is PartyState.RINGING
            raise TalkRefused(Refusal.SOMEBODY_RINGS if rings else Refusal.TARGET_BUSY)
    machine = f"{call.pbx}-" if call.pbx else ""
    party = Party(
        call_id=call.id,
        kind=target.kind,
        meeting=meeting,
        channel_id=f"{machine}{THIRD}{secrets.token_hex(6)}",
        label=target.label,
        number=target.number,
        extension=target.extension,
        user_id=target.user_id,
        department_id=target.department_id,
        asked_at=context.now(),
    )
    session.add(party)
    session.flush()
    announce(session, context, call, "ringing")
    return party


def order(context: Context, control: TalkControl, party: Party, third: ThirdParty, legs: Legs) -> None:
    """Ask the telephone to ring them. If it does not, the party has never been there."""
    try:
        control.ring_third(legs, third)
    except (TelephoneAway, NotDialable):
        with context.writing() as session:
            row = session.get_one(Party, party.id)
            row.state, row.end, row.left_at = PartyState.LEFT, PartyEnd.UNREACHABLE, context.now()
            announce(session, context, session.get_one(Call, party.call_id), "not_reached")
        raise


def _third(target: Target, party: Party, shown_number: str) -> ThirdParty:
    return ThirdParty(
        party.channel_id,
        party.meeting or Meeting.JOIN,
        number=target.number,
        extension=target.extension or "",
        shown_number=shown_number,
    )


@contextmanager
def talk_of(
    context: Context,
    call_id: int,
    step: Step,
    session_of: Callable[[], AbstractContextManager[Session]] | None = None,
) -> Iterator[Talk]:
    """The conversation in the hands of its agent, if the step can be taken. Raises `TalkRefused`.

    The telephone is never asked with the database's one writer waiting for it.
    """
    with (session_of or context.reading)() as session:
        call = session.get(Call, call_id)
        if call is None or call.agent_id is None or call.agent_id != context.actor.user_id:
            raise TalkRefused(Refusal.NOT_YOURS)
        now = standing(session, call)
        if refusal := now.refusal(step):
            raise TalkRefused(refusal)
        if now.caller is None or now.agent is None:
            raise TalkRefused(Refusal.OVER)
        yield Talk(session, call, now, now.caller, now.agent)


def announce(session: Session, context: Context, call: Call, kind: str, **facts: object) -> None:
    """Tell the pages of everybody in the call."""
    session.flush()
    agents = {p.extension for p in standing(session, call).parties if p.extension}
    for extension in sorted(agents) or [""]:
        facts["extension"] = extension
        events.record(session, context.now(), f"conversation.{kind}", f"call:{call.id}", **facts)

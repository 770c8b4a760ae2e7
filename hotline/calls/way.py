"""Where a call has been before an agent had it: what the agent should know who answers it."""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import select

from hotline import events
from hotline.calls.models import Call
from hotline.context import Context

LONGEST = 20


class WayKind(StrEnum):
    """A place that the call has passed, with the facts that belong to it."""

    LEADER = "leader"  # a leader was on the line: `name`, `scope`
    HEARD = "heard"  # the leader has talked with the caller, who then waits for agents
    LINE = "line"  # nobody was on there, and the plan led to another line: `number`
    SKILL = "skill"  # waited for agents with it, in vain: `skill`
    PHONE = "phone"  # a telephone rang in the queue's place, and nobody answered
    REFUSED = "refused"  # a telephone of the plan may not be called: `reason`


Passed = dict[str, str]


def passed(kind: WayKind, **facts: str) -> Passed:
    """An entry of `Call.way`."""
    return {"kind": kind.value, **facts}


def planned(context: Context, call_id: int, tongue: str, way: Iterable[Passed]) -> None:
    """What the call plan decided. Told again, after a key, nothing is written twice."""
    with context.writing() as session:
        call = session.get_one(Call, call_id)
        call.tongue = tongue
        for entry in way:
            _add(call, entry)


def phone_not_answered(context: Context, linkedid: str) -> None:
    """A telephone of the plan rang, and nobody took the call."""
    with context.writing() as session:
        call = session.scalar(select(Call).where(Call.linkedid == linkedid))
        if call is not None:
            _add(call, passed(WayKind.PHONE))
            events.record(session, context.now(), "call.moved", f"call:{call.id}", skill=call.skill)


def passed_leader(call: Call) -> bool:
    """Whether a leader was on the line, whoever talks with the caller now."""
    return any(entry["kind"] == WayKind.LEADER for entry in call.way)


def had_leader(call: Call) -> None:
    """The caller waits for agents after a talk: on a leader's line, with no agent before, the leader's."""
    if passed_leader(call) and call.queued_at is None:
        _add(call, passed(WayKind.HEARD))


def left_line(call: Call) -> None:
    """The caller waits elsewhere now than in the line of this skill."""
    if call.skill:
        _add(call, passed(WayKind.SKILL, skill=call.skill))


def _add(call: Call, entry: Passed) -> None:
    """A new list: the column is compared, not watched."""
    if entry not in call.way and len(call.way) < LONGEST:
        call.way = [*call.way, entry]

"""What the live board shows, row by row, with the marks that follow from times and rules."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from agent_console.call_plan.origin import Origin, Origins
from hotline.calls.models import Call, OwedCallback, Seat, SeatState
from hotline.calls.queries import board
from hotline.config import Settings
from hotline.conversations.models import Party, PartyKind, PartyState
from hotline.conversations.queries import live_parties
from hotline.conversations.rules import Phase, Standing
from hotline.harassment.queries import barred_numbers
from hotline.incidents.models import Incident
from hotline.incidents.queries import going_on
from hotline.monitoring.models import MonitoringSession
from hotline.monitoring.queries import Answering, answering, open_sessions
from hotline.monitoring.rules import pause_is_too_long
from hotline.queueing.queries import skills
from hotline.queueing.reserve import RESERVE
from hotline.roster.models import RosterEntry
from hotline.roster.queries import on_duty
from hotline.supervision.queries import overdue_tickets

RECENT = timedelta(minutes=15)
SHOWN_STATES = (
    SeatState.READY,
    SeatState.RINGING,
    SeatState.TALKING,
    SeatState.BROKEN,
    SeatState.WRAP_UP,
    SeatState.PAUSED,
)


@dataclass(frozen=True)
class Waiting:
    """A caller who waits. `place` counts from 1; `line` is empty for the general one."""

    call: Call
    place: int
    line: str
    origin: Origin


@dataclass(frozen=True)
class Talking:
    """A call that goes on, with everybody who is in it."""

    call: Call
    origin: Origin
    others: Sequence[Party]
    """Experts, departments, emergency services, other agents; those who ring, too."""
    supervisors: Sequence[MonitoringSession]
    agent_has_left: bool = False
    """The citizen talks on with others: the agent has gone, or their line broke."""

    def session_of(self, user_id: int) -> MonitoringSession | None:
        """This supervisor's session with the call."""
        return next((one for one in self.supervisors if one.supervisor_id == user_id), None)


@dataclass(frozen=True)
class SeatRow:
    """A seat with what stands out about it."""

    seat: Seat
    too_long: bool
    """Paused for longer than the reason allows."""
    unreachable: bool
    """At work, and no telephone of it is registered."""
    supervising: MonitoringSession | None
    due_since: datetime | None
    """Their shift has begun then, and they are not at work; None for everybody else."""


@dataclass(frozen=True)
class Floor:
    """The whole board at one moment."""

    waiting: Sequence[Waiting]
    talking: Sequence[Talking]
    seats: Sequence[SeatRow]
    owed: Sequence[OwedCallback]
    today: Answering
    recent: Answering
    """Of the calls that came in the last 15 minutes."""
    overdue: int
    """Tickets that lie with a department beyond their limit."""
    incidents: Sequence[Incident]
    never_seated: Sequence[RosterEntry]
    """Of people whose shift is on and who have never been at a seat."""

    @property
    def longest_since(self) -> datetime | None:
        """Since when the caller waits who waits longest; None if nobody does."""
        return min((row.call.queued_at or row.call.started_at for row in self.waiting), default=None)

    @property
    def free(self) -> int:
        """Seats that a caller would be offered to."""
        return sum(
            row.seat.state is SeatState.READY and not row.unreachable and row.supervising is None
            for row in self.seats
        )

    @property
    def paused_too_long(self) -> int:
        """Seats whose pause has lasted longer than its reason allows."""
        return sum(row.too_long for row in self.seats)


@dataclass(frozen=True)
class Group:
    """Seats at work that do the same; those that pause, by the reason."""

    state: SeatState
    reason: str
    count: int
    too_long: int
    unreachable: int


def groups(rows: Sequence[SeatRow]) -> list[Group]:
    """Who is at work, state by state as `SHOWN_STATES` has them; of the pauses the largest group first."""
    alike: dict[tuple[SeatState, str], list[SeatRow]] = {}
    for row in rows:
        if (state := row.seat.state) is not SeatState.OFFLINE:
            reason = row.seat.reason if state is SeatState.PAUSED else ""
            alike.setdefault((state, reason), []).append(row)
    found = [
        Group(state, reason, len(those), sum(r.too_long for r in those), sum(r.unreachable for r in those))
        for (state, reason), those in alike.items()
    ]
    return sorted(found, key=lambda one: (SHOWN_STATES.index(one.state), -one.count, one.reason))


def floor(session: Session, settings: Settings, now: datetime, midnight: datetime, english: bool) -> Floor:
    """The board as it stands at `now`."""
    origins = Origins(session, settings)
    shown, sessions = board(session), open_sessions(session)
    lines = {skill.code: skill.name_en if english else skill.name_zh for skill in skills(session)}
    rostered = on_duty(session, now)
    seated = {seat.user_id for seat in shown.seats}
    in_line = _in_line(shown.waiting, barred_numbers(session, now))
    return Floor(
        waiting=[
            Waiting(call, place, lines.get(call.skill, call.skill), origins.of(call))
            for place, call in enumerate(in_line, 1)
        ],
        talking=_talking(session, shown.talking, sessions, origins),
        seats=[_seat_row(seat, now, sessions, rostered.get(seat.user_id)) for seat in shown.seats],
        owed=shown.owed,
        today=answering(session, midnight, now),
        recent=answering(session, now - RECENT, now),
        overdue=overdue_tickets(session, now),
        incidents=going_on(session),
        never_seated=[one for user_id, one in rostered.items() if user_id not in seated],
    )


def _in_line(calls: Sequence[Call], barred: Collection[str]) -> list[Call]:
    """Who waits for an agent, the next first: nobody of an owed callback, where nobody is on the line until
    an agent is there, and no barred caller, whom the greeting leads to the message box."""
    waits = [
        call
        for call in calls
        if not call.outgoing and not (call.queued_at is None and call.contact.number in barred)
    ]
    return sorted(waits, key=lambda call: call.place_at)


def _talking(
    session: Session, calls: Sequence[Call], sessions: Sequence[MonitoringSession], origins: Origins
) -> list[Talking]:
    parties: Mapping[int, list[Party]] = {call.id: [] for call in calls}
    for party in live_parties(session):
        if party.call_id in parties:
            parties[party.call_id].append(party)
    return [
        _talk(call, origins.of(call), parties[call.id], [one for one in sessions if one.call_id == call.id])
        for call in calls
    ]


def _talk(
    call: Call, origin: Origin, parties: Sequence[Party], supervisors: Sequence[MonitoringSession]
) -> Talking:
    """The citizen, and the agent who answered, have columns of their own."""
    agents = [party for party in parties if party.kind is PartyKind.AGENT and party.user_id == call.agent_id]
    others = [party for party in parties if party.kind is not PartyKind.CALLER and party not in agents]
    has_left = Standing(parties, call.agent_id).phase is Phase.HANDED_OVER
    return Talking(call, origin, others, supervisors, has_left)


def _seat_row(
    seat: Seat, now: datetime, sessions: Sequence[MonitoringSession], shift: RosterEntry | None
) -> SeatRow:
    paused = seat.state is SeatState.PAUSED
    return SeatRow(
        seat=seat,
        too_long=paused and seat.reason != RESERVE and pause_is_too_long(seat.reason, now - seat.since_at),
        unreachable=seat.state is not SeatState.OFFLINE and not seat.registered,
        supervising=next((one for one in sessions if one.extension == seat.extension), None),
        due_since=shift.begins_at if shift and seat.state is SeatState.OFFLINE else None,
    )


def rings(party: Party) -> bool:
    """Whether this party was called and has not answered."""
    return party.state is PartyState.RINGING

"""Takes steps in a town, checks what each has done, and brings every ticket to the archive in the end."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, bindparam, select

from hotline.appeals.ordered import OrderRefused
from hotline.appeals.rules import AppealRefused
from hotline.calls.rules import OutgoingRefused
from hotline.campaigns.rules import CampaignRefused
from hotline.citizens.deeds import NotNow
from hotline.coordination.rules import CoordinationRefused
from hotline.dispatch.assisting import PartNotOverdue
from hotline.extensions.service import ExtensionRefused
from hotline.follow_up.again import AgainRefused
from hotline.follow_up.service import NotDue
from hotline.incidents.rules import IncidentRefused
from hotline.inspections.rules import InspectionRefused
from hotline.intake.rules import IntakeRefused
from hotline.joint.rules import JointRefused
from hotline.merging.service import MergeRefused
from hotline.people.actors import Actor, NotPermitted, Role
from hotline.questions.service import QuestionRefused
from hotline.rechecks.rules import RecheckRefused
from hotline.replies.service import ReplyRefused
from hotline.replies.visits import VisitRefused
from hotline.review.service import ReviewRefused
from hotline.screening.answering import NotToReview
from hotline.screening.refusing import NothingToDecide, ObjectionOver
from hotline.supervision.rules import SupervisionRefused
from hotline.suspension.service import SuspensionRefused
from hotline.tickets.lifecycle import IllegalMove
from hotline.tickets.models import HistoryLine, Ticket
from hotline.tickets.service import DraftRefused
from hotline.tickets.states import State
from hotline.tickets.tracks import PREPARED
from tests.walking.acting import Acting, Move, NothingThere
from tests.walking.around import AROUND, SWEEPS, WAIT
from tests.walking.checks import Broken, Told, compare
from tests.walking.early import EARLY
from tests.walking.late import LATE
from tests.walking.overseen import OVERSEEN
from tests.walking.standing import standing
from tests.walking.town import Step, Town
from tests.walking.tracks import TRACKED

PEOPLES = (*EARLY, *LATE, *AROUND, *OVERSEEN)
MOVES = {move.name: move for move in (*PEOPLES, *TRACKED, *SWEEPS, WAIT)}
BIRTHS = (("call_in", "system"), ("letter", "agent"), ("web_matter", "citizen"))
DONE = "done"
REFUSALS = (
    IllegalMove,
    AgainRefused,
    AppealRefused,
    CampaignRefused,
    CoordinationRefused,
    NotPermitted,
    DraftRefused,
    ExtensionRefused,
    IncidentRefused,
    InspectionRefused,
    IntakeRefused,
    JointRefused,
    MergeRefused,
    NotDue,
    NothingToDecide,
    NotNow,
    NotToReview,
    ObjectionOver,
    OrderRefused,
    OutgoingRefused,
    PartNotOverdue,
    QuestionRefused,
    RecheckRefused,
    ReplyRefused,
    ReviewRefused,
    SupervisionRefused,
    SuspensionRefused,
    VisitRefused,
)
"""How services say no. Whatever else they raise is a fault."""
_FACTS = ("outcome", "urgency", "confidentiality")
_NEW_LINES = select(HistoryLine.__table__).where(HistoryLine.id > bindparam("seen")).order_by(HistoryLine.id)
_ALL_LINES = select(HistoryLine.__table__).where(HistoryLine.ticket_id > bindparam("since"))
_ALL_LINES = _ALL_LINES.order_by(HistoryLine.id)
LOOK_BACK_EVERY = 100
REFUSALS_LIKE_ONE = 8
"""So many refusals make a move as much less likely as that it was done once: it may not be possible now."""


@dataclass
class Tally:
    """How often each move was done and refused, and each row of the lifecycle's table."""

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    rows: Counter[tuple[State | None, str, State]] = field(default_factory=Counter)
    rows_refused: Counter[tuple[State, str]] = field(default_factory=Counter)

    def likelihood(self, move: Move) -> float:
        """What seldom came about is tried more often."""
        return 1 / (1 + self.done[move.name] + self.refused[move.name] / REFUSALS_LIKE_ONE)


@dataclass
class Walker:
    """`seen` is the last line of history that was heard, `since` the last ticket of earlier walks, `stands`
    each of the tickets that walk now, by its id."""

    town: Town
    tally: Tally = field(default_factory=Tally)
    seen: int = 0
    since: int = 0
    told: dict[int, Told] = field(default_factory=dict)
    stands: dict[int, Row[Any]] = field(default_factory=dict)
    fault: Exception | None = None

    def likely(self, chance: random.Random) -> Step:
        """A step that the table may have from where some ticket stands, by somebody who may take it."""
        possible = [
            (place, move)
            for place, ticket_id in enumerate(self.town.tickets)
            for move in self._possible(self.stands[ticket_id])
        ]
        if not possible:
            return self._sweep(chance)
        likelihoods = [self.tally.likelihood(move) for _, move in possible]
        place, move = chance.choices(possible, likelihoods)[0]
        able = self._able(move, self.stands[self.town.tickets[place]].holder_id)
        return Step(move.name, chance.choice(able), place, chance.randrange(256))

    def any_step(self, chance: random.Random) -> Step:
        """Anybody tries anything; what only a machine or a citizen's own page does, those do."""
        move, actor = chance.choice((*PEOPLES, *TRACKED)), chance.choice(list(self.town.actors))
        only = {(Role.SYSTEM,): "system", (Role.CITIZEN,): "citizen"}.get(move.roles)
        place = chance.randrange(max(len(self.town.tickets), 1))
        return Step(move.name, only or actor, place, chance.randrange(256))

    def random_step(self, chance: random.Random, most_tickets: int) -> Step:
        """What comes next in a walk without a plan: mostly what is possible, now and then anything."""
        at, salt = chance.random(), chance.randrange(256)
        if len(self.town.tickets) < most_tickets and (at < 0.1 or not self.town.tickets):
            return Step(*chance.choice(BIRTHS), 0, salt)
        if at < 0.2:
            return self.any_step(chance)
        if at < 0.27:
            return Step("wait", "system", 0, salt)
        return self._sweep(chance) if at < 0.33 else self.likely(chance)

    def _sweep(self, chance: random.Random) -> Step:
        return Step(chance.choice(SWEEPS).name, "system", 0, chance.randrange(256))

    def _possible(self, ticket: Row[Any]) -> Sequence[Move]:
        """What a track asks for is tried by hand only where the ticket is on one of them."""
        moves = (*PEOPLES, *TRACKED) if ticket.track in PREPARED else PEOPLES
        return [
            move
            for move in moves
            if ticket.state in move.states and (not move.needs or getattr(ticket, move.needs))
        ]

    def take(self, step: Step) -> str:
        """Try it. Returns `DONE`, or how it was refused: then nothing has changed.

        Raises `Broken`, or what a service has raised that is no refusal; the same at every further step, for
        nothing that comes after the first fault is worth a look.
        """
        if self.fault is not None:
            raise self.fault
        try:
            return self._taken(step)
        except Exception as fault:
            self.fault = fault
            raise

    def _taken(self, step: Step) -> str:
        town = self.town
        town.clock.advance(seconds=1)  # no two things happen at one moment
        town.steps.append(step)
        before = town.stamp()
        outcome = self._tried(step)
        town.outcomes.append(outcome)
        (self.tally.done if outcome == DONE else self.tally.refused)[step.move] += 1
        try:
            if before is None or town.stamp() != before:
                if before is not None and outcome != DONE:
                    raise Broken(f"refused ({outcome}), and yet something was written")
                self._look()
            if len(town.steps) % LOOK_BACK_EVERY == 0:
                self.look_back()
        except Broken as broken:
            raise Broken(f"{broken}\n{self._last_steps()}") from None
        return outcome

    def _tried(self, step: Step) -> str:
        town, move = self.town, MOVES[step.move]
        needs_ticket = bool(move.states)
        if needs_ticket and not town.tickets:
            return NothingThere.__name__
        ticket_id = town.tickets[step.ticket] if town.tickets else 0
        context = town.context.acting_as(town.actors[step.actor])
        try:
            move.deed(Acting(town, context, ticket_id, step.salt))
        except (*REFUSALS, NothingThere) as refusal:
            if isinstance(refusal, IllegalMove):
                self.tally.rows_refused[refusal.state, refusal.event] += 1
            return type(refusal).__name__
        except Exception as error:
            error.add_note(self._last_steps())
            raise
        return DONE

    def _able(self, move: Move, holder_id: int | None) -> Sequence[str]:
        """Names of people with one of the move's roles, those of the department that has the ticket first."""
        able = [name for name, actor in self.town.actors.items() if actor.has(*move.roles)]
        own = [name for name in able if _is_of_unit(self.town.actors[name], holder_id)]
        if move.by_others:
            return [name for name in able if name not in own]
        return own or able

    def _look(self) -> None:
        """Hear the new lines of history and see every ticket: none has become another without a line."""
        with self.town.context.reading() as session:
            lines = session.execute(_NEW_LINES, {"seen": self.seen}).all()
            tickets = standing(session, self.since)
        for line in lines:
            self.told.setdefault(line.ticket_id, Told()).hear(line)
            self.seen = line.id
            if line.to_state != line.from_state:
                self.tally.rows[line.from_state, line.event, line.to_state] += 1
        changed = {line.ticket_id for line in lines}
        for ticket in tickets:
            before = self.stands.get(ticket.id)
            if before is not None and ticket.id not in changed and ticket.state is not State.DRAFT:
                _must_be_same(before, ticket)
            compare(self.told[ticket.id], ticket)
            self.stands[ticket.id] = ticket

    def look_back(self) -> None:
        """Hear the whole history of every ticket of this walk: its earlier lines are as they were."""
        with self.town.context.reading() as session:
            lines = session.execute(_ALL_LINES, {"since": self.since}).all()
        told: dict[int, Told] = {}
        for line in lines:
            told.setdefault(line.ticket_id, Told()).hear(line)
        for ticket_id, one in told.items():
            if one != self.told[ticket_id]:
                raise Broken(f"the history of ticket {ticket_id} was {self.told[ticket_id]}, now {one}")

    def begin_anew(self) -> None:
        """Other tickets; what has reached the archive is left there."""
        town = self.town
        self.since = max(town.tickets, default=self.since)
        town.tickets, town.steps, town.outcomes, self.stands = [], [], [], {}
        town.telephone.asked.clear()

    def _last_steps(self, most: int = 25) -> str:
        pairs = zip(self.town.steps[-most:], [*self.town.outcomes, "?"][-most:], strict=False)
        return "\n".join(f"{step} {outcome}" for step, outcome in pairs)


def _must_be_same(before: Row[Any], after: Row[Any]) -> None:
    for name in _FACTS:
        was, is_now = getattr(before, name), getattr(after, name)
        if was != is_now:
            raise Broken(f"without a line of history {name} was {was} and became {is_now}")


def snapshot(town: Town) -> list[object]:
    """Every ticket with its history in plain values: the same on every database, but for ids and codes."""
    found: list[object] = []
    with town.context.reading() as session:
        for ticket_id in town.tickets:
            ticket = session.get_one(Ticket, ticket_id)
            found.append((ticket.number, ticket.due_at, ticket.outcome, ticket.satisfaction))
            for line in ticket.history:
                moved = (line.from_state, line.to_state)
                found.append((line.at, line.event, *moved, line.actor_name, line.reason))
    return found


def _is_of_unit(actor: Actor, holder_id: int | None) -> bool:
    return actor.has(Role.HANDLER, Role.UNIT_REVIEWER) and actor.department_id == holder_id

"""Takes steps in a town, checks what each has done, and brings every ticket to the archive in the end."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from hotline.appeals.ordered import OrderRefused
from hotline.appeals.rules import AppealRefused
from hotline.citizens.deeds import NotNow
from hotline.coordination.rules import CoordinationRefused
from hotline.extensions.service import ExtensionRefused
from hotline.follow_up.service import NotDue
from hotline.intake.rules import IntakeRefused
from hotline.merging.service import MergeRefused
from hotline.people.actors import Actor, NotPermitted, Role
from hotline.questions.service import QuestionRefused
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
from tests.walking.checks import Broken, check, history_of
from tests.walking.early import EARLY
from tests.walking.late import LATE
from tests.walking.town import Step, Town
from tests.walking.tracks import TRACKED

PEOPLES = (*EARLY, *LATE, *AROUND, *TRACKED)
MOVES = {move.name: move for move in (*PEOPLES, *SWEEPS, WAIT)}
BIRTHS = (("call_in", "system"), ("letter", "agent"), ("web_matter", "citizen"))
DONE = "done"
REFUSALS = (
    IllegalMove,
    AppealRefused,
    CoordinationRefused,
    NotPermitted,
    DraftRefused,
    ExtensionRefused,
    IntakeRefused,
    MergeRefused,
    NotDue,
    NothingToDecide,
    NotNow,
    NotToReview,
    ObjectionOver,
    OrderRefused,
    QuestionRefused,
    ReplyRefused,
    ReviewRefused,
    SupervisionRefused,
    SuspensionRefused,
    VisitRefused,
)
"""How services say no. Whatever else they raise is a fault."""
_FACTS = ("state", "holder_id", "master_id", "due_at", "closed_at", "outcome", "urgency", "confidentiality")


@dataclass
class Walker:
    """`walked` counts the moves of the lifecycle table, `seen` is the last line that was checked."""

    town: Town
    walked: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    seen: int = 0
    facts: dict[int, Any] = field(default_factory=dict)
    fault: Exception | None = None

    def likely(self, ticket: int, which: int, who: int, salt: int) -> Step:
        """A step that the table may have from where the ticket stands, by somebody who may take it."""
        if not self.town.tickets:
            return Step("call_in", "system", 0, salt)
        ticket %= len(self.town.tickets)
        ticket_id = self.town.tickets[ticket]
        state = self.town.state_of(ticket_id)
        beside = AROUND if which % 4 == 0 else ()  # mostly what brings it on
        moves = (*EARLY, *LATE, *beside, *self._of_track(ticket_id))
        possible = [move for move in moves if state in move.states]
        if not possible:
            return Step(SWEEPS[which % len(SWEEPS)].name, "system", ticket, salt)
        move = possible[which // 4 % len(possible)]
        able = self._able(move, self.town.holder_of(ticket_id))
        return Step(move.name, able[who % len(able)], ticket, salt)

    def any_step(self, ticket: int, which: int, who: int, salt: int) -> Step:
        """Anybody tries anything; what only a machine or a citizen's own page does, those do."""
        move, people = PEOPLES[which % len(PEOPLES)], list(self.town.actors)
        only = {(Role.SYSTEM,): "system", (Role.CITIZEN,): "citizen"}.get(move.roles)
        ticket %= max(len(self.town.tickets), 1)
        return Step(move.name, only or people[who % len(people)], ticket, salt)

    def random_step(self, chance: random.Random, most_tickets: int) -> Step:
        """What comes next in a walk without a plan: mostly what is possible, now and then anything."""
        ticket, which, who, salt = (chance.randrange(256) for _ in range(4))
        at = chance.random()
        if len(self.town.tickets) < most_tickets and (at < 0.1 or not self.town.tickets):
            return Step(*BIRTHS[which % len(BIRTHS)], 0, salt)
        if at < 0.2:
            return self.any_step(ticket, which, who, salt)
        if at < 0.27:
            return Step("wait", "system", 0, salt)
        if at < 0.35:
            return Step(SWEEPS[which % len(SWEEPS)].name, "system", 0, salt)
        return self.likely(ticket, which, who, salt)

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
        try:
            if outcome != DONE:
                self.refused += 1
                if town.stamp() != before:
                    raise Broken(f"refused ({outcome}), and yet something was written")
            self._check_changed()
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
            return type(refusal).__name__
        except Exception as error:
            error.add_note(self._last_steps())
            raise
        return DONE

    def _of_track(self, ticket_id: int) -> Sequence[Move]:
        """What a track asks for is tried by hand only where the ticket is on one of them."""
        return TRACKED if self.town.track_of(ticket_id) in PREPARED else ()

    def _able(self, move: Move, holder_id: int | None) -> Sequence[str]:
        """Names of people with one of the move's roles, those of the department that has the ticket first."""
        able = [name for name, actor in self.town.actors.items() if actor.has(*move.roles)]
        own = [name for name in able if _is_of_unit(self.town.actors[name], holder_id)]
        if move.by_others:
            return [name for name in able if name not in own]
        return own or able

    def _check_changed(self) -> None:
        """Every ticket that has a new line; and no ticket is another without one."""
        with self.town.context.reading() as session:
            lines = select(HistoryLine.ticket_id, func.max(HistoryLine.id), func.count())
            lines = lines.where(HistoryLine.id > self.seen).group_by(HistoryLine.ticket_id)
            new = session.execute(lines).all()
            self.seen = max((last for _, last, _ in new), default=self.seen)
            changed = {ticket_id for ticket_id, _, _ in new}
            columns = [getattr(Ticket, name) for name in _FACTS]
            rows = select(Ticket.id, *columns).where(Ticket.id.in_(self.town.tickets))
            for ticket_id, *facts in session.execute(rows):
                before = self.facts.get(ticket_id)
                if before not in (None, facts) and ticket_id not in changed and facts[0] is not State.DRAFT:
                    raise Broken(f"without a line of history {before} became {facts}")
                self.facts[ticket_id] = facts
            for ticket_id in changed:
                check(session, ticket_id)

    def begin_anew(self) -> None:
        """Other tickets; what has reached the archive is left there."""
        town = self.town
        town.tickets, town.steps, town.outcomes, self.facts = [], [], [], {}
        town.telephone.asked.clear()

    def count_walked(self) -> None:
        """Add up how often each row of the table was walked, in the whole database."""
        moved = HistoryLine.from_state.is_distinct_from(HistoryLine.to_state)
        query = select(HistoryLine.from_state, HistoryLine.event, func.count()).where(moved)
        with self.town.context.reading() as session:
            for source, event, times in session.execute(
                query.group_by(HistoryLine.from_state, HistoryLine.event)
            ):
                self.walked[f"{source or '-'} {event}"] = times

    def _last_steps(self, most: int = 25) -> str:
        pairs = zip(self.town.steps[-most:], [*self.town.outcomes, "?"][-most:], strict=False)
        return "\n".join(f"{step} {outcome}" for step, outcome in pairs)


def snapshot(town: Town) -> list[object]:
    """Every ticket with its history in plain values: the same on every database, but for ids and codes."""
    found: list[object] = []
    with town.context.reading() as session:
        for ticket_id in town.tickets:
            ticket = session.get_one(Ticket, ticket_id)
            found.append((ticket.number, ticket.due_at, ticket.outcome, ticket.satisfaction))
            for line in history_of(session, ticket_id):
                moved = (line.from_state, line.to_state)
                found.append((line.at, line.event, *moved, line.actor_name, line.reason))
    return found


def _is_of_unit(actor: Actor, holder_id: int | None) -> bool:
    return actor.has(Role.HANDLER, Role.UNIT_REVIEWER) and actor.department_id == holder_id

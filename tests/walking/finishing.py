"""The shortest way from every state to the archive, by the moves that people have. It has no dead end."""

import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import Row

from hotline.appeals.queries import waiting_appeal
from hotline.dispatch import queries as dispatch_queries
from hotline.follow_up.models import FollowUpState
from hotline.follow_up.queries import of_ticket, reworks
from hotline.referrals.models import ReferralState
from hotline.referrals.queries import open_referral
from hotline.screening.answering import ANSWERED
from hotline.screening.models import AnswerReview, RefusalState
from hotline.screening.queries import direct_answer, refusal_in_force, waiting_refusal
from hotline.supervision.queries import highest_open, instructions_of, proposed, to_be_answered
from hotline.supervision.rules import Trigger
from hotline.tickets.guards import MOST_REWORKS
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, State
from hotline.tickets.tracks import TRACKS
from tests.walking.around import SPANS
from tests.walking.checks import Broken
from tests.walking.town import UNITS, Step
from tests.walking.walker import DONE, Walker

Way = Callable[["Finisher", int], None]
LONGEST_WAY = 60
ENDED = (State.CLOSED, State.WITHDRAWN, State.NOT_ACCEPTED, State.ARCHIVED)
REFUSES = 3  # a salt that says no
MENDED = 1  # a salt by which what was looked at again is mended
SOLVED = 1  # a salt that says yes, forgets no words, and picks the first of what there is to pick


class Finisher:
    """Walks every ticket of a walk to the archive; each step has to succeed, unless something was faster."""

    def __init__(self, walker: Walker) -> None:
        self.walker, self.town = walker, walker.town

    def finish(self) -> None:
        """All of them. Raises `Broken` for one that does not get there."""
        for _ in range(LONGEST_WAY):
            left = [n for n, one in enumerate(self.town.tickets) if self._state(one) is not State.ARCHIVED]
            if not left:
                return self.walker.look_back()
            for n in left:
                self.forward(n)
            self._wait(timedelta(minutes=12))
            if all(self._has_ended(n) for n in left):
                self._wait(timedelta(days=31))
            self._do("sweep_gives_up", "system", 0)
            self._do("sweep_archives", "system", 0)
        raise Broken(f"never in the archive: {[self._state(self.town.tickets[n]) for n in left]}")

    def forward(self, n: int) -> None:
        """What is to be done next with one ticket, if it does not wait for time."""
        self._settle_supervision(n)
        self._settle_beside(n)
        if way := WAYS.get(self._state(self.town.tickets[n])):
            way(self, n)

    def _state(self, ticket_id: int) -> State:
        return cast("State", self.walker.stands[ticket_id].state)

    def _stands(self, n: int) -> Row[Any]:
        return self.walker.stands[self.town.tickets[n]]

    def _has_ended(self, n: int) -> bool:
        return self._state(self.town.tickets[n]) in ENDED

    def _do(self, move: str, actor: str, n: int, salt: int = SOLVED) -> str:
        return self.walker.take(Step(move, actor, n, salt))

    def _wait(self, span: timedelta) -> None:
        """As long as it takes until a lost call is over, or something goes to the archive."""
        self._do("wait", "system", 0, SPANS.index(span))

    def _must(self, move: str, actor: str, n: int, salt: int = SOLVED) -> None:
        if (outcome := self._do(move, actor, n, salt)) != DONE:
            state = self._state(self.town.tickets[n])
            raise Broken(f"{move} by {actor} on the way from {state}: {outcome}")

    def _unit(self, n: int) -> str:
        """The name of the department that has the ticket."""
        holder = self._stands(n).holder_id
        return next(name for name, unit in self.town.units.items() if unit == holder)

    def _other(self, names: tuple[str, str], than: int | None) -> str:
        """Who of the two is somebody else."""
        return next(name for name in names if self.town.actors[name].user_id != than)

    def _settle_supervision(self, n: int) -> None:
        """Everything answered, judged and reported, the highest first; sealed tickets are out of sight."""
        ticket_id = self.town.tickets[n]
        stands = self._stands(n)
        if not stands.supervised and not stands.instructed:
            return
        for _ in range(20):
            with self.town.context.reading() as session:
                ticket = session.get_one(Ticket, ticket_id)
                if ticket.confidentiality is Confidentiality.SEALED:
                    return
                case, waiting = highest_open(session, ticket_id), proposed(session, ticket_id)
                unanswered = to_be_answered(session, ticket_id, ticket.holder_id)
                orders = [one for one in instructions_of(session, ticket_id) if one.fed_back_at is None]
            if waiting is not None:
                must_be = waiting.trigger is Trigger.REWORKED_TWICE
                self._must("decide_notice", "director", n, SOLVED if must_be else 3)  # a salt that says no
            elif unanswered is not None:
                self._must("answer_notice", f"{self._unit(n)}_head", n)
            elif orders:
                self._must("report_instruction", "director", n)
            elif case is not None:
                self._must("conclude_notice", "director", n)
            else:
                return

    def _settle_beside(self, n: int) -> None:
        """Campaigns that name it are over, and its department has looked again: both would keep it."""
        if self._stands(n).state not in ENDED:
            return
        while self._stands(n).named:
            self._must("close_campaign", "director", n)
        if self._stands(n).rechecks:
            self._must("look_again", f"{self._unit(n)}_handler", n, MENDED)

    def _registered(self, n: int) -> None:
        refusal = None
        if self._stands(n).refusals:
            with self.town.context.reading() as session:
                refusal = waiting_refusal(session, self.town.tickets[n])
        if refusal is None:
            self._must("accept_it", "screener", n, 0)
        elif refusal.state is RefusalState.PROPOSED:
            self._must(
                "dispute_refusal", self._other(("screener", "second_screener"), refusal.proposed_by_id), n
            )
        else:
            self._must("drop_refusal", "supervisor", n)

    def _not_accepted(self, n: int) -> None:
        with self.town.context.reading() as session:
            refusal = refusal_in_force(session, self.town.tickets[n])
        if refusal is not None and refusal.told_at is None:
            self._must("tell_refusal", "agent", n)
        elif refusal is not None:
            self._appeal_decided(n, refusal.decided_by_id)

    def _transferred(self, n: int) -> None:
        with self.town.context.reading() as session:
            referral = open_referral(session, self.town.tickets[n])
            of = session.get_one(Ticket, self.town.tickets[n]).screening_class
        if of is None:
            self._must("emergency_receipt", "screener", n)
        elif referral is None:
            self._must("receipt_of_lead", "discipline", n)
        else:
            waits = referral.state is ReferralState.WAITING
            self._must("take_referral" if waits else "report_result", "screener", n)

    def _to_dispatch(self, n: int) -> None:
        ticket_id = self.town.tickets[n]
        self._prepare(n)
        with self.town.context.reading() as session:
            track = session.get_one(Ticket, ticket_id).track
            designated = dispatch_queries.designated_lead(session, ticket_id)
            returned = dispatch_queries.returned_by(session, ticket_id)
        units = list(self.town.units.values())
        free = [designated] if designated else [unit for unit in units if unit not in returned]
        needs_two = TRACKS[track].departments > 1 and not (designated or returned)
        self._must("dispatch_it", "dispatcher", n, _dispatching(units.index(free[0]), needs_two))

    def _prepare(self, n: int) -> None:
        """What its track asks for before it is dispatched."""
        with self.town.context.reading() as session:
            ticket = session.get_one(Ticket, self.town.tickets[n])
            rule, is_ready = TRACKS[ticket.track], ticket.track_ready_at is not None
        if rule.has_coordinator and not is_ready:
            self._must("name_coordinator", "dispatcher", n)
        elif rule.leaders_first and not is_ready:
            self._must("brief_leaders", "supervisor", n)

    def _returning(self, n: int) -> None:
        """Who has it keeps it."""
        if self._is_disputed(n):
            self._must("designate", "director", n, UNITS.index(self._unit(n)))
        else:
            self._must("reject_return", "dispatcher", n)

    def _is_disputed(self, n: int) -> bool:
        with self.town.context.reading() as session:
            request = dispatch_queries.open_return(session, self.town.tickets[n])
            return request is not None and request.is_disputed

    def _dispatched(self, n: int) -> None:
        if not self._withdrawn(n):
            self._must("sign_it", f"{self._unit(n)}_handler", n)

    def _withdrawn(self, n: int) -> bool:
        """Whether its citizen asks for that, freely, and nothing is against it (T38, T39)."""
        if not self._stands(n).appealed:
            return False
        with self.town.context.reading() as session:
            appeal = waiting_appeal(session, self.town.tickets[n])
        if appeal is None:
            return False
        if appeal.checked_at is None and self._do("check_withdrawal", "callback_agent", n, 0) != DONE:
            return False
        return self._do("decide_appeal", "supervisor", n) == DONE

    def _handling(self, n: int) -> None:
        if self._withdrawn(n):
            return
        unit = self._unit(n)
        self._must("contact", f"{unit}_handler", n)
        self._must("go_there", f"{unit}_handler", n)
        self._must("write", f"{unit}_handler", n)
        with self.town.context.reading() as session:
            parts = dispatch_queries.open_assists(session, self.town.tickets[n])
            assisting = {part.department_id for part in parts}
        for name, unit_id in self.town.units.items():
            if unit_id in assisting:
                self._must("finish_its_part", f"{name}_handler", n)
        self._must("submit", f"{unit}_head", n)

    def _rework(self, n: int) -> None:
        with self.town.context.reading() as session:
            ticket = session.get_one(Ticket, self.town.tickets[n])
            often = reworks(session, [ticket.id]).get(ticket.id, 0) >= MOST_REWORKS
            waits = often and ticket.kept_open_by is None
        if waits:
            self._must("order_supervision", "director", n, 0)
        self._must("redispatch", "supervisor", n)

    def _callback(self, n: int) -> None:
        with self.town.context.reading() as session:
            states = [one.state for one in of_ticket(session, self.town.tickets[n])]
        match states[-1]:
            case FollowUpState.DUE:
                self._must("call_by_hand", "callback_agent", n)
            case FollowUpState.NEEDS_FINDING:
                self._must("find_cause", "callback_agent", n)

    def _appeal_decided(self, n: int, than: int | None = None) -> bool:
        """Whether something waited for that: refused by somebody else `than`, or there would be no end."""
        if not self._stands(n).appealed:
            return False
        with self.town.context.reading() as session:
            appeal = waiting_appeal(session, self.town.tickets[n])
        if appeal is None:
            return False
        self._must("decide_appeal", self._other(("supervisor", "second_supervisor"), than), n, REFUSES)
        return True

    def _closed(self, n: int) -> None:
        if self._appeal_decided(n):
            return
        with self.town.context.reading() as session:
            ticket_id = self.town.tickets[n]
            answer, ticket = direct_answer(session, ticket_id), session.get_one(Ticket, ticket_id)
        if answer is None or ticket.outcome != ANSWERED:
            return
        if answer.review is AnswerReview.WAITS:
            other = self._other(("reviewer", "second_reviewer"), answer.answered_by_id)
            self._must("review_answer", other, n, 2)
        elif answer.review is AnswerReview.WRONG:
            self._must("reopen_wrong", "supervisor", n)


def _dispatching(lead: int, with_assist: bool) -> int:
    """The salt by which `dispatch_it` names this lead, and another department to assist or none."""
    return next(
        salt
        for salt in range(256)
        if salt // 4 % len(UNITS) == lead
        and (salt % 3 == 0) == with_assist
        and not (with_assist and salt // 16 % len(UNITS) == lead)
    )


def wander(walker: Walker, chance: random.Random, most_tickets: int) -> None:
    """A random step; now and then what is to be done next, or few tickets would come far."""
    tickets = len(walker.town.tickets)
    if tickets and chance.random() < 0.12:
        Finisher(walker).forward(chance.randrange(tickets))
    else:
        walker.take(walker.random_step(chance, most_tickets))


WAYS: Mapping[State, Way] = {
    State.DRAFT: lambda f, n: f._must("register_it", "agent", n, 0),
    State.REGISTERED: Finisher._registered,
    State.NEED_INFO: lambda f, n: f._must("write_answer", "agent", n),
    State.NOT_ACCEPTED: Finisher._not_accepted,
    State.MERGED: lambda f, n: f._must("take_out", "supervisor", n),
    State.TRANSFERRED: Finisher._transferred,
    State.TO_DISPATCH: Finisher._to_dispatch,
    State.DISPATCHED: Finisher._dispatched,
    State.RETURN_PENDING: Finisher._returning,
    State.HANDLING: Finisher._handling,
    State.NEED_INFO_UNIT: lambda f, n: f._must("unit_is_answered", "agent", n),
    State.SUSPENDED: lambda f, n: f._must("resume_it", f"{f._unit(n)}_handler", n),
    State.REPLIED: lambda f, n: f._must("accept_the_reply", "reviewer", n),
    State.CALLBACK: Finisher._callback,
    State.REWORK: Finisher._rework,
    State.CLOSED: Finisher._closed,
}

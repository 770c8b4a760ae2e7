"""The telephones that a plan names, and whether the rules for calls out let them ring."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hotline.call_plan.decision import Decision
from hotline.call_plan.document import AnsweredBy, OverflowTo, Plan, WhenClosed
from hotline.call_plan.findings import Place
from hotline.calls.rules import OutgoingRefused, Purpose, Reason, plain
from hotline.context import Context
from hotline.line_security.service import allowed


@dataclass(frozen=True)
class PhoneBook:
    """Extensions of seats, which ring inside, and the numbers of the directory, digits."""

    seats: frozenset[str] = frozenset()
    listed: frozenset[str] = frozenset()

    def refusal(self, context: Context, phone: str) -> Reason | None:
        """Why this telephone may not ring, or None."""
        if phone in self.seats:
            return None
        try:
            allowed(context, phone, Purpose.PLAN, plain(phone) in self.listed)
        except OutgoingRefused as refused:
            return refused.reason
        return None


def named_phones(plan: Plan) -> Iterator[tuple[Place, str]]:
    """Every place that rings a telephone, and which; empty where none is named."""
    for index, shift in enumerate(plan.shifts):
        if shift.answered_by is AnsweredBy.DUTY:
            yield Place("shifts", index, "phone"), shift.phone
    for index, line in enumerate(plan.lines):
        if line.when_closed is WhenClosed.DUTY:
            yield Place("lines", index, "closed_phone"), line.closed_phone
    for index, chain in enumerate(plan.overflows):
        for step in chain.steps:
            if step.to is OverflowTo.DUTY:
                yield Place("overflows", index, "phone"), step.phone
    for index, slot in enumerate(plan.leaders):
        yield Place("leaders", index, "phone"), slot.phone


def within_rules(context: Context, decision: Decision, book: PhoneBook) -> tuple[Decision, list[Reason]]:
    """The decision without telephones that may not ring, and why each may not.

    A plan may have gone live before the rules became stricter: its callers go on to the next step.
    """
    refused: list[Reason] = []

    def may_ring(phone: str) -> bool:
        reason = book.refusal(context, phone) if phone else None
        if reason is not None:
            refused.append(reason)
        return reason is None

    phone = decision.phone if may_ring(decision.phone) else ""
    overflow = tuple(point for point in decision.overflow if may_ring(point.phone))
    return replace(decision, phone=phone, overflow=overflow), refused

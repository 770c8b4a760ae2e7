"""Returning a ticket (退单): a department asks, the hotline decides, a dispute ends with a designated lead.

Rulebook B5.4. The clocks never stop for a return; what is refused changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.deadlines.queries import reckoner
from hotline.dispatch import queries
from hotline.dispatch.assignments import limits_of, take_from_department
from hotline.dispatch.catalogue import Row, put_row, usual_assists
from hotline.dispatch.models import (
    Assignment,
    ReturnBasis,
    ReturnGround,
    ReturnRequest,
    ReturnState,
)
from hotline.people.models import Department
from hotline.tickets import guards, rows
from hotline.tickets.lifecycle import IllegalMove
from hotline.tickets.models import Ticket


@dataclass(frozen=True)
class ReturnForm:
    """What the reviewing leader of a department writes. `field_checked`: somebody has been there and seen
    that it is another's, which a return after signing asks for."""

    ground: ReturnGround
    basis: ReturnBasis
    cited: str
    suggested_id: int
    reason: str
    field_checked: bool = False


@dataclass(frozen=True)
class Window:
    """Until when the department that holds a ticket may return it, and what is against it, if anything."""

    ends_at: datetime
    refusal: str | None


def return_window(session: Session, context: Context, ticket: Ticket) -> Window | None:
    """For a ticket that is with a department; None before dispatch. `refusal` is a guard's sentence."""
    assignment = queries.lead_assignment(session, ticket.id)
    if assignment is None:
        return None
    ends_at = _window_ends(session, context, ticket, assignment)
    whole = {"legal_basis": "x", "suggested_department_id": -1}
    evidence = {**_standing(session, context, ticket), **whole, "actor": context.actor}
    return Window(ends_at, guards.return_allowed(ticket, evidence))


def request_return(context: Context, ticket_id: int, form: ReturnForm) -> datetime:
    """The department's reviewing leader asks to return the ticket (T19, T20). Returns when that is decided.

    Raises `GuardFailed` outside the window, a second time, without basis, right department or reason, after
    signing without a check on the spot, and for a department that was designated.
    """
    with context.writing() as session:
        ticket = rows.get(session, ticket_id)
        suggested = session.get(Department, form.suggested_id)
        cited = form.cited.strip()
        is_disputed = any(
            one.department_id != ticket.holder_id for one in queries.returns_of(session, ticket_id)
        )
        due_at = reckoner(context).return_decided_by(
            limits_of(session, context, ticket), context.now(), ticket.urgency, is_disputed
        )
        ticket.move(
            "request_return",
            context.actor,
            context.now(),
            form.reason.strip(),
            **_standing(session, context, ticket),
            ground=form.ground,
            basis=form.basis,
            legal_basis=cited,
            suggested_department_id=suggested.id if suggested else None,
            suggested_name=suggested.name_zh if suggested else "",
            field_checked=form.field_checked,
            disputed=is_disputed,
            decision_due_at=due_at,
        )
        session.add(
            ReturnRequest(
                ticket_id=ticket_id,
                department_id=ticket.holder_id,
                asked_at=context.now(),
                asked_by_id=context.actor.user_id,
                ground=form.ground,
                basis=form.basis,
                cited=cited,
                suggested_id=form.suggested_id,
                reason=form.reason.strip(),
                is_disputed=is_disputed,
                due_at=due_at,
            )
        )
        rows.announce(session, context, ticket, "return_requested")
        return due_at


def accept_return(context: Context, ticket_id: int, reason: str) -> None:
    """Back to the dispatcher (T21), who names another lead. The citizen's clock goes on."""
    with context.writing() as session:
        request, ticket = _waiting(session, context, ticket_id, "approve_return")
        _judge(context, request, ReturnState.ACCEPTED, reason)
        take_from_department(session, context, ticket, "approve_return")
        rows.announce(session, context, ticket, "return_accepted")


def reject_return(context: Context, ticket_id: int, reason: str) -> None:
    """Back to the department (T22), bindingly; its clock never stopped."""
    with context.writing() as session:
        request, ticket = _waiting(session, context, ticket_id, "reject_return")
        _judge(context, request, ReturnState.REJECTED, reason)
        _signed_again(session, context, ticket)
        rows.announce(session, context, ticket, "return_rejected")


def designate(
    context: Context, ticket_id: int, lead_id: int, reason: str, into_catalogue: bool = False
) -> None:
    """A disputed return ends: this department leads, bindingly (指定主办).

    The one that has the ticket keeps it (T22); for another it goes back to the dispatcher (T21), who can
    dispatch it to nobody else. `into_catalogue` also makes it the catalogue's answer for category and place.
    """
    with context.writing() as session:
        stays = rows.get(session, ticket_id).holder_id == lead_id
        request, ticket = _waiting(
            session, context, ticket_id, "reject_return" if stays else "approve_return"
        )
        lead = session.get(Department, lead_id)
        rule_id = (
            _write_to_catalogue(session, context, ticket, lead_id, reason)
            if into_catalogue and lead
            else None
        )
        _judge(
            context,
            request,
            ReturnState.REJECTED if stays else ReturnState.ACCEPTED,
            reason,
            designated_id=lead_id,
            designated_name=lead.name_zh if lead else "",
            lead_can_lead=lead is not None and lead.can_lead,
            catalogue_rule_id=rule_id,
        )
        request.designated_id = lead_id
        if stays:
            _signed_again(session, context, ticket)
        else:
            take_from_department(session, context, ticket, "approve_return")
        rows.announce(session, context, ticket, "lead_designated")


def _waiting(session: Session, context: Context, ticket_id: int, event: str) -> tuple[ReturnRequest, Ticket]:
    ticket = rows.get(session, ticket_id)
    request = queries.open_return(session, ticket_id)
    if request is None:
        raise IllegalMove(ticket.state, event, context.actor)
    return request, ticket


def _judge(
    context: Context, request: ReturnRequest, state: ReturnState, reason: str, **evidence: object
) -> None:
    event = "approve_return" if state is ReturnState.ACCEPTED else "reject_return"
    request.ticket.move(
        event,
        context.actor,
        context.now(),
        reason.strip(),
        asked_by_id=request.asked_by_id,
        disputed=request.is_disputed,
        arbitration_over=context.now() >= request.due_at,
        **evidence,
    )
    request.state, request.decision = state, reason.strip()
    request.decided_at, request.decided_by_id = context.now(), context.actor.user_id


def _signed_again(session: Session, context: Context, ticket: Ticket) -> None:
    """Who had signed before the return need not wait for a second limit: the next sweep signs."""
    lead = queries.lead_assignment(session, ticket.id)
    if lead is not None and lead.signed_at is not None:
        lead.auto_sign_at = context.now()


def _standing(session: Session, context: Context, ticket: Ticket) -> dict[str, bool]:
    """What a return depends on beside the form."""
    assignment = queries.lead_assignment(session, ticket.id)
    earlier = [one.department_id for one in queries.returns_of(session, ticket.id)]
    ends_at = _window_ends(session, context, ticket, assignment) if assignment else None
    return {
        "within_window": ends_at is not None and context.now() < ends_at,
        "returned_before": ticket.holder_id in earlier,
        "is_designated": queries.designated_lead(session, ticket.id) == ticket.holder_id,
    }


def _window_ends(session: Session, context: Context, ticket: Ticket, assignment: Assignment) -> datetime:
    limits = limits_of(session, context, ticket)
    return reckoner(context).return_window_ends(limits, assignment.dispatched_at, ticket.urgency)


def _write_to_catalogue(
    session: Session, context: Context, ticket: Ticket, lead_id: int, reason: str
) -> int | None:
    """The next version of the catalogue's row for this category and place. None without a category, or where
    the row says so already."""
    if ticket.category_code is None:
        return None
    assists = [one for one in usual_assists(session, ticket.category_code, ticket.district) if one != lead_id]
    made = put_row(session, context, Row(ticket.category_code, ticket.district, lead_id, assists), reason)
    return made.id if made else None

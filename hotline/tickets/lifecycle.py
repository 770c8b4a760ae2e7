"""The lifecycle of a ticket: every state, every move, who may make it and what must hold first.

This table is rulebook B2, T01 to T44, and the only place where it is written. `docs/lifecycle.md` is drawn
from it. A guard is a pure function that reads the ticket and the evidence which the use case brings, and
returns what is missing, or None.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hotline.people.actors import Actor, Role
from hotline.tickets import guards
from hotline.tickets.states import State

if TYPE_CHECKING:
    from hotline.tickets.models import Ticket

Guard = Callable[["Ticket", Mapping[str, Any]], str | None]


class IllegalMove(Exception):
    """The table has no such move from this state; names state, move and actor."""

    def __init__(self, state: State, event: str, actor: Actor) -> None:
        super().__init__(f"{event}: not possible for a ticket that is {state} (asked by {actor.name})")
        self.state, self.event, self.actor = state, event, actor


class MoveNotPermitted(IllegalMove):
    """The table has this move, but not for this actor's roles."""

    def __init__(self, state: State, event: str, actor: Actor) -> None:
        super().__init__(state, event, actor)
        roles = ", ".join(sorted(actor.roles)) or "no role"
        self.args = (f"{event}: {actor.name} ({roles}) may not do this to a ticket that is {state}",)


class GuardFailed(IllegalMove):
    """The move is in the table and permitted, but something is missing. `missing` says what."""

    def __init__(self, state: State, event: str, actor: Actor, missing: str) -> None:
        super().__init__(state, event, actor)
        self.missing = missing
        self.args = (f"{event}: {missing}",)


@dataclass(frozen=True)
class Transition:
    """One row of the table. `source` is None for the birth of a ticket."""

    id: str
    source: State | None
    target: State
    event: str
    roles: frozenset[Role]
    guards: tuple[Guard, ...] = field(default=())


S, R = State, Role
_INTAKE = (R.AGENT, R.CITIZEN, R.SYSTEM, R.MEDIA_SCREENER)
_SCREENERS = (R.SCREENER, R.MEDIA_SCREENER)
_EXTERNAL = (R.PETITION_OFFICE, R.DISCIPLINE, R.MEDIA_SCREENER, R.SCREENER)
_RETURN_JUDGES = (*guards.RETURN_JUDGES, R.DIRECTOR)  # the director: disputed ones only, says the guard
_RETURN = (guards.return_allowed, guards.reason_given)
_MERGE = (
    guards.agents_only_into_incidents,
    guards.no_refusal_waits,
    guards.master_named,
    guards.nothing_merged_under,
)
_WITHDRAWAL = (guards.reason_given, guards.no_danger, guards.nothing_merged_under)
_WITHDRAWAL_LATE = (*_WITHDRAWAL, guards.not_kept_open)
_JUDGEMENT = (guards.may_judge_return, guards.reason_given)


def _row(
    number: str, source: State | None, target: State, event: str, roles: tuple[Role, ...], *g: Guard
) -> Transition:
    return Transition(number, source, target, event, frozenset(roles), g)


TRANSITIONS: tuple[Transition, ...] = (
    _row("T01", None, S.DRAFT, "open_record", _INTAKE, guards.contact_exists),
    _row("T02", S.DRAFT, S.REGISTERED, "submit", _INTAKE, guards.intake_fields_complete),
    _row(
        "T03",
        S.DRAFT,
        S.CLOSED,
        "answer_directly",
        (R.AGENT,),
        guards.is_consultation,
        guards.answer_given,
        guards.not_kept_open,
    ),
    _row(
        "T04",
        S.DRAFT,
        S.TRANSFERRED,
        "hot_transfer",
        (R.AGENT,),
        guards.emergency_service_named,
        guards.service_was_told,
    ),
    _row(
        "T05",
        S.REGISTERED,
        S.NEED_INFO,
        "ask_info",
        _SCREENERS,
        guards.own_channel,
        guards.no_refusal_waits,
        guards.question_asked,
    ),
    _row(
        "T06",
        S.NEED_INFO,
        S.REGISTERED,
        "info_received",
        (R.CITIZEN, R.AGENT, R.CALLBACK_AGENT),
        guards.answer_written,
    ),
    _row("T07", S.NEED_INFO, S.CLOSED, "info_timeout", (R.SYSTEM,), guards.asked_twice, guards.not_kept_open),
    _row(
        "T08",
        S.REGISTERED,
        S.NOT_ACCEPTED,
        "refuse",
        (R.SCREENER, R.SUPERVISOR),
        guards.refusal_by_two,
        guards.nothing_merged_under,
    ),
    _row("T09", S.NOT_ACCEPTED, S.REGISTERED, "refusal_overturned", (R.SUPERVISOR,), guards.reason_given),
    _row("T10", S.REGISTERED, S.MERGED, "merge", (R.SCREENER, R.AGENT), *_MERGE),
    _row("T11", S.MERGED, S.REGISTERED, "unmerge", (R.SUPERVISOR,), guards.reason_given),
    _row(
        "T12",
        S.REGISTERED,
        S.TRANSFERRED,
        "refer_out",
        _SCREENERS,
        guards.own_channel,
        guards.no_refusal_waits,
        guards.class_is_external,
        guards.referral_explained,
        guards.nothing_merged_under,
    ),
    _row(
        "T13",
        S.TRANSFERRED,
        S.CLOSED,
        "external_receipt",
        _EXTERNAL,
        guards.by_its_body,
        guards.receipt_recorded,
        guards.not_kept_open,
    ),
    _row(
        "T14",
        S.TRANSFERRED,
        S.REGISTERED,
        "external_return",
        _EXTERNAL,
        guards.by_its_body,
        guards.reason_given,
    ),
    _row(
        "T15",
        S.REGISTERED,
        S.TO_DISPATCH,
        "accept",
        _SCREENERS,
        guards.own_channel,
        guards.no_refusal_waits,
        guards.screening_complete,
    ),
    _row(
        "T16",
        S.TO_DISPATCH,
        S.DISPATCHED,
        "dispatch",
        (R.DISPATCHER,),
        guards.one_lead,
        guards.due_computed,
        guards.track_prepared,
    ),
    _row(
        "T17",
        S.TO_DISPATCH,
        S.CLOSED,
        "answer_backoffice",
        (R.DISPATCHER, R.REVIEWER),
        guards.answer_given,
        guards.not_kept_open,
    ),
    _row("T18", S.DISPATCHED, S.HANDLING, "sign", (R.HANDLER, R.SYSTEM), guards.acts_for_lead),
    _row("T19", S.DISPATCHED, S.RETURN_PENDING, "request_return", (R.UNIT_REVIEWER,), *_RETURN),
    _row(
        "T20",
        S.HANDLING,
        S.RETURN_PENDING,
        "request_return",
        (R.UNIT_REVIEWER,),
        *_RETURN,
        guards.checked_on_the_spot,
    ),
    _row("T21", S.RETURN_PENDING, S.TO_DISPATCH, "approve_return", _RETURN_JUDGES, *_JUDGEMENT),
    _row("T22", S.RETURN_PENDING, S.DISPATCHED, "reject_return", _RETURN_JUDGES, *_JUDGEMENT),
    _row(
        "T23",
        S.HANDLING,
        S.NEED_INFO_UNIT,
        "ask_info",
        (R.HANDLER,),
        guards.acts_for_lead,
        guards.question_asked,
    ),
    _row("T24", S.NEED_INFO_UNIT, S.HANDLING, "info_received", (R.CITIZEN, R.AGENT, R.SYSTEM)),
    _row("T25", S.HANDLING, S.SUSPENDED, "suspend", (R.SUPERVISOR,), guards.suspension_planned),
    _row("T26", S.SUSPENDED, S.HANDLING, "resume", (R.SYSTEM, R.HANDLER), guards.acts_for_lead),
    _row(
        "T27",
        S.HANDLING,
        S.REPLIED,
        "submit_reply",
        (R.UNIT_REVIEWER,),
        guards.acts_for_lead,
        guards.reply_complete,
    ),
    _row("T28", S.REPLIED, S.HANDLING, "reject_reply", (R.REVIEWER,), guards.reason_given),
    _row("T29", S.REPLIED, S.CALLBACK, "accept_reply", (R.REVIEWER,), guards.reviewer_is_not_the_unit),
    _row(
        "T30",
        S.CALLBACK,
        S.CLOSED,
        "close",
        (R.CALLBACK_AGENT, R.SYSTEM),
        guards.outcome_permits_closing,
        guards.not_kept_open,
    ),
    _row(
        "T31",
        S.CALLBACK,
        S.REWORK,
        "not_satisfied",
        (R.CALLBACK_AGENT, R.SYSTEM),
        guards.outcome_demands_rework,
    ),
    _row(
        "T32",
        S.REWORK,
        S.HANDLING,
        "redispatch",
        (R.SUPERVISOR,),
        guards.no_third_rework_unsupervised,
        guards.due_computed,
    ),
    _row(
        "T33", S.CALLBACK, S.CLOSED, "unreachable", (R.SYSTEM,), guards.three_attempts, guards.not_kept_open
    ),
    _row(
        "T34",
        S.CLOSED,
        S.TO_DISPATCH,
        "reopen",
        (R.SUPERVISOR, R.LEADER, R.AUDITOR),
        guards.reason_given,
        guards.still_known,
    ),
    _row("T35", S.CLOSED, S.ARCHIVED, "archive", (R.SYSTEM,), guards.nothing_open),
    _row("T36", S.REGISTERED, S.WITHDRAWN, "withdraw", (R.CITIZEN, R.AGENT), *_WITHDRAWAL),
    _row("T37", S.TO_DISPATCH, S.WITHDRAWN, "withdraw", (R.CITIZEN, R.AGENT), *_WITHDRAWAL),
    _row("T38", S.DISPATCHED, S.WITHDRAWN, "withdraw", (R.SUPERVISOR,), *_WITHDRAWAL_LATE),
    _row("T39", S.HANDLING, S.WITHDRAWN, "withdraw", (R.SUPERVISOR,), *_WITHDRAWAL_LATE, guards.no_pressure),
    _row("T40", S.WITHDRAWN, S.REGISTERED, "withdraw_cancelled", (R.CITIZEN,)),
    _row("T41", S.WITHDRAWN, S.ARCHIVED, "archive", (R.SYSTEM,), guards.nothing_open),
    _row("T42", S.NOT_ACCEPTED, S.ARCHIVED, "archive", (R.SYSTEM,), guards.nothing_open),
    _row(
        "T43",
        S.MERGED,
        S.CLOSED,
        "master_closed",
        (R.SYSTEM,),
        guards.own_callback_done,
        guards.not_kept_open,
    ),
    _row(
        "T44",
        S.ARCHIVED,
        S.TO_DISPATCH,
        "reopen_exceptional",
        (R.DIRECTOR,),
        guards.reason_given,
        guards.still_known,
        guards.exceptional_ground_named,
    ),
)

_BY_MOVE = {(row.source, row.event): row for row in TRANSITIONS}


def transition(
    ticket: "Ticket", state: State | None, event: str, actor: Actor, evidence: Mapping[str, Any]
) -> Transition:
    """The row for this move. Raises `IllegalMove`, `MoveNotPermitted` or `GuardFailed`."""
    named = state or State.DRAFT
    row = _BY_MOVE.get((state, event))
    if row is None:
        raise IllegalMove(named, event, actor)
    if not actor.has(*row.roles):
        raise MoveNotPermitted(named, event, actor)
    for guard in row.guards:
        if missing := guard(ticket, {**evidence, "actor": actor}):
            raise GuardFailed(named, event, actor, missing)
    return row

"""Supervision on the ticket's page: what there is of it, and what whoever looks can do."""

from collections.abc import Iterator, Mapping, Sequence

from flask import request
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from agent_console import times
from agent_console.house import acting_context, house
from agent_console.supervision.forms import (
    AnswerForm,
    ConcludeForm,
    DecideForm,
    InstructForm,
    OrderForm,
    ProposeForm,
    ReportForm,
    UrgeForm,
)
from agent_console.supervision_words import CASE_STATES, LEVELS, SUPERVISION_KINDS, TRIGGERS
from agent_console.tickets.steps import Step, another_step_for
from hotline.people.actors import NotPermitted, Role
from hotline.supervision import queries, rules, service
from hotline.supervision.models import Instruction, SupervisionCase
from hotline.supervision.rules import CaseState, Level
from hotline.tickets.models import Ticket
from hotline.tickets.privacy import OFFICE_ROLES
from hotline.tickets.states import State

READERS = (Role.SUPERVISOR, Role.DIRECTOR, Role.REVIEWER, Role.AUDITOR, *OFFICE_ROLES)
UNIT = (Role.HANDLER, Role.UNIT_REVIEWER)
WORDS = {"levels": LEVELS, "kinds": SUPERVISION_KINDS, "triggers": TRIGGERS, "case_states": CASE_STATES}
_TOLD = (CaseState.NOTED, CaseState.ISSUED, CaseState.ANSWERED, CaseState.CLOSED)


def supervision_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """Cases and instructions so far, and the forms for what is next; nothing where there is neither."""
    reads = current_user.has(*READERS)
    cases = queries.cases_of(session, ticket.id)
    if not reads:
        cases = [case for case in cases if _is_own(case.department_id) and case.state in _TOLD]
    instructions = queries.instructions_of(session, ticket.id) if reads else ()
    forms = {name: _shown(form, kind, name) for name, kind in _possible(session, ticket)}
    if not (cases or instructions or forms):
        return None
    shown = {"cases": cases, "instructions": instructions, "forms": forms}
    reports = _reports(instructions, form)
    is_wanted = "answer" in forms or "decide" in forms
    is_open = is_wanted or any(form is one for one in (*forms.values(), *reports.values()))
    return Step("supervision/section.html", {**shown, "reports": reports, "is_open": is_open, **WORDS})


for _state in State:
    if _state is not State.DRAFT:
        another_step_for(_state, *READERS, *UNIT)(supervision_step)


def _possible(session: Session, ticket: Ticket) -> Iterator[tuple[str, type[FlaskForm]]]:
    """Forms by the name of the view that takes them."""
    case, waiting = queries.highest_open(session, ticket.id), queries.proposed(session, ticket.id)
    if current_user.has(Role.UNIT_REVIEWER) and _has_to_answer(session, ticket):
        yield "answer", AnswerForm
    if case is not None and _may_conclude(case):
        yield "conclude", ConcludeForm
    if waiting is not None and current_user.has(*rules.ISSUERS[waiting.level]):
        yield "decide", DecideForm
    if _may_urge(session, ticket):
        yield "urge", UrgeForm
    if ticket.holder_id is not None and ticket.state not in queries.SETTLED:
        level = case.level if case else Level.L0
        if waiting is None and level < Level.L2 and current_user.has(*rules.PROPOSERS):
            yield "propose", ProposeForm
        if any(one > level and current_user.has(*rules.ISSUERS[one]) for one in rules.ORDERED):
            yield "order", OrderForm
    if ticket.state is not State.ARCHIVED and current_user.has(*rules.INSTRUCTORS):
        yield "instruct", InstructForm


def _may_urge(session: Session, ticket: Ticket) -> bool:
    """Offered where it would be done: for most tickets it is too early, or was done already."""
    try:
        service.foresee_urging(session, acting_context(), ticket)
    except (NotPermitted, rules.SupervisionRefused):
        return False
    return True


def _has_to_answer(session: Session, ticket: Ticket) -> bool:
    return queries.to_be_answered(session, ticket.id, current_user.actor.department_id) is not None


def _may_conclude(case: SupervisionCase) -> bool:
    is_ready = case.is_answered or case.can_go_unanswered
    return is_ready and bool(current_user.has(*rules.closers(case.level)))


def _reports(instructions: Sequence[Instruction], form: FlaskForm | None) -> Mapping[int, FlaskForm]:
    """By the ids of instructions that wait for feedback; a refused one as it was filled in."""
    if not current_user.has(*rules.REPORTERS):
        return {}
    refused = (request.view_args or {}).get("instruction_id")
    waiting = [one.id for one in instructions if one.fed_back_at is None]
    return {one: _shown(form if one == refused else None, ReportForm, f"report-{one}") for one in waiting}


def _is_own(department_id: int) -> bool:
    return bool(current_user.actor.department_id == department_id)


def _shown(form: FlaskForm | None, kind: type[FlaskForm], name: str) -> FlaskForm:
    """The refused form as it was filled in, else an empty one. Several are on the page: their fields' ids
    begin with the name."""
    shown = form if isinstance(form, kind) else _empty(kind)
    for field in shown:
        field.id = f"{name}-{field.id}"
    return shown


def _empty(kind: type[FlaskForm]) -> FlaskForm:
    if kind is not InstructForm:
        return kind(formdata=None)
    today = times.local(house().context.now()).date()
    leader = current_user.name if current_user.has(Role.LEADER) else ""
    return InstructForm(formdata=None, leader=leader, instructed_on=today)

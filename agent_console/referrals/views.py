"""Who refers to whom, what waits for a receipt or a result, and what has ended."""

from collections.abc import Sequence

from flask import Blueprint, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from agent_console.access import open_to
from agent_console.house import acting_context
from agent_console.labels import REFERRAL_STATES
from agent_console.language import is_english
from agent_console.referrals.forms import BackForm, ReferForm, ResultForm, TakeForm
from agent_console.screening.steps import SCREENERS
from agent_console.steps_taken import Answer, take
from agent_console.tickets.steps import Step, another_step_for, step_for
from agent_console.words import _
from agent_console.work_lists import render_list
from hotline.contacts.channels import is_own
from hotline.people.actors import Role
from hotline.referrals import queries, service
from hotline.referrals.models import Referral, ReferralState
from hotline.referrals.rules import WATCHERS
from hotline.screening.queries import waiting_refusal
from hotline.tickets.models import Ticket
from hotline.tickets.privacy import BODY_ROLES
from hotline.tickets.states import State

blueprint = Blueprint("referrals", __name__)

TAKERS = (Role.SCREENER, *BODY_ROLES)


@blueprint.get("/referrals")
@open_to(*WATCHERS, *BODY_ROLES)
def queue() -> str:
    """What waits for a receipt or a result: every one for the hotline, their own for the offices."""
    with acting_context().reading() as session:
        found = queries.listed(session, current_user.actor)
        empty = (_("没有等回执或结果的转交件"), _("初筛员转交信访或舆论监督件后，会自动出现在这里。"))
        ended = (url_for("referrals.ended"), _("已结束的"))
        handed = queries.with_emergency_services(session) if current_user.has(*WATCHERS) else ()
        return _render(session, _("转交件"), found, empty, ended, handed)


@blueprint.get("/referrals/ended")
@open_to(*WATCHERS, *BODY_ROLES)
def ended() -> str:
    """What another body has taken, or reported on; the newest first."""
    with acting_context().reading() as session:
        found = queries.listed(session, current_user.actor, ended=True)
        empty = (_("没有已结束的转交件"), _("对方接收或反馈结果后，会列在这里。"))
        going_on = (url_for("referrals.queue"), _("未结束的"))
        return _render(session, _("已结束的转交件"), found, empty, going_on)


@another_step_for(State.REGISTERED, *SCREENERS)
def refer_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """A petition or a matter for the media is handed to its body."""
    may = current_user.has(Role.SCREENER) or is_own(current_user.actor, ticket.channel)
    if not may or waiting_refusal(session, ticket.id) is not None:
        return None
    bodies = queries.possible_bodies(session)
    refused = isinstance(form, ReferForm)
    shown = form if refused else ReferForm.of(bodies, fresh=True)
    return Step("referrals/refer.html", {"form": shown, "refused": refused, "possible": bool(bodies)})


@step_for(State.TRANSFERRED, *TAKERS)
def body_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """Take it, report what came of it, or send it back."""
    referral = queries.open_referral(session, ticket.id)
    if referral is None:
        return None
    waits = referral.state is ReferralState.WAITING
    kind = TakeForm if waits else ResultForm
    return Step(
        "referrals/body.html",
        {
            "referral": referral,
            "waits": waits,
            "for_them": current_user.has(Role.SCREENER),
            "form": form if isinstance(form, kind) else kind(formdata=None),
            "back_form": form if isinstance(form, BackForm) else BackForm(formdata=None),
            "sending_back": isinstance(form, BackForm),
        },
    )


@blueprint.post("/tickets/<number>/refer")
@open_to(*SCREENERS)
def refer(number: str) -> Answer:
    """The screener's class, with its reason."""
    with acting_context().reading() as session:
        form = ReferForm.of(queries.possible_bodies(session))
    return take(
        number,
        form,
        lambda ticket_id: service.refer(
            acting_context(), ticket_id, *form.chosen(), form.refer_why.data or ""
        ),
        _("已转交，等对方回执。"),
    )


@blueprint.post("/tickets/<number>/referral-receipt")
@open_to(*TAKERS)
def receipt(number: str) -> Answer:
    """The other body has it, under its own number."""
    form = TakeForm()
    return take(
        number,
        form,
        lambda ticket_id: service.take(acting_context(), ticket_id, form.receipt.data or ""),
        _("已记录回执。"),
    )


@blueprint.post("/tickets/<number>/referral-result")
@open_to(*TAKERS)
def result(number: str) -> Answer:
    """What came of the media's oversight."""
    form = ResultForm()
    return take(
        number,
        form,
        lambda ticket_id: service.report_result(acting_context(), ticket_id, form.result.data or ""),
        _("已记录结果，工单办结。"),
    )


@blueprint.post("/tickets/<number>/referral-back")
@open_to(*TAKERS)
def send_back(number: str) -> Answer:
    """Back to screening; the page is shut to the office from then on."""
    form = BackForm()
    return take(
        number,
        form,
        lambda ticket_id: service.send_back(acting_context(), ticket_id, form.back_why.data or ""),
        _("已退回热线初筛。"),
    )


def _render(
    session: Session,
    title: str,
    found: Sequence[Referral],
    empty: tuple[str, str],
    elsewhere: tuple[str, str],
    handed: Sequence[Ticket] = (),
) -> str:
    """`elsewhere`: address and words of the other list. `handed`: what emergency services have."""
    tickets = {referral.ticket_id: referral.ticket for referral in found}
    waiting = [referral for referral in found if referral.state is ReferralState.WAITING]
    return render_list(
        session,
        title,
        [*handed, *tickets.values()],
        empty,
        dues={referral.ticket_id: referral.receipt_by for referral in waiting},
        remarks={
            **{referral.ticket_id: _remark(referral) for referral in found},
            **{ticket.id: f"{queries.service_of(ticket)} · {_('等接警编号')}" for ticket in handed},
        },
        elsewhere=elsewhere,
    )


def _remark(referral: Referral) -> str:
    body = referral.body.name_en if is_english() else referral.body.name_zh
    return f"{body} · {REFERRAL_STATES[referral.state]}"

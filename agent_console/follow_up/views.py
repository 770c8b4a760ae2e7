"""The callback agent's list and what can be done from it."""

from flask import Blueprint, abort, render_template, request
from flask_login import current_user

from agent_console.access import open_to
from agent_console.filters.narrowing import narrow
from agent_console.follow_up.forms import UNRATED, AnswersForm, CallForm, FindingForm, RedispatchForm
from agent_console.house import acting_context, house
from agent_console.steps_taken import Answer, take
from agent_console.tickets.reads import others_here, ticket_to_read
from agent_console.together.deeds import deeds_of
from agent_console.words import _
from agent_console.work_lists import category_names, opened_page, render_list
from hotline.calls.ports import TelephoneAway
from hotline.follow_up import queries, service
from hotline.follow_up.rules import Finding
from hotline.lists.queries import Candidates
from hotline.people.actors import Role
from hotline.tickets import privacy
from hotline.tickets.models import Ticket
from hotline.tickets.queries import in_states
from hotline.tickets.states import State

blueprint = Blueprint("follow_up", __name__)


@blueprint.get("/follow-ups")
@open_to(Role.CALLBACK_AGENT)
def queue() -> str:
    """Everything that is not done, the longest owed first."""
    with acting_context().reading() as session:
        owed = [f for f in queries.open_follow_ups(session) if not _is_closed_to_me(f.ticket)]
        narrowed = narrow(session, Candidates([f.ticket for f in owed]))
        left = {ticket.id for ticket in narrowed.tickets}
        shown = [f for f in owed if f.ticket_id in left]
        return render_template(
            "follow_up/list.html",
            follow_ups=shown,
            narrowed=narrowed,
            asked=narrowed.asked,
            endpoint=request.endpoint,
            others=others_here(session, [f.ticket for f in shown]),
            categories=category_names(session),
            opened=opened_page(session),
            deeds=deeds_of(request.endpoint),
        )


@blueprint.get("/rework")
@open_to(Role.SUPERVISOR)
def rework_queue() -> str:
    """Tickets that the citizen calls unsolved, and that nobody has sent back yet."""
    with acting_context().reading() as session:
        shown = narrow(session, Candidates(in_states(State.REWORK)))
        empty = (_("没有等重办的工单"), _("市民说没有解决、而且是办理不到位的，会自动出现在这里。"))
        often = queries.reworks(session, [ticket.id for ticket in shown.tickets])
        remarks = {one: _("已重办 %(count)d 次", count=count) for one, count in often.items()}
        return render_list(session, _("待重办"), shown, empty, remarks=remarks)


@blueprint.post("/tickets/<number>/call-back")
@open_to(Role.CALLBACK_AGENT)
def call_back(number: str) -> Answer:
    """Dial the citizen now; the questions are asked by the follow-up script."""

    def deed(ticket_id: int) -> None:
        if not service.dial(acting_context(), house().call_control, _follow_up_id(number)):
            raise TelephoneAway

    return take(number, CallForm(), deed, _("正在拨打市民的电话，结果会自动记录。"))


@blueprint.post("/tickets/<number>/answers")
@open_to(Role.CALLBACK_AGENT)
def answers(number: str) -> Answer:
    """What the citizen told a person."""
    form = AnswersForm()

    def deed(ticket_id: int) -> None:
        rating = None if form.satisfaction.data == UNRATED else int(form.satisfaction.data)
        solved = form.solved.data == "yes"
        service.record_by_hand(acting_context(), _follow_up_id(number), solved, rating, form.note.data or "")

    unsolved = form.solved.data == "no"
    done = (
        _("已记录回访结果。市民说没有解决：请再打开这件，查明原因。") if unsolved else _("已记录回访结果。")
    )
    return take(number, form, deed, done)


@blueprint.post("/tickets/<number>/finding")
@open_to(Role.CALLBACK_AGENT)
def finding(number: str) -> Answer:
    """Why the citizen says that it is not solved."""
    form = FindingForm()

    def deed(ticket_id: int) -> None:
        found = Finding(form.finding.data)
        service.find(acting_context(), _follow_up_id(number), found, form.reason.data or "")

    return take(number, form, deed, _("已记录原因。"))


@blueprint.post("/tickets/<number>/redispatch")
@open_to(Role.SUPERVISOR)
def redispatch(number: str) -> Answer:
    """Back to the department."""
    form = RedispatchForm()
    return take(
        number,
        form,
        lambda ticket_id: service.redispatch(acting_context(), ticket_id, form.reason.data or ""),
        _("已退回承办单位重办。"),
    )


def _is_closed_to_me(ticket: Ticket) -> bool:
    return privacy.is_sealed_for(current_user.actor, ticket)


def _follow_up_id(number: str) -> int:
    with acting_context().reading() as session:
        follow_up = queries.open_of(session, ticket_to_read(session, number).id)
        if follow_up is None:
            abort(404)
        return follow_up.id

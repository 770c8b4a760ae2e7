"""The agent's desk and the parts of it that change while a call goes on."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, jsonify, render_template, request
from flask_login import current_user
from sqlalchemy.orm import Session

from agent_console import times
from agent_console.access import open_to
from agent_console.browser_phone import account_of_page
from agent_console.callbacks.reads import message_in
from agent_console.desk import reads
from agent_console.desk.forms import DraftForm
from agent_console.desk.learning import learn_from
from agent_console.desk.short import ShortIntake, accepted, short_intake
from agent_console.desk.telling import nobody_to_tell
from agent_console.desk.words import TROUBLES, WARNINGS
from agent_console.house import acting_context, house
from agent_console.labels import PAUSE_REASONS
from agent_console.language import is_english
from agent_console.programs import wants_json
from agent_console.refusals import REFUSALS, HandedOn, explain
from agent_console.row_ids import LARGEST_ID, row_id
from agent_console.words import _
from hotline.calls import reachability, seats
from hotline.calls.machines import pbxs_closing
from hotline.calls.outcome import DispositionMissing
from hotline.calls.ports import NoTelephone, TelephoneAway
from hotline.calls.queries import calls_of_contact, seat_of
from hotline.citizens.queries import added_to
from hotline.dispatch.queries import categories
from hotline.people.actors import AT_A_SEAT, Role
from hotline.referrals.emergencies import hand_over
from hotline.screening.answering import answer_directly
from hotline.tickets import service as tickets
from hotline.tickets.guards import EMERGENCY_NUMBERS
from hotline.tickets.lifecycle import GuardFailed
from hotline.tickets.models import HistoryLine, Ticket
from hotline.tickets.queries import with_everything
from hotline.tickets.rows import NoSuchTicket
from hotline.tickets.states import State

blueprint = Blueprint("desk", __name__, url_prefix="/desk")

TICKET = f"<int(max={LARGEST_ID}):ticket_id>"


@blueprint.get("/")
@open_to(*AT_A_SEAT)
def desk() -> str:
    """The whole desk; `?draft=ID` opens an unfinished draft."""
    with acting_context().reading() as session:
        shown = _desk(session)
        wanted = request.args.get("draft", type=row_id) if current_user.has(Role.AGENT) else None
        ticket = with_everything(session, wanted) if wanted else None
        if ticket is None or ticket.state is not State.DRAFT:
            ticket = _draft(session)
        elif not reads.may_write(session, current_user.user_id, ticket):
            abort(403)
        form = _form(session, ticket) if ticket else None
        return render_template(
            "desk/desk.html",
            desk=shown,
            closing=pbxs_closing(session, house().context),
            ticket=ticket,
            form=form,
            short=_short(session, ticket) if ticket else None,
            added=_added(session, ticket) if ticket else (),
            message=message_in(session, current_user.actor, ticket) if ticket else None,
            calls=calls_of_contact(session, ticket.contact_id) if ticket else (),
            reasons=PAUSE_REASONS,
            problem="",
            troubles=TROUBLES,
            warnings=WARNINGS,
        )


@blueprint.get("/closing")
@open_to(*AT_A_SEAT)
def closing() -> str:
    """Whether the hotline is about to be stopped, and for how many calls it waits."""
    with acting_context().reading() as session:
        return render_template("desk/closing.html", closing=pbxs_closing(session, house().context))


@blueprint.get("/sound")
@open_to(*AT_A_SEAT)
def sound() -> str:
    """Whether the seat is paused because no sound came from its telephone, and what to do."""
    with acting_context().reading() as session:
        return render_template("desk/sound.html", seat=seat_of(session, current_user.user_id))


@blueprint.get("/phone")
@open_to(*AT_A_SEAT)
def phone() -> Response:
    """The SIP account of the seat, for the browser phone."""
    return account_of_page()


@blueprint.get("/seat")
@open_to(*AT_A_SEAT)
def seat() -> str:
    """State of the seat and what can be done with it."""
    return _seat_part()


@blueprint.post("/seat/ready")
@open_to(Role.AGENT)
def ready() -> str | tuple[str, int]:
    """The agent wants calls."""
    try:
        seats.sign_on(acting_context(), house().call_control, _extension())
    except (TelephoneAway, NoTelephone) as refusal:
        return _seat_part(explain(refusal)), 409
    return _seat_part()


@blueprint.post("/seat/pause")
@open_to(*AT_A_SEAT)
def pause() -> str | tuple[str, int]:
    """No calls for a while, for one of the listed reasons."""
    reason = request.form.get("reason", "")
    if reason not in PAUSE_REASONS:
        return _seat_part(_("请选择暂停的理由。")), 422
    try:
        seats.pause(acting_context(), house().call_control, _extension(), reason)
    except TelephoneAway as away:
        return _seat_part(explain(away)), 409
    return _seat_part()


@blueprint.post("/seat/off")
@open_to(*AT_A_SEAT)
def off() -> str | tuple[str, int]:
    """The shift is over."""
    try:
        seats.sign_off(acting_context(), house().call_control, _extension())
    except TelephoneAway as away:
        return _seat_part(explain(away)), 409
    return _seat_part()


@blueprint.post("/seat/wrapped-up")
@open_to(*AT_A_SEAT)
def wrapped_up() -> str | tuple[str, int]:
    """Wrap-up is finished before its time."""
    try:
        reachability.end_wrap_up(acting_context(), house().call_control, _extension())
    except (TelephoneAway, DispositionMissing) as refusal:
        return _seat_part(explain(refusal)), 409
    return _seat_part()


@blueprint.get("/call")
@open_to(*AT_A_SEAT)
def call() -> str:
    """Who is on the line, and what they called about before."""
    with acting_context().reading() as session:
        shown = _desk(session)
        return render_template("desk/call.html", desk=shown)


@blueprint.get("/draft")
@open_to(*AT_A_SEAT)
def current_draft() -> str | Response:
    """The draft of the call at the seat.

    204 if the page shows it already, or shows another one and nothing has been answered since: nobody's
    writing is taken away, but by a colleague to whom the call went. An idle page learns how the seat stands.
    """
    shown = request.args.get("shown", type=row_id)
    with acting_context().reading() as session:
        ticket = _draft(session)
        if ticket is not None and ticket.id != shown:
            return _draft_part(session, ticket, _form(session, ticket))
        if shown is not None and not reads.is_handed_on(session, current_user.user_id, shown):
            return Response(status=204)
        return render_template("desk/idle.html", desk=_desk(session))


@blueprint.post(f"/draft/{TICKET}")
@open_to(Role.AGENT)
def save(ticket_id: int) -> str | tuple[str, int]:
    """Autosave: keeps every well-formed field, and says when."""
    form = posted(ticket_id)
    form.validate()
    try:
        _still_ours(ticket_id)
        tickets.save_draft(acting_context(), ticket_id, form.draft())
    except REFUSALS as refusal:
        return render_template("desk/saved.html", problem=explain(refusal), saved_at=None), 409
    return render_template("desk/saved.html", problem="", saved_at=house().context.now())


@blueprint.post(f"/draft/{TICKET}/accept")
@open_to(Role.AGENT)
def accept(ticket_id: int) -> str | tuple[str, int]:
    """Take over what the surge says the call is about, where the agent has written nothing."""
    form = posted(ticket_id)
    form.validate()
    draft = form.draft()
    try:
        _still_ours(ticket_id)
        with acting_context().reading() as session:
            draft = accepted(session, draft)
        tickets.save_draft(acting_context(), ticket_id, draft)
    except REFUSALS as refusal:
        return refused(ticket_id, form, explain(refusal)), 409
    with acting_context().reading() as session:
        ticket = with_everything(session, ticket_id)
        assert ticket is not None  # noqa: S101  saved a moment ago
        return _draft_part(session, ticket, DraftForm.shown(ticket, *_categories(session)))


@blueprint.post(f"/draft/{TICKET}/register")
@open_to(Role.AGENT)
def register(ticket_id: int) -> str | tuple[str, int]:
    """Draft to ticket. What is missing is said beside its field and above the form."""
    form = posted(ticket_id)
    if not form.validate():
        return refused(ticket_id, form, _("有的内容填写不对，请看标红的地方。")), 422
    if problem := register_draft(ticket_id, form, form.draft()):
        return problem
    learn_from(ticket_id)
    return registered_part(ticket_id)


def register_draft(ticket_id: int, form: DraftForm, draft: tickets.Draft) -> tuple[str, int] | None:
    """Draft to ticket, or the form with what is missing beside its fields."""
    try:
        _still_ours(ticket_id)
        tickets.register(acting_context(), ticket_id, draft)
    except GuardFailed as refusal:
        form.mark_missing(refusal)
        return refused(ticket_id, form, explain(refusal)), 422
    except REFUSALS as refusal:
        return refused(ticket_id, form, explain(refusal)), 409
    return None


def registered_part(ticket_id: int, problem: str = "") -> str:
    """What the agent tells the citizen of a ticket that is registered now."""
    with acting_context().reading() as session:
        ticket = with_everything(session, ticket_id)
        assert ticket is not None  # noqa: S101  registered a moment ago
        return render_template(
            "desk/registered.html",
            ticket=ticket,
            nobody=nobody_to_tell(session, ticket),
            desk=_desk(session),
            problem=problem,
        )


@blueprint.post(f"/draft/{TICKET}/answer")
@open_to(Role.AGENT)
def answer(ticket_id: int) -> str | tuple[str, int]:
    """A consultation answered at once: closed with the answer and its basis."""
    form = posted(ticket_id)
    if not form.validate():
        return refused(ticket_id, form, _("有的内容填写不对，请看标红的地方。")), 422
    text, basis = form.answer.data or "", form.answer_basis.data or ""
    try:
        _still_ours(ticket_id)
        answer_directly(acting_context(), ticket_id, text, basis, form.draft())
    except REFUSALS as refusal:
        return refused(ticket_id, form, explain(refusal)), 409
    return registered_part(ticket_id)


@blueprint.post(f"/draft/{TICKET}/handed-over")
@open_to(Role.AGENT)
def handed_over(ticket_id: int) -> str | Response | tuple[str | Response, int]:
    """It was only an emergency, and the service has it: the draft ends as transferred. A program is answered
    in JSON."""
    form = posted(ticket_id)
    if not form.validate():
        return _not_handed_over(ticket_id, form, _("有的内容填写不对，请看标红的地方。"), 422)
    service, how = form.service.data or "", form.handed_how.data or ""
    try:
        _still_ours(ticket_id)
        number = hand_over(acting_context(), ticket_id, service, how, form.draft())
    except GuardFailed as refusal:
        wrong = form.handed_how if service in EMERGENCY_NUMBERS else form.service
        wrong.errors = [explain(refusal)]
        return _not_handed_over(ticket_id, form, explain(refusal), 422)
    except REFUSALS as refusal:
        return _not_handed_over(ticket_id, form, explain(refusal), 409)
    return jsonify({"number": number}) if wants_json() else registered_part(ticket_id)


def _not_handed_over(
    ticket_id: int, form: DraftForm, problem: str, status: int
) -> tuple[str | Response, int]:
    if wants_json():
        return jsonify({"message": problem}), status
    return refused(ticket_id, form, problem), status


def _desk(session: Session) -> reads.Desk:
    context = house().context
    user_id, midnight = current_user.user_id, times.midnight()
    return reads.desk_of(session, context.settings, user_id, midnight, context.now())


def _draft(session: Session) -> Ticket | None:
    """The draft of the call at the seat. A supervisor who took a call over leaves it to an agent to write."""
    return reads.draft_of_call(session, current_user.user_id) if current_user.has(Role.AGENT) else None


def _extension() -> str:
    extension: str | None = current_user.extension
    if not extension:
        abort(409)
    return extension


def _seat_part(problem: str = "") -> str:
    with acting_context().reading() as session:
        shown = _desk(session)
        return render_template("desk/seat.html", desk=shown, problem=problem, reasons=PAUSE_REASONS)


def _categories(session: Session) -> tuple[list, bool]:  # type: ignore[type-arg]
    return list(categories(session)), is_english()


def _form(session: Session, ticket: Ticket) -> DraftForm:
    return DraftForm.of(ticket, *_categories(session))


def posted(ticket_id: int) -> DraftForm:
    """The form as it was sent for a draft that the agent may write."""
    with acting_context().reading() as session:
        return _form(session, _writable(session, with_everything(session, ticket_id)))


def _still_ours(ticket_id: int) -> None:
    """Raises `HandedOn` for a page that has not seen yet that its draft went with the call to a colleague."""
    with acting_context().reading() as session:
        if reads.is_handed_on(session, current_user.user_id, ticket_id):
            raise HandedOn("the call went to another agent, and its draft with it")


def refused(ticket_id: int, form: DraftForm, problem: str) -> str:
    """The draft's part of the page with the form as it was sent, and why."""
    with acting_context().reading() as session:
        ticket = _writable(session, with_everything(session, ticket_id))
        return _draft_part(session, ticket, form, problem)


def _writable(session: Session, ticket: Ticket | None) -> Ticket:
    """The ticket. A sealed one is shown only as the draft of the agent who spoke with its citizen."""
    if ticket is None:
        raise NoSuchTicket("no such draft")
    if not reads.may_write(session, current_user.user_id, ticket):
        abort(403)
    return ticket


def _draft_part(session: Session, ticket: Ticket, form: DraftForm, problem: str = "") -> str:
    short = _short(session, ticket)
    shown = _desk(session)
    return render_template(
        "desk/draft.html",
        desk=shown,
        ticket=ticket,
        form=form,
        problem=problem,
        short=short,
        added=_added(session, ticket),
        message=message_in(session, current_user.actor, ticket),
        calls=calls_of_contact(session, ticket.contact_id),
    )


def _added(session: Session, ticket: Ticket) -> Sequence[HistoryLine]:
    """What its citizen has added since."""
    return added_to(session, [ticket.id]).get(ticket.id, ())


def _short(session: Session, ticket: Ticket) -> ShortIntake | None:
    return short_intake(session, house().context.settings, ticket)

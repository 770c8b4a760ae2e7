"""Writing in a walk-in, a letter, what an office hands on; and the receipt for the citizen."""

import secrets
from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.exc import NoResultFound
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.house import acting_context, house
from agent_console.intake.forms import AsideForm, IntakeForm
from agent_console.language import is_english
from agent_console.refusals import REFUSALS, explain
from agent_console.row_ids import LARGEST_ID
from agent_console.times import local
from agent_console.words import _
from hotline.citizens.queries import added_to
from hotline.contacts.channels import channels, typed_by
from hotline.context import Context
from hotline.dispatch.queries import categories
from hotline.evidence.enclosures import by_ticket
from hotline.intake import queries
from hotline.intake.rules import IntakeRefused, Obstacle
from hotline.intake.service import TakenIn, take_in
from hotline.intake.web import set_aside
from hotline.mailbox import queries as letters
from hotline.mailbox import service as mailbox
from hotline.outbox.queries import failed
from hotline.outbox.service import NotGivenUp, failed_seen, send_again
from hotline.people.actors import Role
from hotline.tickets.lifecycle import GuardFailed
from hotline.tickets.states import ComplainantKind, Confidentiality, Urgency

Answer = Response | str | tuple[str, int]

blueprint = Blueprint("intake", __name__, url_prefix="/intake")

DECIDERS = (Role.AGENT, Role.SCREENER)
WRITERS = (Role.AGENT, Role.MEDIA_SCREENER)


@blueprint.get("/")
@open_to(*WRITERS)
def new() -> Answer:
    """An empty form, and the drafts that this person has not finished."""
    fields = {
        "key": _new_key(),
        "received_at": local(house().context.now()).replace(tzinfo=None),
        "complainant_kind": ComplainantKind.PERSON,
        "confidentiality": Confidentiality.NORMAL,
        "urgency": Urgency.NORMAL,
    }
    return _page(IntakeForm(formdata=None, data=fields))


@blueprint.post("/")
@open_to(*WRITERS)
def take() -> Answer:
    """Registered, on to the receipt; or kept as a draft."""
    form = IntakeForm()
    _offer(form)
    if not form.validate_on_submit():
        return _page(form, _("有的内容填写不对，请看标红的地方。")), 422
    registering = request.form.get("deed") != "draft"
    try:
        taken = take_in(acting_context(), form.key.data or "", form.came(), form.draft(), registering)
    except GuardFailed as refusal:
        form.mark_missing(refusal)
        return _page(form, explain(refusal)), 422
    except IntakeRefused as refusal:
        form.mark(refusal)
        if refusal.obstacle is Obstacle.SENT_BEFORE:
            form.key.data = _new_key()
        return _page(form, explain(refusal)), 409
    except REFUSALS as refusal:
        return _page(form, explain(refusal)), 409
    return redirect(_next(taken))


@blueprint.get("/receipt/<number>")
@open_to(*WRITERS)
def receipt(number: str) -> Answer:
    """Number and query code, to print; for whoever wrote it in."""
    with acting_context().reading() as session:
        ticket = queries.receipt_of(session, current_user.actor, number)
        if ticket is None:
            abort(404)
        return render_template("intake/receipt.html", ticket=ticket, channel=channels().get(ticket.channel))


@blueprint.get("/web")
@open_to(*DECIDERS)
def web() -> Answer:
    """What citizens wrote on the public page or to the mailbox and nobody has decided on."""
    return _web()


@blueprint.post(f"/web/<int(max={LARGEST_ID}):ticket_id>/aside")
@open_to(*DECIDERS)
def set_web_aside(ticket_id: int) -> Answer:
    """No matter at all, for a reason that the citizen reads."""
    form = AsideForm()
    if not form.validate_on_submit():
        return _web(form, ticket_id, _("有的内容填写不对，请看标红的地方。")), 422
    try:
        set_aside(acting_context(), ticket_id, form.why.data or "")
    except REFUSALS as refusal:
        form.why.errors = [explain(refusal)]
        return _web(form, ticket_id, explain(refusal)), 409
    flash(_("已搁置。写在网上的，市民查询时看得到理由。"))
    return redirect(url_for("intake.web"))


@blueprint.post(f"/letters/<int(max={LARGEST_ID}):letter_id>/seen")
@open_to(*DECIDERS)
def letter_seen(letter_id: int) -> Response:
    """Somebody has looked in the mailbox at a letter of which no draft could be made."""
    try:
        mailbox.letter_seen(acting_context(), letter_id)
    except NoResultFound:
        abort(404)
    return redirect(url_for("intake.web"))


@blueprint.post(f"/mail/<int(max={LARGEST_ID}):mail_id>/again")
@open_to(*DECIDERS)
def mail_again(mail_id: int) -> Response:
    """What kept a letter from going out has been mended."""
    return _seen_to(send_again, mail_id)


@blueprint.post(f"/mail/<int(max={LARGEST_ID}):mail_id>/seen")
@open_to(*DECIDERS)
def mail_seen(mail_id: int) -> Response:
    """The citizen of a letter that did not go out knows in another way."""
    return _seen_to(failed_seen, mail_id)


def _seen_to(deed: Callable[[Context, int], None], mail_id: int) -> Response:
    try:
        deed(acting_context(), mail_id)
    except NotGivenUp as refusal:
        flash(explain(refusal))
    return redirect(url_for("intake.web"))


def _web(form: AsideForm | None = None, refused_id: int = 0, problem: str = "") -> str:
    with acting_context().reading() as session:
        matters = queries.written_on_the_web(session)
        ids = [ticket.id for ticket in matters]
        return render_template(
            "intake/web.html",
            matters=matters,
            enclosures=by_ticket(session, ids),
            additions=added_to(session, ids),
            form=form,
            empty=AsideForm(formdata=None),
            refused_id=refused_id,
            problem=problem,
            registers=current_user.has(Role.AGENT),
            letters=letters.set_aside(session),
            unsent=failed(session),
            mailbox=letters.failing(session, house().context.settings),
        )


def _new_key() -> str:
    return secrets.token_hex(16)


def _next(taken: TakenIn) -> str:
    if taken.number:
        return url_for("intake.receipt", number=taken.number)
    return url_for("desk.desk", draft=taken.ticket_id)


def _page(form: IntakeForm, problem: str = "") -> str:
    _offer(form)
    with acting_context().reading() as session:
        return render_template(
            "intake/new.html",
            form=form,
            problem=problem,
            drafts=queries.drafts_of(session, current_user.actor),
            may_draft=current_user.has(Role.AGENT),
        )


def _offer(form: IntakeForm) -> None:
    with acting_context().reading() as session:
        form.offer(list(categories(session)), typed_by(current_user.actor), is_english())

"""Joint supervisions: the list, a new one over a ticket, and the page of its parties."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.house import acting_context
from agent_console.joint.forms import AnswerForm, DraftForm, EndForm, NoteForm, OpenForm
from agent_console.joint.words import NOTE_KINDS, OBSTACLES
from agent_console.refusals import explain
from agent_console.row_ids import LARGEST_ID
from agent_console.seen import seen
from agent_console.tickets.reads import category_name, holder_name, ticket_to_read
from agent_console.words import _
from hotline.joint import queries, rules, service
from hotline.joint.models import JointSupervision, NoteKind
from hotline.people.actors import NotPermitted, Role
from hotline.tickets.service import DraftRefused
from hotline.viewing.models import What

blueprint = Blueprint("joint", __name__)

ONE = f"/joint/<int(max={LARGEST_ID}):joint_id>"
PARTIES = (*rules.OPENERS, *rules.PARTNER_ROLES)

Page = str | Response | tuple[str, int]


@blueprint.get("/joint/")
@open_to(*rules.READERS, Role.MEDIA_SCREENER)
def listed() -> str:
    """What goes on, or with `?ended=1` what is over; for media, how far their own channel's matters are."""
    ended = bool(request.args.get("ended"))
    with acting_context().reading() as session:
        found = queries.listed(session, current_user.actor, ended)
        own = queries.of_own_channel(session, current_user.actor)
        return render_template("joint/list.html", found=found, ended=ended, own=own)


@blueprint.route("/tickets/<number>/joint", methods=["GET", "POST"])
@open_to(*rules.OPENERS)
def new(number: str) -> Page:
    """A supervisor opens one."""
    form = OpenForm()
    with acting_context().reading() as session:
        ticket_id = ticket_to_read(session, number).id
        form.offer(queries.possible_partners(session))
    if request.method == "GET":
        return _new(number, form)
    if not form.validate_on_submit():
        return _new(number, form, _("有的内容填写不对，请看标红的地方。")), 422
    try:
        joint_id = service.open_joint(
            acting_context(), ticket_id, form.reason.data or "", form.partners.data or ()
        )
    except (rules.JointRefused, NotPermitted, DraftRefused) as refused:
        return _new(number, form, _why(form, refused)), 409
    flash(_("联合督办已开展，各方都能看到。"))
    return redirect(url_for("joint.one", joint_id=joint_id))


@blueprint.get(ONE)
@open_to(*rules.READERS, Role.MEDIA_SCREENER)
def one(joint_id: int) -> str:
    """The matter, how far it is, what the parties say, and what is next."""
    return _page(joint_id)


@blueprint.post(f"{ONE}/notes")
@open_to(*PARTIES)
def say(joint_id: int) -> Page:
    """A party says or asks something."""
    form = NoteForm()
    return _taken(
        joint_id,
        form,
        lambda: service.say(acting_context(), joint_id, NoteKind(form.kind.data), form.text.data or ""),
        _("已记录，各方都能看到。"),
    )


@blueprint.post(f"{ONE}/notes/<int(max={LARGEST_ID}):note_id>")
@open_to(*PARTIES)
def answer(joint_id: int, note_id: int) -> Page:
    """Another party answers."""
    form = AnswerForm()
    return _taken(
        joint_id,
        form,
        lambda: service.answer(acting_context(), joint_id, note_id, form.answer.data or ""),
        _("已答复。"),
        note_id,
    )


@blueprint.post(f"{ONE}/draft")
@open_to(Role.MEDIA_SCREENER)
def draft(joint_id: int) -> Page:
    """The media write what the public would be told."""
    form = DraftForm()
    return _taken(
        joint_id,
        form,
        lambda: service.draft(acting_context(), joint_id, form.draft.data or ""),
        _("草稿已保存，没有公开。"),
    )


@blueprint.post(f"{ONE}/end")
@open_to(*rules.OPENERS)
def end(joint_id: int) -> Page:
    """It is over."""
    form = EndForm()
    return _taken(
        joint_id,
        form,
        lambda: service.end(acting_context(), joint_id, form.result.data or ""),
        _("联合督办已结束。"),
    )


def _taken(joint_id: int, form: FlaskForm, deed: Callable[[], None], done: str, note_id: int = 0) -> Page:
    if not form.validate_on_submit():
        return _page(joint_id, form, _("有的内容填写不对，请看标红的地方。"), note_id), 422
    try:
        deed()
    except (rules.JointRefused, NotPermitted, DraftRefused) as refused:
        return _page(joint_id, form, _why(form, refused), note_id), 409
    flash(done)
    return redirect(url_for("joint.one", joint_id=joint_id))


def _why(form: FlaskForm, refused: Exception) -> str:
    """In words; beside the field, where one is named."""
    if not isinstance(refused, rules.JointRefused):
        return explain(refused)
    told = str(OBSTACLES[refused.obstacle])
    if refused.field in form:
        form[refused.field].errors = [told]
    return told


def _new(number: str, form: OpenForm, problem: str = "") -> str:
    return render_template("joint/new.html", form=form, number=number, problem=problem)


def _page(joint_id: int, form: FlaskForm | None = None, problem: str = "", note_id: int = 0) -> str:
    with acting_context().reading() as session:
        joint = _readable(session, joint_id)
        seen(joint.ticket, What.PAGE)
        notes = queries.notes_of(session, joint.id)
        return render_template(
            "joint/one.html",
            one=joint,
            ticket=joint.ticket,
            holder=holder_name(session, joint.ticket),
            category=category_name(session, joint.ticket.category_code),
            progress=queries.progress(session, joint.ticket_id),
            reply=queries.accepted_reply(session, joint.ticket_id),
            notes=notes,
            note_kinds=NOTE_KINDS,
            reads_ticket=current_user.has(*rules.READERS),
            forms=_forms(joint, form),
            answers={
                note.id: _shown(form if note.id == note_id else None, AnswerForm, f"answer-{note.id}")
                for note in notes
                if note.waits and _may_answer(joint, note.department_id)
            },
            problem=problem,
        )


def _readable(session: Session, joint_id: int) -> JointSupervision:
    """404 also for whoever has no part in it."""
    joint = queries.one_of(session, joint_id)
    if joint is None or not rules.may_read(current_user.actor, _partner_ids(joint)):
        abort(404)
    return joint


def _partner_ids(joint: JointSupervision) -> list[int]:
    return [office.id for office in joint.partners]


def _forms(joint: JointSupervision, form: FlaskForm | None) -> dict[str, FlaskForm]:
    """By the name of the view that takes them; none once it is over."""
    if joint.ended_at is not None:
        return {}
    actor, ids, forms = current_user.actor, _partner_ids(joint), dict[str, FlaskForm]()
    if rules.may_write(actor, ids):
        forms["say"] = _shown(form, NoteForm, "say")
    if rules.may_draft(actor, ids):
        last = joint.drafts[-1].text if joint.drafts else ""
        forms["draft"] = _shown(form, DraftForm, "write", draft=last)
    if current_user.has(*rules.OPENERS):
        forms["end"] = _shown(form, EndForm, "end")
    return forms


def _may_answer(joint: JointSupervision, asker_id: int) -> bool:
    others = current_user.actor.department_id != asker_id and joint.ended_at is None
    return others and rules.may_write(current_user.actor, _partner_ids(joint))


def _shown(form: FlaskForm | None, kind: type[FlaskForm], name: str, **values: str) -> FlaskForm:
    """The refused form as it was filled in, else a fresh one; several are on the page: ids are told apart."""
    shown = form if isinstance(form, kind) else kind(formdata=None, **values)
    for field in shown:
        field.id = f"{name}-{field.id}"
    return shown

"""Lists, one entry, editing it; readers' words; candidates; and what the desk is offered."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.beside import Act, Answer, Page, answered
from agent_console.house import acting_context, house
from agent_console.knowledge.forms import EntryForm, FeedbackForm, SettleForm, WithdrawForm
from agent_console.knowledge.words import COMPLAINTS, DEEDS, OBSTACLES, SHELVES
from agent_console.language import is_english
from agent_console.row_ids import LARGEST_ID, row_id
from agent_console.search.excerpts import excerpt
from agent_console.tickets.words import marked
from agent_console.times import local
from agent_console.words import _
from hotline.dispatch.queries import categories
from hotline.knowledge import queries, service
from hotline.knowledge.opinions import CITIZEN, opinions
from hotline.knowledge.queries import CITED, Shelf
from hotline.knowledge.rules import EDITORS, READERS, KnowledgeRefused, is_offered
from hotline.knowledge.scans import READERS as SCAN_READERS
from hotline.people.actors import AT_A_SEAT
from hotline.people.queries import departments
from hotline.redaction.rules import masked

blueprint = Blueprint("knowledge", __name__, url_prefix="/knowledge")
ENTRY = f"<int(max={LARGEST_ID}):entry_id>"
LONGEST_WORDS, LAST_PAGE = 100, 40


@blueprint.get("/")
@open_to(*READERS)
def listed() -> str:
    """`?words=&category=&shelf=&page=`: entries of a shelf, by words and class."""
    words = request.args.get("words", "").strip()[:LONGEST_WORDS]
    category = request.args.get("category", "")
    shelf = Shelf(request.args["shelf"]) if request.args.get("shelf") in SHELVES else Shelf.OFFERED
    page = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
    now = house().context.now()
    with acting_context().reading() as session:
        offered = list(categories(session))
        return render_template(
            "knowledge/list.html",
            found=queries.listed(session, now, today(), shelf, words, category, page),
            freshness=queries.freshness(session, now, today()),
            feedback=queries.open_feedback_count(session),
            may_see_scans=current_user.has(*SCAN_READERS),
            words=words,
            category=category,
            shelf=shelf,
            page=page,
            categories={one.code: one.name_en if is_english() else one.name_zh for one in offered},
            **SHOWN,
        )


@blueprint.get("/new")
@open_to(*EDITORS)
def new() -> str:
    """The form; `?of=TICKET_ID` begins with an answered consultation."""
    form = EntryForm.empty()
    if ticket_id := request.args.get("of", type=row_id):
        with acting_context().reading() as session:
            found = queries.candidate(session, ticket_id)
            if found is not None:
                ticket, answer = found
                form.of.data = str(ticket_id)
                form.title.data = masked(ticket.description)[:60]  # an entry is of no citizen
                form.answer.data, form.legal_basis.data = masked(answer.text), answer.basis
                form.category_code.data = ticket.category_code or ""
    return _form_page(form)


@blueprint.post("/")
@open_to(*EDITORS)
def write() -> Answer:
    """A new entry."""
    form = EntryForm()

    def keep() -> int:
        of = form.of.data or ""
        of_ticket = int(of) if of.isdecimal() and int(of) <= LARGEST_ID else None
        return service.write_entry(acting_context(), form.content(), of_ticket)

    return _kept(form, keep, _("已新增，坐席现在就能查到。"))


@blueprint.get(f"/{ENTRY}")
@open_to(*READERS)
def entry(entry_id: int) -> str:
    """What it says, what it said before, what readers say."""
    return _entry_page(entry_id)


@blueprint.get(f"/{ENTRY}/edit")
@open_to(*EDITORS)
def edit(entry_id: int) -> str:
    """The form with what it says now."""
    with acting_context().reading() as session:
        found = queries.entry_of(session, entry_id)
        if found is None:
            abort(404)
        form = EntryForm.of_entry(found)
    return _form_page(form, entry_id)


@blueprint.post(f"/{ENTRY}")
@open_to(*EDITORS)
def change(entry_id: int) -> Answer:
    """It says something else from now on; refused where somebody else was quicker."""
    form = EntryForm()

    def keep() -> int:
        content, reason = form.content(), form.reason.data or ""
        stays = bool(form.stays_public.data)
        service.change_entry(acting_context(), entry_id, seen(form), content, reason, stays)
        return entry_id

    return _kept(form, keep, _("已保存，坐席现在看到的是新的内容。"), entry_id)


@blueprint.post(f"/{ENTRY}/<any(confirm, restore):deed>")
@open_to(*EDITORS)
def confirm(entry_id: int, deed: str) -> Answer:
    """Still right; or offered again."""
    act = service.confirm_entry if deed == "confirm" else service.restore_entry
    return _done(FlaskForm(), entry_id, lambda form: act(acting_context(), entry_id, seen(form)))


@blueprint.post(f"/{ENTRY}/withdraw")
@open_to(*EDITORS)
def withdraw(entry_id: int) -> Answer:
    """Offered no more."""
    form = WithdrawForm()

    def act(_form: FlaskForm) -> None:
        service.withdraw_entry(acting_context(), entry_id, seen(form), form.reason.data or "")

    return _done(form, entry_id, act)


@blueprint.post(f"/{ENTRY}/feedback")
@open_to(*READERS)
def complain(entry_id: int) -> Answer:
    """A reader says what is wrong."""
    form = FeedbackForm()
    return _done(
        form, entry_id, lambda _form: service.give_feedback(acting_context(), entry_id, *form.said())
    )


@blueprint.get("/feedback")
@open_to(*EDITORS)
def feedback() -> str:
    """What readers said that nobody has settled."""
    return _feedback_page(SettleForm(formdata=None))


@blueprint.post(f"/feedback/<int(max={LARGEST_ID}):feedback_id>")
@open_to(*EDITORS)
def settle(feedback_id: int) -> Answer:
    """An editor says what became of it."""
    form = SettleForm()

    def act() -> str:
        service.settle_feedback(acting_context(), feedback_id, form.words.data or "")
        return url_for("knowledge.feedback")

    told = _("已处理。提意见的人会在条目里看到。")
    return _answered(form, act, lambda problem: _feedback_page(form, feedback_id, problem), told)


@blueprint.get("/candidates")
@open_to(*EDITORS)
def candidates() -> str:
    """Consultations that were answered without an entry."""
    with acting_context().reading() as session:
        found = queries.candidates(session)
        return render_template("knowledge/candidates.html", found=found, **SHOWN)


@blueprint.post(f"/candidates/<int(max={LARGEST_ID}):ticket_id>/dismiss")
@open_to(*EDITORS)
def dismiss(ticket_id: int) -> Response:
    """No entry of this one."""
    service.dismiss_candidate(acting_context(), ticket_id)
    return redirect(url_for("knowledge.candidates"))


@blueprint.get("/desk")
@open_to(*AT_A_SEAT)
def at_desk() -> str:
    """Part of the desk: entries by words, or of the draft's class (`?words=&category_code=`)."""
    words = request.args.get("words", "").strip()[:LONGEST_WORDS]
    with acting_context().reading() as session:
        found = queries.offered(session, today(), request.args.get("category_code", ""), words)
        return render_template("knowledge/at_desk.html", found=found, words=words, **SHOWN)


def _answered(form: FlaskForm, act: Act, page: Page, told: str) -> Answer:
    return answered(form, act, page, KnowledgeRefused, OBSTACLES, told)


def _kept(form: EntryForm, keep: Callable[[], int], told: str, entry_id: int | None = None) -> Answer:
    with acting_context().reading() as session:
        _offer(session, form, entry_id)

    def act() -> str:
        return url_for("knowledge.entry", entry_id=keep())

    return _answered(form, act, lambda problem: _form_page(form, entry_id, problem), told)


def _done(form: FlaskForm, entry_id: int, deed: Callable[[FlaskForm], None]) -> Answer:
    def act() -> str:
        deed(form)
        return url_for("knowledge.entry", entry_id=entry_id)

    return _answered(form, act, lambda problem: _entry_page(entry_id, form, problem), _("已记录。"))


def seen(_form: FlaskForm) -> int:
    """The version that the page showed, on which somebody decided."""
    return request.form.get("seen", 0, type=row_id)


def today() -> date:
    """The day on the city's calendar."""
    return local(house().context.now()).date()


def _offer(session: Session, form: EntryForm, entry_id: int | None) -> None:
    entry = queries.entry_of(session, entry_id) if entry_id else None
    form.offer(list(categories(session)), list(departments(session)), entry)


def _form_page(form: EntryForm, entry_id: int | None = None, problem: str = "") -> str:
    with acting_context().reading() as session:
        _offer(session, form, entry_id)
        now = queries.entry_of(session, entry_id) if entry_id else None
        stale = now if now is not None and problem and form.seen.data != str(now.version) else None
        if stale is not None:
            form.seen.data = str(stale.version)  # what is saved next is saved with it in sight
        public = now is not None and now.is_public
        shown = {"form": form, "entry_id": entry_id, "problem": problem, "stale": stale, "public": public}
        return render_template("knowledge/edit.html", **shown, **SHOWN)


def _entry_page(entry_id: int, form: FlaskForm | None = None, problem: str = "") -> str:
    with acting_context().reading() as session:
        found = queries.entry_of(session, entry_id)
        if found is None:
            abort(404)
        return render_template(
            "knowledge/entry.html",
            entry=found,
            opinions=opinions(session, entry_id),
            withdraw=form if isinstance(form, WithdrawForm) else WithdrawForm(formdata=None),
            complain=form if isinstance(form, FeedbackForm) else FeedbackForm(formdata=None),
            problem=problem,
            **SHOWN,
        )


def _feedback_page(form: SettleForm, wrong: int = 0, problem: str = "") -> str:
    with acting_context().reading() as session:
        found = queries.open_feedback(session)
        shown = {"found": found, "form": form, "wrong": wrong, "problem": problem}
        return render_template("knowledge/feedback.html", **shown, **SHOWN)


def _is_offered(found: Any) -> bool:
    return is_offered(found, today())


def _may_edit() -> bool:
    return bool(current_user.has(*EDITORS))


SHOWN: dict[str, Any] = {
    "shelves": SHELVES,
    "deeds": DEEDS,
    "complaints": COMPLAINTS,
    "cited": CITED,
    "citizen": CITIZEN,
    "is_offered": _is_offered,
    "may_edit": _may_edit,
    "excerpt": excerpt,
    "marked": marked,
}

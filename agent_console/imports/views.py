"""Importing a sheet of matters: upload, look, bring in; and the page of each import."""

from collections.abc import Sequence
from io import BytesIO

from flask import Blueprint, abort, flash, redirect, render_template, send_file, url_for
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.channel_names import name_of
from agent_console.choices import category_choices
from agent_console.file_words import size_words
from agent_console.house import acting_context
from agent_console.imports import template
from agent_console.imports.forms import SheetForm
from agent_console.imports.words import choices_in, fault_told, heading, told
from agent_console.language import is_english
from agent_console.refusals import explain
from agent_console.row_ids import LARGEST_ID
from agent_console.words import _
from hotline.contacts.channels import typed_by
from hotline.dispatch.queries import categories
from hotline.evidence.faults import FileRefused
from hotline.evidence.kinds import FORMS, Kind
from hotline.imports import queries, service
from hotline.imports.checking import Looked, look
from hotline.imports.columns import Column, columns
from hotline.imports.models import MatterImport
from hotline.imports.rules import IMPORTERS, LARGEST_FILE, MOST_ROWS, READERS, SheetRefused
from hotline.imports.service import NoSuchImport, RowsRefused

blueprint = Blueprint("imports", __name__, url_prefix="/imports")

ONE = f"<int(max={LARGEST_ID}):import_id>"
Page = str | Response | tuple[str, int]


@blueprint.get("/")
@open_to(*READERS)
def listed() -> str:
    """What was imported, and for those who write matters in the form."""
    return _listed(SheetForm(formdata=None))


@blueprint.post("/")
@open_to(*IMPORTERS)
def upload() -> Page:
    """Look at a sheet. With a fault anywhere nothing of it is kept."""
    form = SheetForm()
    if not form.validate_on_submit():
        return _listed(form), 422
    sheet = form.sheet.data
    try:
        import_id = service.look_at(acting_context(), sheet.filename or "", sheet.read(LARGEST_FILE + 1))
    except RowsRefused as refused:
        return _rows(sheet.filename or "", refused.looked), 422
    except SheetRefused as refused:
        form.sheet.errors = [told(refused)]
        return _listed(form), 409
    except FileRefused as refused:
        form.sheet.errors = [explain(refused)]
        return _listed(form), 422
    return redirect(url_for("imports.one", import_id=import_id))


@blueprint.get(f"/{ONE}")
@open_to(*READERS)
def one(import_id: int) -> Page:
    """What would come in, or what has."""
    with acting_context().reading() as session:
        found = _found(session, import_id)
        if found.done_at is None:
            looked = look(session, acting_context(), service.rows_to_see(found))
            return _rows(found.name, looked, found)
        tickets = queries.tickets_of(session, found.id)
        return render_template("imports/one.html", found=found, tickets=tickets)


@blueprint.post(f"/{ONE}/done")
@open_to(*IMPORTERS)
def bring_in(import_id: int) -> Page:
    """All of it, or nothing."""
    with acting_context().reading() as session:
        found = _found(session, import_id)
    try:
        service.bring_in(acting_context(), import_id)
    except NoSuchImport:  # put away meanwhile
        abort(404)
    except RowsRefused as refused:
        return _rows(found.name, refused.looked, found), 409
    except SheetRefused as refused:
        flash(told(refused))
        return redirect(url_for("imports.one", import_id=refused.known))
    flash(_("已全部导入。"))
    return redirect(url_for("imports.one", import_id=import_id))


@blueprint.post(f"/{ONE}/away")
@open_to(*IMPORTERS)
def put_away(import_id: int) -> Response:
    """Looked at, and not brought in."""
    try:
        service.put_away(acting_context(), import_id)
    except NoSuchImport:
        abort(404)
    flash(_("没有导入，表格已丢弃。"))
    return redirect(url_for("imports.listed"))


@blueprint.get("/template.<kind>")
@open_to(*IMPORTERS)
def blank(kind: str) -> Response:
    """An empty sheet with the headings."""
    made = {"csv": ("text/csv", template.as_csv), "xlsx": (FORMS[Kind.XLSX].media_type, template.as_xlsx)}
    if kind not in made:
        abort(404)
    media_type, content = made[kind]
    name = f"{_('来件导入模板')}.{kind}"
    return send_file(BytesIO(content()), media_type, as_attachment=True, download_name=name)


def _found(session: Session, import_id: int) -> MatterImport:
    found = queries.import_for(session, current_user.actor, import_id)
    if found is None:
        abort(404)
    return found


def _listed(form: SheetForm) -> str:
    imports = current_user.has(*IMPORTERS)
    with acting_context().reading() as session:
        return render_template(
            "imports/list.html",
            form=form if imports else None,
            found=queries.imports_for(session, current_user.actor),
            described=_described(session) if imports else (),
            most=MOST_ROWS,
            largest=size_words(LARGEST_FILE),
        )


def _described(session: Session) -> list[tuple[str, Column, list[str]]]:
    """Every column: its heading, and what may stand in it."""
    words = {name: choices_in(column) for name, column in columns().items()}
    words["channel"] = [name_of(channel) for channel in typed_by(current_user.actor)]
    choices = category_choices(list(categories(session)), is_english())
    words["category_code"] = [str(choice.label) for choice in choices if choice.value]
    return [(heading(column), column, words[name]) for name, column in columns().items()]


def _rows(name: str, looked: Sequence[Looked], found: MatterImport | None = None) -> str:
    wrong = [row for row in looked if row.faults]
    return render_template(
        "imports/rows.html",
        name=name,
        rows=[(row, [fault_told(fault) for fault in row.faults]) for row in (wrong or looked)],
        wrong=len(wrong),
        good=len(looked) - len(wrong),
        found=found,
        shown=[columns()[column] for column in ("channel", "source_number", "description", "category_code")],
        heading=heading,
    )

"""Users from a sheet: upload, look, bring in."""

import json
from collections.abc import Sequence

from flask import abort, render_template, request
from flask_babel import force_locale
from pydantic import TypeAdapter, ValidationError
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.house import acting_context
from agent_console.imports.forms import SheetForm
from agent_console.imports.words import FAULTS, told
from agent_console.labels import ROLES
from agent_console.language import LANGUAGES
from agent_console.refusals import explain
from agent_console.staff.views import blueprint, shown_once
from agent_console.staff.words import explain_people
from agent_console.words import LazyString, _, _l
from hotline.evidence.faults import FileRefused
from hotline.imports.columns import plain
from hotline.imports.rules import LARGEST_FILE, MOST_ROWS, Row, SheetRefused, rows_of
from hotline.imports.sheets import table_of
from hotline.people.actors import Role
from hotline.people.faults import PeopleRefused
from hotline.people.importing import SHAPE, Looked, Mark, RowsRefused, bring_in, look
from hotline.people.separation import GIVEN

COLUMNS: dict[str, LazyString] = {
    "username": _l("用户名"),
    "display_name": _l("姓名"),
    "department": _l("单位"),
    "roles": _l("岗位"),
}
_KEPT = TypeAdapter(list[tuple[int, dict[str, str]]])

Page = str | Response | tuple[str, int]


@blueprint.route("/import", methods=["GET", "POST"])
@open_to(Role.ADMINISTRATOR)
def import_people() -> Page:
    """A sheet is looked at; nothing of it is kept."""
    form = SheetForm()
    if not form.validate_on_submit():
        return _page(form), 422 if form.errors else 200
    sheet = form.sheet.data
    try:
        rows = rows_of(table_of(sheet.filename or "", sheet.read(LARGEST_FILE + 1)), SHAPE)
    except SheetRefused as refused:
        names = [str(COLUMNS.get(name, name)) for name in refused.what]
        form.sheet.errors = [told(SheetRefused(refused.wrong, names))]
        return _page(form), 422
    except FileRefused as refused:
        form.sheet.errors = [explain(refused)]
        return _page(form), 422
    with acting_context().reading() as session:
        looked = look(session, rows, _role_words())
    return _preview(looked), 422 if any(one.faults for one in looked) else 200


@blueprint.post("/import/done")
@open_to(Role.ADMINISTRATOR)
def bring_people_in() -> Page:
    """All of the rows that were looked at, looked at again, or none; then the first passwords, once."""
    try:
        kept = _KEPT.validate_json(request.form.get("rows", ""))
    except ValidationError:
        abort(400)
    if len(kept) > MOST_ROWS:
        abort(400)
    rows = [Row(line, cells) for line, cells in kept]
    try:
        return shown_once(bring_in(acting_context(), rows, _role_words()))
    except RowsRefused as refused:
        return _preview(refused.looked), 409


def _page(form: SheetForm) -> str:
    roles = _("、").join(str(ROLES[role]) for role in GIVEN)
    return render_template("staff/import.html", form=form, columns=COLUMNS, roles=roles, most=MOST_ROWS)


def _preview(looked: Sequence[Looked]) -> str:
    wrong = sum(bool(one.faults) for one in looked)
    return render_template(
        "staff/import_rows.html",
        rows=[(one, [_told(fault) for fault in one.faults]) for one in looked],
        columns=COLUMNS,
        wrong=wrong,
        good=len(looked) - wrong,
        kept=json.dumps([(one.row.line, dict(one.row.cells)) for one in looked], ensure_ascii=False),
    )


def _told(fault: PeopleRefused | Mark) -> str:
    """`单位：没有这个单位，或者已经停用。`"""
    if isinstance(fault, Mark):
        column, words = fault.column, _("%(reason)s。", reason=str(FAULTS[fault.what]))
    else:
        column, words = fault.field, explain_people(fault)
        if fault.about and column == "roles":
            words = f"{fault.about} {words}"
    if not column:
        return words
    return _("%(field)s：%(words)s", field=str(COLUMNS[column]), words=words)


def _role_words() -> dict[str, Role]:
    """Roles by their names in both languages and by their codes."""
    words = {role.value: role for role in GIVEN}
    for language in LANGUAGES:
        with force_locale(language):
            words |= {plain(str(ROLES[role])): role for role in GIVEN}
    return words

"""The list of findings, and reviewers' answers to them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.findings.reads import rows_of
from agent_console.findings.words import ANSWER_KEYS, ANSWER_TONES, ANSWERS, KINDS
from agent_console.house import acting_context
from agent_console.row_ids import LARGEST_ID, row_id
from agent_console.words import _
from hotline.consistency import queries, service
from hotline.consistency.models import Answer
from hotline.consistency.rules import Kind
from hotline.consistency.service import REVIEWERS, NoSuchFinding, OwnCall
from hotline.consistency.wanted import EDITORS

blueprint = Blueprint("findings", __name__, url_prefix="/findings")

FINDING = f"<int(max={LARGEST_ID}):finding_id>"
LAST_PAGE = 10_000
ANSWERED_STAYS = timedelta(minutes=5)
"""So long a reviewer's own answer stays in the list of what is not answered, to be corrected."""

SHOWN: Mapping[str, Any] = {
    "kinds": KINDS,
    "answers": ANSWERS,
    "answer_tones": ANSWER_TONES,
    "answer_keys": ANSWER_KEYS,
}
"""What the templates of rows need."""


@blueprint.get("/")
@open_to(*REVIEWERS)
def listed() -> str:
    """What nobody has answered yet, or what was answered so; of one kind or of all."""
    wanted = queries.Wanted(
        request.args.get("kind", type=Kind),
        request.args.get("answer", type=Answer),
        stays_since=acting_context().now() - ANSWERED_STAYS,
    )
    number = min(request.args.get("page", 1, type=row_id), LAST_PAGE)
    actor = current_user.actor
    with acting_context().reading() as session:
        page = queries.finding_page(session, actor, wanted, number)
        return render_template(
            "findings/list.html",
            page=page,
            rows=rows_of(session, page.listed, on_ticket=False),
            set_aside=queries.set_aside(session, actor),
            wanted=wanted,
            kept={name: request.args[name] for name in ("kind", "answer") if request.args.get(name)},
            most_counted=queries.MOST_COUNTED,
            may_edit=current_user.has(*EDITORS),
            **SHOWN,
        )


@blueprint.post(f"/{FINDING}/answer")
@open_to(*REVIEWERS)
def answer(finding_id: int) -> str | tuple[str, int]:
    """Right, not right, or seen. The row as it is then."""
    said = request.form.get("answer", "")
    if said not in set(Answer):
        abort(400)
    try:
        service.answer(acting_context(), finding_id, Answer(said))
    except NoSuchFinding:
        abort(404)
    except OwnCall:
        return _row(finding_id, _("这是您接的电话或您写的工单，请由别人来判断。")), 409
    return _row(finding_id)


@blueprint.post(f"/checks/<int(max={LARGEST_ID}):check_id>/again")
@open_to(*REVIEWERS)
def again(check_id: int) -> Response:
    """Look at a call once more that was set aside."""
    try:
        service.check_again(acting_context(), check_id)
    except NoSuchFinding:
        abort(404)
    flash(_("会再核对一次。"))
    return redirect(url_for("findings.listed"))


def _row(finding_id: int, problem: str = "") -> str:
    on_ticket = request.form.get("on_ticket", "") == "yes"
    with acting_context().reading() as session:
        found = queries.listed_finding(session, current_user.actor, finding_id)
        if found is None:
            abort(404)
        (row,) = rows_of(session, [found], on_ticket)
        return render_template("findings/row.html", row=row, problem=problem, **SHOWN)

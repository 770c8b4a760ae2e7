"""What a step would do to the chosen tickets, and, once that is confirmed, what it did."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.filters.narrowing import filter_to_go_back_to
from agent_console.house import acting_context
from agent_console.together.deeds import DISPATCH, SIGN, Deed
from agent_console.together.rows import MOST, by_unit, done, foreseen
from agent_console.words import _

blueprint = Blueprint("together", __name__)


@blueprint.post("/dispatch/together")
@open_to(*DISPATCH.roles)
def dispatch() -> str | Response:
    """To whom each would be dispatched."""
    return _foresee(DISPATCH)


@blueprint.post("/dispatch/together/done")
@open_to(*DISPATCH.roles)
def dispatch_done() -> str:
    """Dispatched, but for those that have moved meanwhile."""
    return _do(DISPATCH)


@blueprint.post("/unit/sign-together")
@open_to(*SIGN.roles)
def sign() -> str | Response:
    """Which of them can be signed for."""
    return _foresee(SIGN)


@blueprint.post("/unit/sign-together/done")
@open_to(*SIGN.roles)
def sign_done() -> str:
    """Signed for."""
    return _do(SIGN)


def _foresee(deed: Deed) -> str | Response:
    """Every chosen ticket with what will be done to it, or why nothing will; nothing is done yet."""
    asked = filter_to_go_back_to()
    numbers = request.form.getlist("number")
    if not numbers or len(numbers) > MOST:
        flash(_("请先选择工单，一次最多 %(most)d 件。", most=MOST))
        return redirect(url_for(deed.place, **asked))
    with acting_context().reading() as session:
        rows = foreseen(session, deed, numbers)
        return render_template(
            "together/foreseen.html",
            deed=deed,
            asked=asked,
            ready=[row for row in rows if row.plan],
            others=[row for row in rows if not row.plan],
            by_unit=by_unit(rows),
        )


def _do(deed: Deed) -> str:
    """The result of each. Sent twice it does nothing twice: the second time every ticket has changed."""
    asked = filter_to_go_back_to()
    shown = [tuple(row.split(" ", 1)) for row in request.form.getlist("row")]
    if not shown or len(shown) > MOST or any(len(row) != 2 for row in shown):
        abort(400)
    rows = done(deed, [(row[0], row[1]) for row in shown])
    return render_template(
        "together/done.html",
        deed=deed,
        asked=asked,
        ready=[row for row in rows if row.plan],
        others=[row for row in rows if not row.plan],
    )

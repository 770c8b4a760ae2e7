"""What a step would do to the chosen tickets, and, once that is confirmed, what it did."""

from collections.abc import Iterable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.filters.narrowing import filter_to_go_back_to
from agent_console.house import acting_context
from agent_console.together.deeds import ASK_AGAIN, DISPATCH, SIGN, URGE, Deed
from agent_console.together.forms import WordsForm
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
def dispatch_done() -> str | tuple[str, int]:
    """Dispatched, but for those that have moved meanwhile."""
    return _do(DISPATCH)


@blueprint.post("/unit/sign-together")
@open_to(*SIGN.roles)
def sign() -> str | Response:
    """Which of them can be signed for."""
    return _foresee(SIGN)


@blueprint.post("/unit/sign-together/done")
@open_to(*SIGN.roles)
def sign_done() -> str | tuple[str, int]:
    """Signed for."""
    return _do(SIGN)


@blueprint.post("/supervision/late/urge-together")
@open_to(*URGE.roles)
def urge() -> str | Response:
    """Which of them can be urged."""
    return _foresee(URGE)


@blueprint.post("/supervision/late/urge-together/done")
@open_to(*URGE.roles)
def urge_done() -> str | tuple[str, int]:
    """Urged."""
    return _do(URGE)


@blueprint.post("/follow-ups/again-together")
@open_to(*ASK_AGAIN.roles)
def again() -> str | Response:
    """Which of them can be dialled sooner."""
    return _foresee(ASK_AGAIN)


@blueprint.post("/follow-ups/again-together/done")
@open_to(*ASK_AGAIN.roles)
def again_done() -> str | tuple[str, int]:
    """Back in the row."""
    return _do(ASK_AGAIN)


def _foresee(deed: Deed) -> str | Response:
    """Every chosen ticket with what will be done to it, or why nothing will; nothing is done yet."""
    numbers = request.form.getlist("number")
    if not numbers or len(numbers) > MOST:
        flash(_("请先选择工单，一次最多 %(most)d 件。", most=MOST))
        return redirect(url_for(deed.place, **filter_to_go_back_to()))
    return _shown(deed, numbers, WordsForm(formdata=None))


def _shown(deed: Deed, numbers: Iterable[str], form: WordsForm) -> str:
    with acting_context().reading() as session:
        rows = foreseen(session, deed, numbers)
        return render_template(
            "together/foreseen.html",
            deed=deed,
            form=form,
            asked=filter_to_go_back_to(),
            ready=[row for row in rows if row.plan],
            others=[row for row in rows if not row.plan],
            by_unit=by_unit(rows),
        )


def _do(deed: Deed) -> str | tuple[str, int]:
    """The result of each. Sent twice it does nothing twice: the second time every ticket has changed.

    Words that cannot be kept are shown again, with the tickets as they are now; nothing is done then.
    """
    shown = [tuple(row.split(" ", 1)) for row in request.form.getlist("row")]
    if not shown or len(shown) > MOST or any(len(row) != 2 for row in shown):
        abort(400)
    form = WordsForm()
    if not form.validate():
        return _shown(deed, [row[0] for row in shown], form), 422
    rows = done(deed, [(row[0], row[1]) for row in shown], form.words.data or "")
    return render_template(
        "together/done.html",
        deed=deed,
        asked=filter_to_go_back_to(),
        ready=[row for row in rows if row.plan],
        others=[row for row in rows if not row.plan],
    )

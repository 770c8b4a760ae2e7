"""Saving the filter of a list under a name, and forgetting it."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.filters.forms import NameForm, Offer, conditions
from agent_console.filters.words import OBSTACLES
from agent_console.house import acting_context
from agent_console.row_ids import LARGEST_ID
from agent_console.words import _
from agent_console.work_list_places import WORK_LISTS
from hotline.lists import service
from hotline.lists.rules import FilterRefused

blueprint = Blueprint("filters", __name__)


@blueprint.get("/lists/<place>/filters/new")
@open_to()
def new(place: str) -> str:
    """What the filter asks, and a field for its name."""
    return _page(place, NameForm(formdata=None))


@blueprint.post("/lists/<place>/filters/new")
@open_to()
def save(place: str) -> Response | tuple[str, int]:
    """Kept for whoever saves it alone. The conditions stand in the address, as on the list."""
    form, asked = NameForm(), conditions(request.args)
    if place not in WORK_LISTS:
        abort(404)
    try:
        service.save_filter(acting_context(), place, form.name.data or "", asked)
    except FilterRefused as refused:
        form.name.errors = [OBSTACLES[refused.obstacle]]
        return _page(place, form), 422
    flash(_("筛选已存好，只有您自己看得到。"))
    return redirect(url_for(place, **asked))


@blueprint.post(f"/lists/<place>/filters/<int(max={LARGEST_ID}):filter_id>/delete")
@open_to()
def delete(place: str, filter_id: int) -> Response:
    """Only one's own."""
    if place not in WORK_LISTS or not service.forget_filter(acting_context(), filter_id):
        abort(404)
    flash(_("筛选已删除。"))
    return redirect(url_for(place))


def _page(place: str, form: NameForm) -> str:
    if place not in WORK_LISTS:
        abort(404)
    asked = conditions(request.args)
    with acting_context().reading() as session:
        words = Offer(session).form(asked).in_words()
    return render_template("filters/new.html", place=place, form=form, asked=asked, words=words)

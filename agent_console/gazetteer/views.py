"""The city's places: listed, added, changed, retired and brought back."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.gazetteer.forms import KINDS, PlaceForm
from agent_console.house import acting_context
from agent_console.row_ids import LARGEST_ID
from agent_console.undoing.offers import flash_undoable
from agent_console.words import LazyString, _, _l
from hotline.gazetteer.models import PlaceKind
from hotline.gazetteer.queries import places
from hotline.gazetteer.service import Named, PlaceRefused, add_place, change_place, retire_place
from hotline.people.actors import Role

blueprint = Blueprint("gazetteer", __name__, url_prefix="/places")

PLACE = f"<int(max={LARGEST_ID}):place_id>"
EDITORS = (Role.ADMINISTRATOR, Role.SUPERVISOR)
SHOWN = 300

PROBLEMS: dict[str, LazyString] = {
    "name": _l("名称要有两个字以上，不超过六十字。"),
    "district": _l("区（县）的名称太长。"),
    "street": _l("街道的名称太长。"),
    "aliases": _l("别名最多十个，每个两个字以上。"),
    "twice": _l("这个区已经有同名的地点。"),
    "place": _l("这个地点已不在地名表里。"),
}

Page = str | Response | tuple[str, int]


@blueprint.get("/")
@open_to(*EDITORS)
def listed() -> Page:
    """Places by kind and part of a name."""
    return _page(PlaceForm(formdata=None))


@blueprint.post("/")
@open_to(*EDITORS)
def add() -> Page:
    """A further place."""
    return _kept(lambda named: add_place(acting_context(), named))


@blueprint.post(f"/{PLACE}")
@open_to(*EDITORS)
def change(place_id: int) -> Page:
    """What is said of a place from now on."""
    return _kept(lambda named: change_place(acting_context(), place_id, named), place_id)


@blueprint.post(f"/{PLACE}/<any(retire, restore):what>")
@open_to(*EDITORS)
def retire(place_id: int, what: str) -> Page:
    """No longer suggest a place, or do so again."""
    try:
        since = retire_place(acting_context(), place_id, retired=what == "retire")
    except PlaceRefused as refused:
        return _page(PlaceForm(formdata=None), str(PROBLEMS[refused.field])), 404
    if since is not None:
        flash_undoable(_("已停用，接线台不再建议这个地点。"), "place", place_id, since)
    return redirect(_back())


def _kept(keep: Callable[[Named], object], of: int = 0) -> Page:
    form = PlaceForm()
    if not form.validate():
        return _page(form, _("有的内容填写不对，请看标红的地方。"), of), 422
    try:
        keep(form.named())
    except PlaceRefused as refused:
        return _page(form, str(PROBLEMS[refused.field]), of), 422
    return redirect(_back())


def _back() -> str:
    return url_for("gazetteer.listed", of=_kind() or None, words=_words() or None)


def _kind() -> PlaceKind | None:
    wanted = request.values.get("of", "")
    return PlaceKind(wanted) if wanted in KINDS else None


def _words() -> str:
    return request.values.get("words", "").strip()[:60]


def _page(form: PlaceForm, problem: str = "", of: int = 0) -> str:
    with acting_context().reading() as session:
        found = places(session, _kind(), _words(), SHOWN)
        return render_template(
            "gazetteer/places.html",
            places=found,
            kinds=KINDS,
            of=_kind() or "",
            words=_words(),
            full=len(found) == SHOWN,
            form=form,
            problem=problem,
            wrong=of if problem else None,
        )

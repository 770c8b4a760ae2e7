"""Progress by number and query code, for everybody and without a script."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from agent_console.access import open_to_all
from agent_console.citizens.forms import AskForm
from agent_console.citizens.limits import TOO_OFTEN, address
from agent_console.citizens.look import remember
from agent_console.citizens.opened import close_matter, open_matter
from agent_console.citizens.shown import Page, shown_matter
from agent_console.house import house
from agent_console.words import _
from hotline.citizens.service import NoSuchPair, TooManyGuesses, look_up

# Whole folders of this site: what begins with one of them leads nowhere else.
_PAGES = ("/progress/", "/write/", "/policy/", "/services/")

blueprint = Blueprint("citizens", __name__, url_prefix="/progress")


@blueprint.get("/")
@open_to_all
def ask() -> Page:
    """The two fields. A link may bring the number."""
    form = AskForm(formdata=None, number=request.args.get("number", "")[:80])
    return render_template("citizens/ask.html", form=form, problem="")


@blueprint.post("/")
@open_to_all
def look() -> Page:
    """On to the matter, or the one answer for everything that does not fit."""
    form = AskForm()
    if not form.validate():
        return _again(form, ""), 422
    try:
        number = look_up(house().context, form.number.data or "", form.code.data or "", address())
    except TooManyGuesses:
        return _again(form, _("填错的次数太多，请 15 分钟后再试，或拨打热线查询。")), *TOO_OFTEN
    except NoSuchPair:
        return _again(form, _("编号和查询码对不上，请照着回执再填一次。")), 422
    open_matter(number)
    return redirect(url_for("citizens.matter"))


@blueprint.get("/matter")
@open_to_all
def matter() -> Page:
    """What was done, by which department, until when."""
    return shown_matter()


@blueprint.post("/leave")
@open_to_all
def leave() -> Page:
    """For whoever uses the computer next."""
    close_matter()
    return redirect(url_for("citizens.ask"))


@blueprint.post("/look")
@open_to_all
def choose_look() -> Response:
    """Larger type, more contrast, or no longer; back to the page where it was pressed."""
    wanted = request.form.get("next", "")
    back = wanted if wanted.startswith(_PAGES) else url_for("citizens.ask")
    return remember(redirect(back), request.form.get("look", ""))


def _again(form: AskForm, problem: str) -> str:
    return render_template("citizens/ask.html", form=form, problem=problem)

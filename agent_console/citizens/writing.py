"""The page on which a citizen writes a matter, without an account and without a script."""

from flask import Blueprint, g, make_response, render_template, request
from werkzeug.wrappers import Response

from agent_console.access import open_to_all
from agent_console.citizens.files import enclosure_limits
from agent_console.citizens.forms import MatterForm
from agent_console.citizens.limits import TOO_OFTEN, address
from agent_console.citizens.look import known, remember
from agent_console.citizens.shown import Page
from agent_console.citizens.sums import Sum, new_sum, opened, sealed
from agent_console.file_words import refused_to_citizen
from agent_console.house import house
from agent_console.refusals import explain
from agent_console.words import _
from hotline.citizens.guessing import TooMany
from hotline.evidence.faults import FileRefused
from hotline.intake.rules import IntakeRefused, Obstacle
from hotline.intake.web import Matter, count_try, write
from hotline.tickets.service import DraftRefused

blueprint = Blueprint("writing", __name__, url_prefix="/write")


@blueprint.get("/")
@open_to_all
def ask() -> Page:
    """An empty form with a sum."""
    return _page(MatterForm(formdata=None), new_sum())


@blueprint.post("/look")
@open_to_all
def look() -> Response:
    """The same form in another look; what was typed is still there, files have to be chosen again."""
    form, wanted = MatterForm(), request.form.get("look", "")
    g.look = known(wanted)
    page = _page(form, opened(form.token.data or "") or new_sum())
    return remember(make_response(page), wanted)


@blueprint.post("/")
@open_to_all
def send() -> Page:
    """Number and query code, or the form with what is wrong beside it."""
    form = MatterForm()
    asked = opened(form.token.data or "")
    try:
        count_try(house().context, address())
    except TooMany:
        words = _("从这个地址提交的次数太多，请 15 分钟后再试，或拨打热线。")
        return _page(form, asked or new_sum(), words), *TOO_OFTEN
    if not form.validate():
        return _page(form, asked or new_sum(), _("有的内容填写不对，请看标红的地方。")), 422
    if asked is None or asked.is_over() or not asked.fits(form.sum.data or ""):
        return _another_sum(form, asked), 422
    if not form.files.inspect():
        return _page(form, asked, _("有的内容填写不对，请看标红的地方。")), 422
    return _written(form, asked)


def _written(form: MatterForm, asked: Sum) -> Page:
    matter = Matter(
        description=form.description.data or "",
        wish=form.wish.data or "",
        place=form.place.data or "",
        phone=form.phone.data or "",
        hides=bool(form.hides.data),
        files=form.files.inspected,
    )
    try:
        written = write(house().context, asked.key, matter)
    except IntakeRefused as refusal:
        if refusal.obstacle is Obstacle.SENT_BEFORE:
            return _with_new_sum(form, new_sum(), explain(refusal)), 409
        form[refusal.field].errors = [explain(refusal)]
        return _page(form, asked, explain(refusal)), 422
    except FileRefused as refusal:
        form.files.errors = [refused_to_citizen(refusal)]
        return _page(form, asked, _("有的内容填写不对，请看标红的地方。")), 422
    except DraftRefused as refusal:
        return _page(form, asked, explain(refusal)), 422
    return render_template(
        "citizens/written.html",
        written=written,
        is_anonymous=not matter.phone.strip(),
        files=len(matter.files),
    )


def _another_sum(form: MatterForm, asked: Sum | None) -> str:
    form.sum.errors = [_("算得不对，或等得太久。请算下面这一题，写下的内容都还在。")]
    again = new_sum(asked.key if asked else "")
    return _with_new_sum(form, again, _("有的内容填写不对，请看标红的地方。"))


def _with_new_sum(form: MatterForm, asked: Sum, problem: str) -> str:
    form.sum.raw_data, form.sum.data = [""], ""
    return _page(form, asked, problem)


def _page(form: MatterForm, asked: Sum, problem: str = "") -> str:
    return render_template(
        "citizens/write.html",
        form=form,
        question=asked.words,
        token=sealed(asked),
        problem=problem,
        limits=enclosure_limits(),
    )

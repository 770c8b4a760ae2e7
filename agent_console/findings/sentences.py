"""The page of the sentences that agents have to say."""

from collections.abc import Callable

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.findings.forms import SentenceForm
from agent_console.findings.views import blueprint
from agent_console.findings.words import PLACES
from agent_console.house import acting_context, house
from agent_console.row_ids import LARGEST_ID
from agent_console.words import LazyString, _, _l
from hotline.consistency.wanted import (
    EDITORS,
    SentenceRefused,
    Wording,
    add_sentence,
    all_sentences,
    change_sentence,
    retire_sentence,
)

SENTENCE = f"<int(max={LARGEST_ID}):sentence_id>"

PROBLEMS: dict[str, LazyString] = {
    "name": _l("名称要有两个字以上，不超过六十字。"),
    "phrases": _l("至少写一种说法，最多二十种，每种两个字以上、不超过六十字。"),
    "language": _l("请选择通话语言。"),
    "twice": _l("已经有同名的规定用语。"),
    "sentence": _l("这条规定用语已经不在了。"),
}

Page = str | Response | tuple[str, int]


@blueprint.get("/sentences")
@open_to(*EDITORS)
def sentences() -> Page:
    """All of them, those that are looked for first."""
    return _page(SentenceForm(formdata=None))


@blueprint.post("/sentences")
@open_to(*EDITORS)
def add() -> Page:
    """A further sentence."""
    return _kept(lambda wording: add_sentence(acting_context(), wording))


@blueprint.post(f"/sentences/{SENTENCE}")
@open_to(*EDITORS)
def change(sentence_id: int) -> Page:
    """What is looked for from the next check on."""
    return _kept(lambda wording: change_sentence(acting_context(), sentence_id, wording), sentence_id)


@blueprint.post(f"/sentences/{SENTENCE}/<any(retire, restore):what>")
@open_to(*EDITORS)
def retire(sentence_id: int, what: str) -> Page:
    """No longer look for a sentence, or do so again."""
    try:
        retire_sentence(acting_context(), sentence_id, retired=what == "retire")
    except SentenceRefused as refused:
        return _page(SentenceForm(formdata=None), str(PROBLEMS[refused.field])), 404
    return redirect(url_for("findings.sentences"))


def _kept(keep: Callable[[Wording], object], of: int = 0) -> Page:
    form = SentenceForm()
    if not form.validate():
        return _page(form, _("有的内容填写不对，请看标红的地方。"), of), 422
    try:
        keep(form.wording())
    except SentenceRefused as refused:
        return _page(form, str(PROBLEMS[refused.field]), of), 422
    return redirect(url_for("findings.sentences"))


def _page(form: SentenceForm, problem: str = "", of: int = 0) -> str:
    """`of` is the sentence whose form was refused, 0 for a new one."""
    with acting_context().reading() as session:
        return render_template(
            "findings/sentences.html",
            sentences=all_sentences(session),
            places=PLACES,
            number=house().context.settings.hotline_number,
            form=form,
            problem=problem,
            wrong=of if problem else None,
        )

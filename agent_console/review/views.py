"""Replies that wait for review, the verdict, and the lists of words behind the signals."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.house import acting_context
from agent_console.review.forms import ReviewForm, WordsForm
from agent_console.steps_taken import Answer, take
from agent_console.words import _
from agent_console.work_lists import render_list
from hotline.people.actors import Role
from hotline.review import service
from hotline.review.rules import WordList
from hotline.review.wording import EDITORS, LONGEST_PHRASE, WordsRefused, change_words, word_lists
from hotline.tickets.queries import in_states
from hotline.tickets.states import State

blueprint = Blueprint("review", __name__)


@blueprint.get("/review")
@open_to(Role.REVIEWER)
def queue() -> str:
    """Replies that wait for the hotline's review."""
    with acting_context().reading() as session:
        tickets = in_states(State.REPLIED)
        empty = (_("没有等审核的回复"), _("承办单位提交回复后，会自动出现在这里。"))
        return render_list(session, _("待审核回复"), tickets, empty)


@blueprint.post("/tickets/<number>/review")
@open_to(Role.REVIEWER)
def review(number: str) -> Answer:
    """Accepted, and the citizen will be called; or back to the department."""
    form = ReviewForm()
    accepted = form.verdict.data == "accept"

    def deed(ticket_id: int) -> None:
        context, reason = acting_context(), form.reason.data or ""
        if accepted:
            service.accept_reply(context, ticket_id, reason, form.judged())
        else:
            service.reject_reply(context, ticket_id, reason, form.judged(), form.given_grounds())

    return take(number, form, deed, _("审核通过，转到回访。") if accepted else _("已退回承办单位。"))


@blueprint.get("/review/words")
@open_to(*EDITORS)
def words() -> str:
    """The lists of words, each with its form."""
    return _words_page(WordsForm(formdata=None))


@blueprint.post("/review/words/<name>")
@open_to(*EDITORS)
def change(name: str) -> str | Response | tuple[str, int]:
    """A list is this from now on."""
    if name not in set(WordList):
        abort(404)
    form = WordsForm()
    if not form.validate():
        return _words_page(form, _("请至少写一个用语；内容不能太长。"), name), 422
    try:
        change_words(acting_context(), WordList(name), (form.phrases.data or "").splitlines())
    except WordsRefused as refused:
        return _words_page(form, _problem(refused), name), 422
    flash(_("已保存，此后打开的答复按新的用语检查。"))
    return redirect(url_for("review.words"))


def _problem(refused: WordsRefused) -> str:
    if refused.phrase:
        shown = refused.phrase[:LONGEST_PHRASE]
        return _("“%(phrase)s”太短或太长：每个用语两个字以上、不超过三十字。", phrase=shown)
    return _("至少写一个用语，最多二百个。")


def _words_page(form: WordsForm, problem: str = "", wrong: str = "") -> str:
    """`wrong` is the list whose form was refused."""
    with acting_context().reading() as session:
        lists = word_lists(session)
        return render_template("review/words.html", lists=lists, form=form, problem=problem, wrong=wrong)

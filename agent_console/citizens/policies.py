"""Policies for everybody: the list, a page at an address that stays, and whether it helped."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from agent_console.access import open_to_all
from agent_console.citizens.forms import OpinionForm
from agent_console.citizens.limits import TOO_OFTEN, address, answered, searched_too_often
from agent_console.citizens.shown import Page
from agent_console.house import house
from agent_console.search.excerpts import excerpt
from agent_console.times import local
from agent_console.words import _
from hotline.citizens.guessing import TooMany
from hotline.knowledge import opinions, public
from hotline.knowledge.codes import as_printed
from hotline.knowledge.rules import KnowledgeRefused

LONGEST_WORDS, LAST_PAGE = 100, 40

blueprint = Blueprint("policies", __name__)


@blueprint.get("/policy/")
@open_to_all
def listed() -> Page:
    """`?words=&topic=&page=`: notices and topics; what holds the words, or is of the topic."""
    typed = request.args.get("words", "").strip()[:LONGEST_WORDS]
    problem = searched_too_often(typed)
    words = "" if problem else typed
    topic = request.args.get("topic")
    page = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
    with house().context.reading() as session:
        topics = public.topics(session, today())
        shown = render_template(
            "citizens/policies.html",
            found=public.policies(session, today(), words, topic, page),
            notices=public.notices(session, today()),
            topics=topics,
            here=next((one for one in topics if one.code == topic), None),
            topic=topic,
            words=words,
            typed=typed,
            problem=problem,
            page=page,
            excerpt=excerpt,
        )
    return answered(shown, problem)


@blueprint.get("/policy/<code>")
@open_to_all
def policy(code: str) -> Page:
    """What the entry says; of one that is over, that it is, and what holds instead."""
    return _page(code, OpinionForm(formdata=None))


@blueprint.post("/policy/<code>/opinion")
@open_to_all
def opinion(code: str) -> Page:
    """Whether it helped."""
    form, context = OpinionForm(), house().context
    try:
        opinions.count_try(context, address())
    except TooMany:
        words = _("从这个地址提交的次数太多，请 15 分钟后再试，或拨打热线。")
        return _page(code, form, words, 429)
    if not form.validate():
        return _page(code, form, _("有的内容填写不对，请看标红的地方。"), 422)
    try:
        opinions.say(context, as_printed(code), form.helpful.data == "yes", form.words.data or "")
    except KnowledgeRefused:
        return _page(code, form, _("这一条已经不在这里。您的话没有记下，可以拨打热线。"), 409)
    flash(_("谢谢您。您写的话会交给负责的编辑看。") if form.words.data else _("谢谢您。"))
    return redirect(url_for("policies.policy", code=as_printed(code)))


def today() -> date:
    """The day on the city's calendar."""
    return local(house().context.now()).date()


def nothing_there(title: str, text: str, status: int, code: str = "") -> Page:
    """A page of a few words, with the way to the list, and to an entry where there is one."""
    return render_template("citizens/no_policy.html", title=title, text=text, code=code), status


def _page(code: str, form: OpinionForm, problem: str = "", status: int = 200) -> Page | Response:
    with house().context.reading() as session:
        found = public.policy(session, code, today())
    if found is None:
        words = _("地址不对，或者抄错了。请在下面查找，或拨打热线。")
        return nothing_there(_("没有这一条"), words, 404)
    page = render_template("citizens/policy.html", policy=found, form=form, problem=problem)
    if status == 429:
        return page, *TOO_OFTEN
    return page, status if status != 200 or found.is_shown else 410

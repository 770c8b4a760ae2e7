"""An entry as citizens will read it, and what an editor decides there: public or not, notice, successor."""

from collections.abc import Callable

from flask import abort, render_template, url_for
from flask_wtf import FlaskForm

from agent_console.access import open_to
from agent_console.beside import Answer, answered
from agent_console.house import acting_context
from agent_console.knowledge.forms import PublishForm, SuccessorForm, UnpublishForm
from agent_console.knowledge.views import ENTRY, SHOWN, blueprint, seen, today
from agent_console.knowledge.words import OBSTACLES, STANDINGS
from agent_console.words import _
from hotline.knowledge import publishing, queries
from hotline.knowledge.public import page_of
from hotline.knowledge.rules import EDITORS, KnowledgeRefused, standing


@blueprint.get(f"/{ENTRY}/public")
@open_to(*EDITORS)
def public(entry_id: int) -> str:
    """What citizens read, or would."""
    return _page(entry_id)


@blueprint.post(f"/{ENTRY}/publish")
@open_to(*EDITORS)
def publish(entry_id: int) -> Answer:
    """Citizens may read it; pressed again for one that is public, it is a notice or no more."""
    form = PublishForm()

    def act() -> None:
        checked, notice = bool(form.checked.data), bool(form.is_notice.data)
        publishing.publish_entry(acting_context(), entry_id, seen(form), checked, notice)

    return _done(form, entry_id, act, _("已对市民公开。"))


@blueprint.post(f"/{ENTRY}/unpublish")
@open_to(*EDITORS)
def unpublish(entry_id: int) -> Answer:
    """Citizens read it no more."""
    form = UnpublishForm()

    def act() -> None:
        publishing.unpublish_entry(acting_context(), entry_id, seen(form), form.reason.data or "")

    return _done(form, entry_id, act, _("市民看不到内容了，地址和二维码会说明。"))


@blueprint.post(f"/{ENTRY}/successor")
@open_to(*EDITORS)
def succeed(entry_id: int) -> Answer:
    """What holds instead of it."""
    form = SuccessorForm()

    def act() -> None:
        publishing.name_successor(acting_context(), entry_id, seen(form), form.successor.data)

    return _done(form, entry_id, act, _("已记录。"))


def _done(form: FlaskForm, entry_id: int, deed: Callable[[], None], told: str) -> Answer:
    def act() -> str:
        deed()
        return url_for("knowledge.public", entry_id=entry_id)

    return answered(
        form, act, lambda problem: _page(entry_id, form, problem), KnowledgeRefused, OBSTACLES, told
    )


def _page(entry_id: int, form: FlaskForm | None = None, problem: str = "") -> str:
    with acting_context().reading() as session:
        entry = queries.entry_of(session, entry_id)
        if entry is None:
            abort(404)
        kept = SuccessorForm(formdata=None, successor=entry.successor_id)
        notice = PublishForm(formdata=None, is_notice=entry.is_notice)
        return render_template(
            "knowledge/public.html",
            entry=entry,
            policy=page_of(session, entry, today(), as_if_public=True),
            standing=standing(entry, today()),
            standings=STANDINGS,
            publish=form if isinstance(form, PublishForm) else notice,
            unpublish=form if isinstance(form, UnpublishForm) else UnpublishForm(formdata=None),
            succeed=form if isinstance(form, SuccessorForm) else kept,
            problem=problem,
            **SHOWN,
        )

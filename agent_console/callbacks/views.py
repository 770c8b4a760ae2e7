"""The list of owed callbacks and of messages that nobody has registered yet."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.callbacks.forms import DoneForm
from agent_console.callbacks.reads import messages
from agent_console.house import acting_context, house
from agent_console.refusals import explain
from agent_console.row_ids import LARGEST_ID
from agent_console.seen import seen
from agent_console.tickets.audio import played, track_of, unheard
from agent_console.tickets.waves import wave_of
from agent_console.undoing.offers import flash_undoable
from agent_console.unmasking import unmask_number
from agent_console.words import _
from hotline.callbacks import queries, service
from hotline.calls.ports import NotDialable, NoTelephone, TelephoneAway
from hotline.calls.rules import OutgoingRefused
from hotline.people.actors import NotPermitted
from hotline.tickets import privacy
from hotline.tickets.models import Ticket
from hotline.tickets.queries import with_everything
from hotline.transcripts.models import Speaker, Track
from hotline.transcripts.queries import track
from hotline.viewing.models import What
from hotline.viewing.queries import unmasked_calls

blueprint = Blueprint("callbacks", __name__, url_prefix="/callbacks")

CALLBACK = f"<int(max={LARGEST_ID}):owed_id>"
MESSAGE = f"<int(max={LARGEST_ID}):ticket_id>/<int(max={LARGEST_ID}):track_id>"
Answer = Response | tuple[str, int]


@blueprint.get("/")
@open_to(*service.ROLES)
def listed() -> str:
    """Everything that is owed, in the order of the line."""
    return _page()


@blueprint.post(f"/{CALLBACK}/call")
@open_to(*service.ROLES)
def call(owed_id: int) -> Answer:
    """Call one back at the own telephone, out of turn."""
    extension = current_user.extension
    if not extension:
        return _page(_("您没有分机，不能拨打电话。")), 409

    def deed() -> None:
        service.call_now(acting_context(), house().call_control, owed_id, extension)

    return _take(owed_id, deed, _("先响您的电话；您接起后，系统再拨市民的电话。"))


@blueprint.post(f"/{CALLBACK}/done")
@open_to(*service.ROLES)
def done(owed_id: int) -> Answer:
    """It need not be called any more."""
    form = DoneForm()
    if not form.validate_on_submit():
        return _page(_("请写明原因。")), 422

    def deed() -> None:
        at = service.mark_done(acting_context(), house().call_control, owed_id, form.reason.data or "")
        flash_undoable(_("已记录，不再回电。"), "callback", owed_id, at)

    return _take(owed_id, deed)


@blueprint.post(f"/calls/<int(max={LARGEST_ID}):call_id>/unmask")
@open_to(*service.ROLES)
def unmask(call_id: int) -> Answer:
    """The number of a call on the list in full for a while, for a reason that is kept."""
    problem = unmask_number(call_id, request.form.get("unmask_reason", ""))
    return (_page(problem), 422) if problem else redirect(url_for("callbacks.listed"))


@blueprint.get(f"/message/{MESSAGE}")
@open_to(*service.ROLES)
def message(ticket_id: int, track_id: int) -> Response:
    """The sound of a message that has become this draft."""
    with acting_context().reading() as session:
        ticket, heard = _message_to_hear(session, ticket_id, track_id)
        silent = unheard(ticket, heard)
        seen(ticket, What.SOUND)
    return played(track_id, silent)


@blueprint.get(f"/message/{MESSAGE}/waves")
@open_to(*service.ROLES)
def waves(ticket_id: int, track_id: int) -> str:
    """Its waveform, as a part of the page: of what whoever looks may hear."""
    with acting_context().reading() as session:
        drawn = wave_of(*_message_to_hear(session, ticket_id, track_id))
        return render_template("tickets/waves.html", key=f"message-{track_id}", drawn=drawn)


def _message_to_hear(session: Session, ticket_id: int, track_id: int) -> tuple[Ticket, Track]:
    """404 for what is no message of this draft, 403 where it may not be heard."""
    ticket, found = with_everything(session, ticket_id), track(session, track_id)
    if ticket is None or found is None or found.speaker is not Speaker.MESSAGE:
        abort(404)
    if not privacy.may_listen(current_user.actor, ticket):
        abort(403)
    return ticket, track_of(session, ticket, track_id)


def _take(owed_id: int, deed: Callable[[], object], words: str = "") -> Answer:
    with acting_context().reading() as session:
        if queries.by_id(session, owed_id) is None:
            abort(404)
    try:
        deed()
    except service.CallbackDialled:
        return _page(_("坐席已经接起，正在拨打这位市民：等这次拨打结束再处理。")), 409
    except service.CallbackGone:
        return _page(_("这个回电已经完成，或者正在拨打。")), 409
    except OutgoingRefused as refusal:
        return _page(explain(refusal)), 409
    except NotDialable:
        return _page(_("这个号码不能拨打。")), 409
    except NoTelephone:
        return _page(_("您的电话没有连上，不会响铃：请在另一个标签页开着接线台，或检查话机，再来回电。")), 409
    except (TelephoneAway, NotPermitted) as refusal:
        return _page(explain(refusal)), 409
    if words:
        flash(words)
    return redirect(url_for("callbacks.listed"))


def _page(problem: str = "") -> str:
    with acting_context().reading() as session:
        owed = queries.open_callbacks(session)
        return render_template(
            "callbacks/list.html",
            owed=owed,
            refused=queries.refusals(house().context, owed),
            dialling=queries.dialling(session),
            tries=queries.tries_by_callback(session, [row.id for row in owed]),
            messages=messages(session, current_user.actor),
            form=DoneForm(formdata=None),
            shown=unmasked_calls(session, current_user.actor, house().context.now()),
            problem=problem,
        )

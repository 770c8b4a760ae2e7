"""The page of a ticket and its recordings."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from agent_console import stage_words
from agent_console.access import open_to
from agent_console.findings.reads import rows_of
from agent_console.findings.views import SHOWN as FINDING_WORDS
from agent_console.house import acting_context
from agent_console.row_ids import LARGEST_ID
from agent_console.seen import seen
from agent_console.tickets.audio import as_file, played, recording_of, track_of, unheard
from agent_console.tickets.forms import TakeTrackForm, UnmaskForm
from agent_console.tickets.reads import TicketPage, page_of, ticket_to_read
from agent_console.tickets.telling import days_of, title_of
from agent_console.tickets.waves import pauses_of, waves_of
from agent_console.tickets.words import faults_of, spans_of
from agent_console.typed import typed
from agent_console.words import _
from hotline.dossiers.rules import ROLES as TAKERS
from hotline.dossiers.tracks import may_take, take
from hotline.tickets import privacy
from hotline.tickets.models import Ticket
from hotline.tickets.sight import UNMASKERS
from hotline.transcripts.models import Recording, RecordingState
from hotline.transcripts.privacy import can_be_silenced, readable, readable_earlier
from hotline.viewing import service
from hotline.viewing.models import What

blueprint = Blueprint("tickets", __name__)


@blueprint.get("/tickets/<number>")
@open_to()
def ticket(number: str) -> str:
    """Where it stands, what is next, what happened, what was said."""
    return ticket_page(number)


@blueprint.get(f"/tickets/<number>/tracks/<int(max={LARGEST_ID}):track_id>.wav")
@open_to()
def track(number: str, track_id: int) -> Response:
    """One track of a recording of this ticket; answers range requests, so that the player can jump."""
    with acting_context().reading() as session:
        found = _ticket_to_hear(session, number)
        silent = unheard(found, track_of(session, found, track_id))
        seen(found, What.SOUND)
    return played(track_id, silent)


@blueprint.get(f"/tickets/<number>/recordings/<int(max={LARGEST_ID}):recording_id>/waves")
@open_to()
def waves(number: str, recording_id: int) -> str:
    """A waveform a speaker, as a part of the page: of what whoever looks may hear, and flat elsewhere."""
    with acting_context().reading() as session:
        found = _ticket_to_hear(session, number)
        recording = recording_of(session, found, recording_id)
        return render_template(
            "tickets/waves.html", key=f"recording-{recording_id}", drawn=waves_of(found, recording)
        )


@blueprint.post("/tickets/<number>/unmask")
@open_to(*UNMASKERS)
def unmask(number: str) -> Response | tuple[str, int]:
    """Name and number in full for a while, for a reason that is kept."""
    with acting_context().reading() as session:
        ticket_id = ticket_to_read(session, number).id
    form = UnmaskForm()
    if not form.validate_on_submit():
        return ticket_page(number, form, _("有的内容填写不对，请看标红的地方。")), 422
    service.unmask(acting_context(), ticket_id, form.unmask_reason.data or "")
    return redirect(url_for("tickets.ticket", number=number))


@blueprint.post(f"/tickets/<number>/recordings/<int(max={LARGEST_ID}):recording_id>/file")
@open_to(*TAKERS)
def take_track(number: str, recording_id: int) -> Response | tuple[str, int]:
    """One track as a file, as far as whoever takes it hears it, for a reason that the history keeps."""
    with acting_context().reading() as session:
        found = _ticket_to_hear(session, number)
        form = TakeTrackForm.of(recording_of(session, found, recording_id), posted=True)
        if not may_take(current_user.actor, found):
            abort(403)
        if not form.validate_on_submit():
            return ticket_page(number, form, _("有的内容填写不对，请看标红的地方。")), 422
        taken = track_of(session, found, int(form.track.data))
        silent = unheard(found, taken)
        seen(found, What.EXPORT)
    answer = as_file(played(taken.id, silent), number, taken)
    take(acting_context(), found.id, taken.id, form.take_reason.data or "")
    return answer


def ticket_page(number: str, form: FlaskForm | None = None, problem: str = "") -> str:
    """The page; `form` and `problem` where a step was refused."""
    with acting_context().reading() as session:
        page = page_of(session, ticket_to_read(session, number), form)
        if any(map(_shows_words, page.recordings)):
            seen(page.ticket, What.WORDS)
        shown = {
            **_SHOWN,
            "finding_rows": partial(rows_of, session, on_ticket=True),
            "days": days_of(session, page),
            "stage_words": stage_words,
            "may_take": may_take(current_user.actor, page.ticket),
            "take_form": partial(_take_form, form),
        }
        kept = typed(form) if form is not None and not _is_shown(form, page) else ()
        return render_template("tickets/ticket.html", page=page, problem=problem, typed=kept, **shown)


def _is_shown(form: FlaskForm, page: TicketPage) -> bool:
    """Whether it is one of the page's forms: not if the ticket has gone on to another step meanwhile."""
    steps = (page.step, *page.other_steps) if page.step else page.other_steps
    among = (value for step in steps for value in step.values.values())
    return isinstance(form, UnmaskForm | TakeTrackForm) or any(value is form for value in among)


def _ticket_to_hear(session: Session, number: str) -> Ticket:
    found = ticket_to_read(session, number)
    if not privacy.may_listen(current_user.actor, found):
        abort(403)
    return found


def _take_form(refused: FlaskForm | None, recording: Recording) -> TakeTrackForm:
    form = TakeTrackForm.of(recording)
    return refused if isinstance(refused, TakeTrackForm) and refused.track.id == form.track.id else form


def _shows_words(recording: Recording) -> bool:
    return recording.state is RecordingState.DONE and recording.text_deleted_at is None


_SHOWN: Mapping[str, Any] = {
    "conversation": readable,
    "earlier_conversation": readable_earlier,
    "can_be_silenced": can_be_silenced,
    "spans_of": spans_of,
    "pauses_of": pauses_of,
    "faults_of": faults_of,
    "title_of": title_of,
    **FINDING_WORDS,
}

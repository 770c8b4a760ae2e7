"""The place on desk and board where words appear: filled by the page's event stream (`words.ts`)."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request
from flask_login import current_user
from sqlalchemy.orm import Session

from agent_console.access import open_to
from agent_console.house import acting_context
from agent_console.live_text.words import STATES
from agent_console.row_ids import row_id
from hotline.calls.models import Call
from hotline.live_text.queries import call_at_desk, call_supervised, segments_of
from hotline.people.actors import AT_A_SEAT, Role
from hotline.transcripts.models import Speaker
from hotline.transcripts.queries import conversation, recordings_of_contact

blueprint = Blueprint("live_text", __name__)

Answer = str | Response


@dataclass(frozen=True)
class ShownTurn:
    """A finished utterance; `start_s` is seconds since the call began."""

    key: str
    speaker: Speaker
    label: str
    start_s: float
    text: str


@blueprint.get("/desk/words")
@open_to(*AT_A_SEAT)
def at_desk() -> Answer:
    """The words of the call at one's desk; 204 if the page shows them, or no other call came since."""
    return _words(call_at_desk, ".at_desk")


@blueprint.get("/board/words")
@open_to(Role.SUPERVISOR)
def on_board() -> Answer:
    """The words of the call that the supervisor listens to; an empty place once it is over."""
    return _words(call_supervised, ".on_board", stays=False)


def _words(call_of: Callable[[Session, int], Call | None], endpoint: str, stays: bool = True) -> Answer:
    """`stays`: what is shown remains until another call's words take its place."""
    shown = request.args.get("shown", type=row_id)
    with acting_context().reading() as session:
        call = call_of(session, current_user.user_id)
        if (call.id if call else None) == shown and "shown" in request.args:
            return Response(status=204)
        if call is None and stays and shown is not None:
            return Response(status=204)
        turns = _turns(session, call) if call else []
        return render_template(
            "live_text/words.html", call=call, turns=turns, states=STATES, endpoint=endpoint
        )


def _turns(session: Session, call: Call) -> list[ShownTurn]:
    """What was understood live; once the recording's transcript is there, that."""
    if live := segments_of(session, call.id):
        return [ShownTurn(one.key, one.speaker, one.label, one.start_s, one.text) for one in live]
    return [
        ShownTurn(f"segment-{segment.id}", speaker, "", segment.start_s, segment.text)
        for recording in recordings_of_contact(session, call.contact_id)
        if recording.call_id == call.id
        for speaker, segment in conversation(recording)
    ]

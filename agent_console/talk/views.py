"""Steps in a conversation.

Every route answers with the conversation as it stands: the part of the page, or JSON where the request asks
for it (`Accept: application/json`). What a step brings about comes a moment later, by the event stream.
Refusals are 409 (not now, not yours), 422 (wrong input) or 503 (the telephone is away).
"""

from collections.abc import Callable

from flask import Blueprint, Response, jsonify, render_template, request
from flask_login import current_user

from agent_console.access import open_to
from agent_console.house import acting_context, house
from agent_console.programs import wants_json
from agent_console.row_ids import LARGEST_ID, row_id
from agent_console.talk import reads
from agent_console.talk.words import (
    PARTY_ENDS,
    PARTY_KINDS,
    PARTY_STATES,
    PHASES,
    REFUSAL_WORDS,
    refusal_words,
)
from agent_console.words import _
from hotline.calls.ports import CallControl, NotDialable, TelephoneAway
from hotline.context import Context
from hotline.conversations import service
from hotline.conversations.emergency import call_emergency
from hotline.conversations.queries import asked_in
from hotline.conversations.rules import Refusal, TalkRefused
from hotline.conversations.targets import listed_targets
from hotline.people.actors import AT_A_SEAT

blueprint = Blueprint("talk", __name__, url_prefix="/talk")

CALL = f"<int(max={LARGEST_ID}):call_id>"
_WRONG_INPUT = (
    Refusal.BAD_KEYS,
    Refusal.UNKNOWN_TARGET,
    Refusal.YOURSELF,
    Refusal.NOT_ALLOWED,
    Refusal.NOT_A_NUMBER,
)

Answer = str | Response | tuple[str | Response, int]


@blueprint.get("/conversation")
@open_to(*AT_A_SEAT)
def conversation() -> Answer:
    """The conversation of whoever asks; an empty part (JSON: null) when there is none."""
    return _answer()


@blueprint.get("/targets")
@open_to(*AT_A_SEAT)
def targets() -> Response:
    """Whom one can ring now, as JSON: `target` is what the steps take, `free` whether they can be rung."""
    context = acting_context()
    with context.reading() as session:
        return jsonify([vars(entry) for entry in listed_targets(session, context)])


@blueprint.post(f"/{CALL}/hold")
@open_to(*AT_A_SEAT)
def hold(call_id: int) -> Answer:
    """The caller hears music."""
    return _step(lambda context, control: service.hold(context, control, call_id))


@blueprint.post(f"/{CALL}/resume")
@open_to(*AT_A_SEAT)
def resume(call_id: int) -> Answer:
    """Back to the caller, from hold, from consulting, and from a transfer that rings."""
    return _step(lambda context, control: service.resume(context, control, call_id))


@blueprint.post(f"/{CALL}/mute")
@open_to(*AT_A_SEAT)
def mute(call_id: int) -> Answer:
    """`muted` is yes or no."""
    muted = request.form.get("muted", "yes") != "no"
    return _step(lambda context, control: service.mute(context, control, call_id, muted))


@blueprint.post(f"/{CALL}/keys")
@open_to(*AT_A_SEAT)
def keys(call_id: int) -> Answer:
    """`keys` towards the party with the id `party`, else towards whoever came last."""
    pressed, party_id = request.form.get("keys", ""), request.form.get("party", type=row_id)
    return _step(lambda context, control: service.press_keys(context, control, call_id, pressed, party_id))


@blueprint.post(f"/{CALL}/recording")
@open_to(*AT_A_SEAT)
def recording(call_id: int) -> Answer:
    """`paused` is yes or no."""
    paused = request.form.get("paused", "yes") != "no"
    return _step(lambda context, control: service.pause_recording(context, control, call_id, paused))


@blueprint.post(f"/{CALL}/consult")
@open_to(*AT_A_SEAT)
def consult(call_id: int) -> Answer:
    """Speak with `target` alone; the caller hears music."""
    return _step(lambda context, control: service.consult(context, control, call_id, _target()))


@blueprint.post(f"/{CALL}/add")
@open_to(*AT_A_SEAT)
def add(call_id: int) -> Answer:
    """Ring `target` into the conversation: three-way, and up to six."""
    return _step(lambda context, control: service.add(context, control, call_id, _target()))


@blueprint.post(f"/{CALL}/transfer")
@open_to(*AT_A_SEAT)
def transfer(call_id: int) -> Answer:
    """The caller goes to `target`, or back to the agent if nobody answers there."""
    return _step(lambda context, control: service.transfer(context, control, call_id, _target()))


@blueprint.post(f"/{CALL}/emergency")
@open_to(*AT_A_SEAT)
def emergency(call_id: int) -> Answer:
    """Ring `service` (110, 119, 120 or 122) into the conversation, with what the ticket says."""
    wanted = request.form.get("service", "")
    return _step(lambda context, control: call_emergency(context, control, call_id, wanted))


@blueprint.post(f"/{CALL}/join")
@open_to(*AT_A_SEAT)
def join(call_id: int) -> Answer:
    """After consulting: all together."""
    return _step(lambda context, control: service.join(context, control, call_id))


@blueprint.post(f"/{CALL}/hand-over")
@open_to(*AT_A_SEAT)
def hand_over(call_id: int) -> Answer:
    """After consulting: the caller talks with the third party, the agent is free."""
    return _step(lambda context, control: service.hand_over(context, control, call_id))


@blueprint.post(f"/{CALL}/leave")
@open_to(*AT_A_SEAT)
def leave(call_id: int) -> Answer:
    """The agent leaves the others together."""
    return _step(lambda context, control: service.leave(context, control, call_id))


@blueprint.post(f"/{CALL}/parties/<int(max={LARGEST_ID}):party_id>/remove")
@open_to(*AT_A_SEAT)
def remove(call_id: int, party_id: int) -> Answer:
    """Take a third party out of the conversation, or stop ringing it."""
    return _step(lambda context, control: service.remove(context, control, call_id, party_id))


def _target() -> str:
    return request.form.get("target", "")


def _step(act: Callable[[Context, CallControl], object]) -> Answer:
    try:
        act(acting_context(), house().call_control)
    except TalkRefused as refused:
        status = 422 if refused.refusal in _WRONG_INPUT else 409
        return _answer(refused.refusal, refusal_words(refused.refusal), status)
    except NotDialable:
        return _answer("not_dialable", _("不能拨打这个号码。"), 422)
    except TelephoneAway:
        return _answer("telephone_away", _("电话系统暂时没有应答，什么都没有改变。请稍后再试。"), 503)
    return _answer()


def _answer(error: str = "", problem: str = "", status: int = 200) -> Answer:
    context = acting_context()
    with context.reading() as session:
        found = reads.conversation_of(session, context, current_user.user_id)
        if wants_json():
            told = found.as_json() if found else None
            return jsonify(
                {"error": error, "message": problem, "conversation": told} if error else told
            ), status
        part = render_template(
            "talk/conversation.html",
            talk=found,
            asked_in=None if found else asked_in(session, current_user.user_id),
            problem=problem,
            targets=listed_targets(session, context) if found else [],
            words={
                "kinds": PARTY_KINDS,
                "states": PARTY_STATES,
                "ends": PARTY_ENDS,
                "phases": PHASES,
                "refusals": REFUSAL_WORDS,
            },
            label_of=reads.label_of,
        )
        return part, status

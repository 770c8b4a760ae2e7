"""Sign-in of a headset, its line, and what its keys do. Everything is JSON.

A refusal is `{"refused": <word>}`; the headset has the sentence for each word in the agent's language.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, request
from flask_login import current_user

from agent_console.access import open_to, open_to_all
from agent_console.headset.tokens import token_for
from agent_console.house import acting_context, house
from agent_console.labels import SEAT_STATES
from agent_console.seat_words import seat_words
from agent_console.security import phone_websocket
from agent_console.words import _
from hotline.calls import seats
from hotline.calls.models import SeatState
from hotline.calls.ports import HeadsetLine, NoHeadsetCall, NoTelephone, TelephoneAway
from hotline.calls.queries import seat_of
from hotline.people.actors import AT_A_SEAT, NotPermitted
from hotline.people.duties import duty_of
from hotline.people.queries import user_by_id
from hotline.people.second_factor import prove
from hotline.people.service import AccountLocked, CodeNeeded, LoginRefused, PasswordsOff, log_in
from hotline.prompts.models import Voice
from hotline.prompts.ports import PromptRefused, StudioAway
from hotline.prompts.queries import words_of
from hotline.prompts.service import MANAGERS, NoSuchPrompt, keep_recording
from hotline.prompts.texts import LANGUAGES

blueprint = Blueprint("headset", __name__, url_prefix="/headset")

Answer = Response | tuple[Response, int]


@blueprint.post("/sign-in")
@open_to_all
def sign_in() -> Answer:
    """User name and password, with the code of a second factor, for a token: for agents and supervisors who
    have a seat, and for whoever may record prompts."""
    given: Any = request.get_json(silent=True)
    if not isinstance(given, dict):
        return _refused("malformed", 400)
    try:
        user_id = _proven(given)
    except CodeNeeded:
        return _refused("code_needed", 401)
    except AccountLocked:
        return _refused("locked", 401)
    except PasswordsOff:
        return _refused("passwords_off", 403)
    except LoginRefused:
        return _refused("wrong_password", 401)
    with house().context.reading() as session:
        user = user_by_id(session, user_id)
        records = user is not None and not user.role_set.isdisjoint(MANAGERS)
        talks = user is not None and not user.role_set.isdisjoint(AT_A_SEAT)
        if user is None or not (records or talks):
            return _refused("not_an_agent", 403)
        if not (records or user.extension):
            return _refused("no_seat", 403)
        if duty := duty_of(user, house().context.settings):
            return _refused(duty.value, 403)
        extension = user.extension if talks else None
        facts = {"name": user.display_name, "extension": extension, "language": user.language}
    return jsonify(token=token_for(user_id), **facts)


def _proven(given: Any) -> int:
    context, code = house().context, str(given.get("code", ""))
    try:
        return log_in(context, str(given.get("username", "")), str(given.get("password", "")))
    except CodeNeeded as needed:
        if not code:
            raise
        prove(context, needed.user_id, code)
        return needed.user_id


@blueprint.post("/line")
@open_to(*AT_A_SEAT)
def open_line() -> Answer:
    """A line in place of any other of the seat; `media` is where its audio is fetched."""
    if not current_user.extension:
        return _refused("no_seat", 403)
    try:
        line = house().call_control.open_line(current_user.extension)
    except TelephoneAway:
        return _refused("telephone_away", 503)
    return jsonify(media=_media(line))


@blueprint.post("/line/close")
@open_to(*AT_A_SEAT)
def close_line() -> Answer:
    """The headset is switched off."""
    return _ordered(house().call_control.close_line)


@blueprint.post("/call/<step>")
@open_to(*AT_A_SEAT)
def call(step: str) -> Answer:
    """`rings`, `answer` or `hang-up`."""
    control = house().call_control
    steps = {
        "rings": control.headset_rings,
        "answer": control.headset_answers,
        "hang-up": control.headset_hangs_up,
    }
    return _ordered(steps[step]) if step in steps else _refused("unknown", 404)


@blueprint.post("/seat")
@open_to(*AT_A_SEAT)
def standing() -> Answer:
    """What the seat does, in `words` of the agent's language, and for how many `seconds` so far."""
    context = acting_context()
    with context.reading() as session:
        seat = seat_of(session, current_user.user_id)
        if seat is None:
            return jsonify(words=str(SEAT_STATES[SeatState.OFFLINE]), seconds=0)
        since = (context.now() - seat.since_at).total_seconds()
        words = seat_words(seat) if seat.registered else _("电话没有连上")
    return jsonify(words=words, seconds=max(0, round(since)))


@blueprint.post("/seat/<state>")
@open_to(*AT_A_SEAT)
def seat(state: str) -> Answer:
    """`ready`, `pause` or `off`, as the buttons of the desk do it."""
    context, control = acting_context(), house().call_control
    states: dict[str, Callable[[str], None]] = {
        "ready": lambda extension: seats.sign_on(context, control, extension),
        "pause": lambda extension: seats.pause(context, control, extension, "headset"),
        "off": lambda extension: seats.sign_off(context, control, extension),
    }
    return _ordered(states[state]) if state in states else _refused("unknown", 404)


@blueprint.post("/prompts/<language>/<name>")
@open_to(*MANAGERS)
def prompt(language: str, name: str) -> Answer:
    """What is to be read."""
    with acting_context().reading() as session:
        words = words_of(session, language, name) if language in LANGUAGES else None
    return jsonify(text=words) if words is not None else _refused("unknown_prompt", 404)


@blueprint.post("/prompts/<language>/<name>/recording")
@open_to(*MANAGERS)
def record(language: str, name: str) -> Answer:
    """A recording, as any file of sound, in the place of a prompt."""
    try:
        keep_recording(acting_context(), house().studio, language, name, request.get_data(), Voice.HEADSET)
    except NoSuchPrompt:
        return _refused("unknown_prompt", 404)
    except PromptRefused as refused:
        return _refused(refused.fault, 422)
    except StudioAway:
        return _refused("no_studio", 503)
    return jsonify(done=True)


def _media(line: HeadsetLine) -> str:
    """Beside the browser phone's socket: `/media/...`, behind TLS with several PBXs `/media/<name>/...`."""
    socket = urlsplit(phone_websocket(line.pbx))
    name = socket.path.removeprefix("/ws")
    return socket._replace(path=f"/media{name}/{line.connection}").geturl()


def _ordered(order: Callable[[str], None]) -> Answer:
    if not current_user.extension:
        return _refused("no_seat", 403)
    try:
        order(current_user.extension)
    except NotPermitted:  # a supervisor takes no calls of the queue
        return _refused("not_an_agent", 403)
    except TelephoneAway:
        return _refused("telephone_away", 503)
    except NoHeadsetCall:
        return _refused("no_call", 409)
    except NoTelephone:
        return _refused("no_telephone", 409)
    return jsonify(done=True)


def _refused(word: str, status: int) -> Answer:
    return jsonify(refused=word), status

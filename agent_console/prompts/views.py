"""The list of prompts, and one prompt: hear it, upload a recording, change its words, go back."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse

from agent_console.access import open_to
from agent_console.house import acting_context, house
from agent_console.prompts import words
from agent_console.row_ids import LARGEST_ID
from hotline.prompts import queries, service
from hotline.prompts.models import Voice
from hotline.prompts.ports import PromptRefused, StudioAway
from hotline.prompts.texts import LANGUAGES

blueprint = Blueprint("prompts", __name__, url_prefix="/prompts")

LARGEST_UPLOAD = 31 * 1024 * 1024
_UPLOAD = "prompts.upload"
_VERSION = f"<int(max={LARGEST_ID}):version_id>"
Answer = BaseResponse | tuple[str, int]


@blueprint.url_value_preprocessor
def _allow_recordings(endpoint: str | None, values: dict[str, object] | None) -> None:
    """A minute of sound in a studio's quality is larger than any form; this runs before the form is read."""
    if endpoint == _UPLOAD:
        request.max_content_length = LARGEST_UPLOAD
    language = (values or {}).get("language")
    if language is not None and language not in LANGUAGES:
        abort(404)


@blueprint.get("/")
@open_to(*service.MANAGERS)
def start() -> str:
    """The list in Chinese."""
    return _list(LANGUAGES[0])


@blueprint.get("/<language>/")
@open_to(*service.MANAGERS)
def listed(language: str) -> str:
    """Every prompt of a language."""
    return _list(language)


@blueprint.post("/")
@open_to(*service.MANAGERS)
def add() -> Answer:
    """A prompt of the city's own."""
    given = request.form
    texts = {language: given.get(f"text-{language}", "") for language in LANGUAGES}
    try:
        service.add(acting_context(), given.get("name", ""), texts)
    except service.BadPrompt as bad:
        return _list(LANGUAGES[0], str(words.BAD[str(bad)]), given), 422
    flash(str(words.CHANGED))
    return redirect(url_for("prompts.one", language=LANGUAGES[0], name=given["name"]))


@blueprint.get("/<language>/<name>")
@open_to(*service.MANAGERS)
def one(language: str, name: str) -> str:
    """One prompt with everything that it was."""
    return _page(language, name)


@blueprint.get("/<language>/<name>.wav")
@open_to(*service.MANAGERS)
def heard(language: str, name: str) -> Response:
    """What callers hear just now."""
    return _sound(house().studio.as_played(language, name))


@blueprint.get(f"/versions/{_VERSION}.wav")
@open_to(*service.MANAGERS)
def version_sound(version_id: int) -> Response:
    """An earlier recording."""
    with acting_context().reading() as session:
        return _sound(queries.sound_of(session, version_id))


@blueprint.post("/<language>/<name>/recording")
@open_to(*service.MANAGERS)
def upload(language: str, name: str) -> Answer:
    """A recording in the place of the prompt."""
    if not FlaskForm().validate_on_submit():
        return _page(language, name, str(words.EXPIRED)), 422
    file = request.files.get("recording")
    if file is None or not file.filename:
        return _page(language, name, str(words.NOTHING_CHOSEN)), 422
    recording = file.read()
    file.close()
    try:
        service.keep_recording(acting_context(), house().studio, language, name, recording, Voice.UPLOADED)
    except PromptRefused as refused:
        return _page(language, name, str(words.FAULTS[refused.fault])), 422
    except StudioAway:
        return _page(language, name, str(words.NO_STUDIO)), 503
    except service.NoSuchPrompt:
        abort(404)
    return _changed(language, name)


@blueprint.post("/<language>/<name>/words")
@open_to(*service.MANAGERS)
def reword(language: str, name: str) -> Answer:
    """Other words for the machine to speak."""
    try:
        service.reword(acting_context(), language, name, request.form.get("text", ""))
    except service.BadPrompt as bad:
        return _page(language, name, str(words.BAD[str(bad)])), 422
    except service.NoSuchPrompt:
        abort(404)
    return _changed(language, name)


@blueprint.post("/<language>/<name>/spoken")
@open_to(*service.MANAGERS)
def back_to_spoken(language: str, name: str) -> Answer:
    """The machine's voice again."""
    try:
        service.back_to_spoken(acting_context(), language, name)
    except service.NoSuchPrompt:
        abort(404)
    return _changed(language, name)


@blueprint.post(f"/<language>/<name>/versions/{_VERSION}")
@open_to(*service.MANAGERS)
def use_version(language: str, name: str, version_id: int) -> Answer:
    """An earlier version again."""
    with acting_context().reading() as session:
        if version_id not in {version.id for version in queries.versions_of(session, language, name)}:
            abort(404)
    service.use_version(acting_context(), version_id)
    return _changed(language, name)


def _list(language: str, problem: str = "", given: object = None) -> str:
    with acting_context().reading() as session:
        return render_template(
            "prompts/list.html",
            prompts=queries.prompts(session, language),
            spoken_in=language,
            languages=LANGUAGES,
            voices=words.VOICES,
            problem=problem,
            given=given or {},
        )


def _page(language: str, name: str, problem: str = "") -> str:
    with acting_context().reading() as session:
        prompt = queries.prompt(session, language, name)
        if prompt is None:
            abort(404)
        return render_template(
            "prompts/one.html",
            prompt=prompt,
            versions=queries.versions_of(session, language, name),
            spoken_in=language,
            languages=LANGUAGES,
            voices=words.VOICES,
            problem=problem,
        )


def _changed(language: str, name: str) -> BaseResponse:
    flash(str(words.CHANGED))
    return redirect(url_for("prompts.one", language=language, name=name))


def _sound(sound: bytes | None) -> Response:
    if sound is None:
        abort(404)
    return Response(sound, mimetype="audio/wav")

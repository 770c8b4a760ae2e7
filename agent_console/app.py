"""Builds the console's Flask application from the house's context and the telephone's call control."""

from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from agent_console import (
    access,
    account,
    after,
    appeals,
    board,
    call_plan,
    callbacks,
    campaigns,
    citizens,
    compression,
    coordination,
    deadlines,
    desk,
    directory,
    dispatch,
    dossiers,
    errors,
    evidence,
    extensions,
    filters,
    findings,
    follow_up,
    gazetteer,
    harassment,
    headset,
    help_pages,
    imports,
    incidents,
    inspections,
    intake,
    joint,
    knowledge,
    language,
    lines,
    live,
    live_text,
    merging,
    monitoring,
    people,
    presence,
    prompts,
    questions,
    queueing,
    rechecks,
    referrals,
    replies,
    retention,
    returns,
    review,
    roster,
    routing,
    screening,
    sealing,
    search,
    security,
    seen,
    setup,
    single_sign_on,
    staff,
    staffing,
    supervision,
    suspension,
    talk,
    templating,
    tickets,
    today,
    together,
    undoing,
    viewing,
    welcome,
)
from agent_console.evidence import limits
from agent_console.headset import tokens
from agent_console.house import House
from hotline.calls.ports import CallControl
from hotline.checking import Checks, no_checks
from hotline.context import Context
from hotline.prompts.ports import NO_STUDIO, PromptStudio
from hotline.transcripts.ports import NO_AUDIO, TrackAudio

BLUEPRINTS = (
    people.blueprint,
    single_sign_on.blueprint,
    account.blueprint,
    staff.blueprint,
    citizens.blueprint,
    citizens.writing,
    citizens.policies,
    citizens.services,
    live.blueprint,
    live_text.blueprint,
    board.blueprint,
    callbacks.blueprint,
    queueing.blueprint,
    prompts.blueprint,
    call_plan.blueprint,
    lines.blueprint,
    roster.blueprint,
    staffing.blueprint,
    desk.blueprint,
    intake.blueprint,
    imports.blueprint,
    tickets.blueprint,
    presence.blueprint,
    filters.blueprint,
    together.blueprint,
    search.blueprint,
    retention.blueprint,
    dossiers.blueprint,
    screening.blueprint,
    screening.refusals,
    screening.answers,
    screening.splits,
    sealing.blueprint,
    referrals.blueprint,
    coordination.blueprint,
    merging.blueprint,
    appeals.blueprint,
    incidents.blueprint,
    dispatch.blueprint,
    routing.blueprint,
    returns.blueprint,
    extensions.blueprint,
    supervision.blueprint,
    inspections.blueprint,
    joint.blueprint,
    campaigns.blueprint,
    suspension.blueprint,
    questions.blueprint,
    replies.blueprint,
    rechecks.blueprint,
    evidence.blueprint,
    review.blueprint,
    follow_up.blueprint,
    findings.blueprint,
    harassment.blueprint,
    headset.blueprint,
    talk.blueprint,
    talk.relays,
    directory.blueprint,
    knowledge.blueprint,
    gazetteer.blueprint,
    deadlines.blueprint,
    after.blueprint,
    monitoring.blueprint,
    viewing.blueprint,
    welcome.blueprint,
    setup.blueprint,
    help_pages.blueprint,
    today.blueprint,
    undoing.blueprint,
)

COOKIE_LASTS = timedelta(days=8)
"""Longer than any sign-in, whose end stands in the database."""
LARGEST_REQUEST = 1024 * 1024


def create_app(
    context: Context,
    call_control: CallControl,
    studio: PromptStudio = NO_STUDIO,
    audio: TrackAudio = NO_AUDIO,
    checks: Checks = no_checks,
) -> Flask:
    """The console as a WSGI application.

    `context` acts as the system; each request acts as the person who is signed in. Serve it with threads
    (gunicorn's gthread): every open page keeps one event stream, and so one thread.
    """
    app = rooms()
    if context.settings.public_url:  # the administrator named the proxy in front: believe what it says
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    House.of(context, call_control, studio, audio, checks).attach(app)
    return app


def rooms() -> Flask:
    """Every page and guard of the console, which still waits for its house (`House.attach`)."""
    app = Flask(__name__, root_path=str(Path(__file__).parent))
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        PERMANENT_SESSION_LIFETIME=COOKIE_LASTS,
        # Parts of a page are fetched all the time, with the session as it was when they were asked for: sent
        # back with each, it would now and then take a message away that another answer has only just put in.
        SESSION_REFRESH_EACH_REQUEST=False,
        SESSION_COOKIE_NAME="minsheng",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a desk stays open for a whole shift
    )
    limits.install(app)
    CSRFProtect(app)
    access.install(app)
    language.install(app)
    security.install(app)
    templating.install(app)
    seen.install(app)
    errors.install(app)
    compression.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    tokens.install(app)
    return app

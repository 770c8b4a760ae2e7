"""What the composition root hands to the console, and how a view gets at it."""

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app
from flask_login import current_user

from agent_console.event_feed import EventFeed
from agent_console.live_feed import Follower
from agent_console.view_log import ViewLog
from hotline.calls.ports import CallControl
from hotline.checking import Checks, no_checks
from hotline.context import Context
from hotline.prompts.ports import PromptStudio
from hotline.suggestions.queries import Librarian
from hotline.transcripts.ports import TrackAudio

_KEY = "minsheng-house"


@dataclass(frozen=True)
class House:
    """What one process has: core, telephone, feeds, the studio of prompts, recordings, suggestions, what
    it has yet to write of who saw what, and how the machine is looked over."""

    context: Context
    call_control: CallControl
    feed: EventFeed
    studio: PromptStudio
    audio: TrackAudio
    follower: Follower
    librarian: Librarian
    views: ViewLog
    checks: Checks

    @classmethod
    def of(
        cls,
        context: Context,
        calls: CallControl,
        studio: PromptStudio,
        audio: TrackAudio,
        checks: Checks = no_checks,
    ) -> "House":
        """The house around a context. Nothing is read or opened before it is needed."""
        feed, follower = EventFeed(context.database), Follower(context.settings)
        librarian, views = Librarian(context), ViewLog(context)
        return cls(context, calls, feed, studio, audio, follower, librarian, views, checks)

    def attach(self, app: Flask) -> None:
        """Make this the house of the application, which takes its settings from here."""
        settings = self.context.settings
        app.config["SECRET_KEY"] = settings.secrets.flask
        app.config["SESSION_COOKIE_SECURE"] = settings.console_url.startswith("https:")
        app.extensions[_KEY] = self


def house() -> House:
    """The house of the running application."""
    return cast(House, current_app.extensions[_KEY])


def acting_context() -> Context:
    """The core's context, acting as whoever is signed in. Only for views that need a sign-in."""
    return house().context.acting_as(current_user.actor)

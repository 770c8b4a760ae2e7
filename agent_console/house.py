"""What the composition root hands to the console, and how a view gets at it."""

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app
from flask_login import current_user

from agent_console.event_feed import EventFeed
from agent_console.live_feed import Follower
from hotline.calls.ports import CallControl
from hotline.context import Context
from hotline.prompts.ports import PromptStudio
from hotline.transcripts.ports import TrackAudio

_KEY = "minsheng-house"


@dataclass(frozen=True)
class House:
    """The core, the telephone, event feed, prompts' studio, recordings and live feed of one process."""

    context: Context
    call_control: CallControl
    feed: EventFeed
    studio: PromptStudio
    audio: TrackAudio
    follower: Follower

    def attach(self, app: Flask) -> None:
        """Make this the house of the application."""
        app.extensions[_KEY] = self


def house() -> House:
    """The house of the running application."""
    return cast(House, current_app.extensions[_KEY])


def acting_context() -> Context:
    """The core's context, acting as whoever is signed in. Only for views that need a sign-in."""
    return house().context.acting_as(current_user.actor)

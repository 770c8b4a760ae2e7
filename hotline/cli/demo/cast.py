"""The people of the story at their telephones, and as actors of the core."""

import threading
from dataclasses import dataclass, field

from hotline.cli.demo.sound import Voices
from hotline.context import Context
from hotline.people.queries import user_by_name
from ivr.network import Line

PATIENCE = 90.0  # seconds that somebody waits for the other one


@dataclass
class Conversation:
    """Who has said what so far; the two scripts wait for one another by it."""

    voices: Voices
    agent_greeted: threading.Event = field(default_factory=threading.Event)
    citizen_speaks: threading.Event = field(default_factory=threading.Event)
    citizen_spoke: threading.Event = field(default_factory=threading.Event)

    def citizen(self, line: Line) -> None:
        """Waits for a person, says what the matter is, and lets the agent end the call."""
        line.answer()
        line.wait_until(self.agent_greeted.is_set, PATIENCE)
        self.citizen_speaks.set()
        line.say(self.voices.complaint)
        self.citizen_spoke.set()
        line.listen_to_the_end(PATIENCE)

    def agent(self, line: Line) -> None:
        """Picks up, asks, listens, says that it is registered, and hangs up."""
        line.ring(0.5)
        line.answer()
        line.say(self.voices.greeting)
        self.agent_greeted.set()
        line.wait_until(self.citizen_spoke.is_set, PATIENCE)
        line.say(self.voices.farewell)
        line.hang_up()


def acting(context: Context, username: str) -> Context:
    """The context with this user of the demo city acting."""
    with context.reading() as session:
        user = user_by_name(session, username)
        if user is None:
            raise LookupError(f"the demo city has no {username}")
        return context.acting_as(user.actor())

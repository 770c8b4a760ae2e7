"""What an agent does while people talk: hold, consult, transfer, three-way; for pages and for programs."""

from agent_console.talk.relays import blueprint as relays
from agent_console.talk.views import blueprint

__all__ = ["blueprint", "relays"]

"""Who else has a ticket open, and what became of it meanwhile.

People are where the event streams of their pages say that they are (`staying`).
"""

from agent_console.presence.views import blueprint

__all__ = ["blueprint"]

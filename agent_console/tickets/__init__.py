"""The page of one ticket: where it stands, what is next, what happened, what was said."""

from agent_console.tickets.views import blueprint

__all__ = ["blueprint"]

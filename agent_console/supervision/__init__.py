"""Supervision: the ladder's list, and what is decided, answered and closed on a ticket's page."""

from agent_console.supervision import instructing, printing, steps, suggestions
from agent_console.supervision.views import blueprint

__all__ = ["blueprint", "instructing", "printing", "steps", "suggestions"]

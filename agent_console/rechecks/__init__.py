"""Days on which a department looks again: set, and what was found, on the ticket's page."""

from agent_console.rechecks import steps
from agent_console.rechecks.views import blueprint

__all__ = ["blueprint", "steps"]

"""The coordinated and the high-level track (协调办, 高位办): list, and their part of a ticket's page."""

from agent_console.coordination import steps
from agent_console.coordination.views import blueprint

__all__ = ["blueprint", "steps"]

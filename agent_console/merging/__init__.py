"""Merging: candidates for the screener, families on the ticket's page, what a supervisor decides."""

from agent_console.merging import steps
from agent_console.merging.views import blueprint

__all__ = ["blueprint", "steps"]

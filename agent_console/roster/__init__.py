"""The roster: a week as a grid, its gaps, and one's own shifts."""

from agent_console.roster import sheets
from agent_console.roster.views import blueprint

__all__ = ["blueprint", "sheets"]

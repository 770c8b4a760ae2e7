"""Returns of tickets: the department asks, the hotline decides, a dispute ends with a designated lead."""

from agent_console.returns import steps
from agent_console.returns.views import blueprint

__all__ = ["blueprint", "steps"]

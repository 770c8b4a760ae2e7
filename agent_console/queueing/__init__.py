"""Skills: the lines of their own, and who can serve them."""

from agent_console.queueing.views import blueprint

__all__ = ["blueprint"]

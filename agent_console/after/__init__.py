"""After the talk: how the agent says that it went, and what a finished call's legs did."""

from agent_console.after.views import blueprint

__all__ = ["blueprint"]

"""The department's work on a ticket."""

from agent_console.replies.views import blueprint

__all__ = ["blueprint"]

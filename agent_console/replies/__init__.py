"""The department's work on a ticket, and the hotline's review of its reply."""

from agent_console.replies.views import blueprint

__all__ = ["blueprint"]

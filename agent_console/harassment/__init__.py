"""The list of harassing callers, and the alarms of the line."""

from agent_console.harassment.views import blueprint

__all__ = ["blueprint"]

"""The deadline calculator."""

from agent_console.deadlines.views import blueprint

__all__ = ["blueprint"]

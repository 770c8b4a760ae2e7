"""Group signals, and incidents: opened, changed, told to callers, closed."""

from agent_console.incidents.views import blueprint

__all__ = ["blueprint"]

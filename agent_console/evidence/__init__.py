"""Files of departments: attach, withdraw, download."""

from agent_console.evidence import steps
from agent_console.evidence.views import blueprint

__all__ = ["blueprint", "steps"]

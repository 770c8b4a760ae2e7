"""What citizens ask the hotline to decide: written down, checked with them, decided by a supervisor."""

from agent_console.appeals import steps
from agent_console.appeals.views import blueprint

__all__ = ["blueprint", "steps"]

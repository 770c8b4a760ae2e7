"""The deadline calculator, and the city's own limits."""

from agent_console.deadlines import limits
from agent_console.deadlines.views import blueprint

__all__ = ["blueprint", "limits"]

"""The agent's desk: the browser phone and the draft of the ticket."""

from agent_console.desk import incidents, panels, reminding, steps, suggestions
from agent_console.desk.views import blueprint

__all__ = ["blueprint", "incidents", "panels", "reminding", "steps", "suggestions"]

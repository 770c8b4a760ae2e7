"""The agent's desk: the browser phone and the draft of the ticket."""

from agent_console.desk import panels, reminding, suggestions
from agent_console.desk.views import blueprint

__all__ = ["blueprint", "panels", "reminding", "suggestions"]

"""Joint supervision (媒体联合督办): the page of the parties, and the way to one from the ticket's page."""

from agent_console.joint import steps
from agent_console.joint.views import blueprint

__all__ = ["blueprint", "steps"]

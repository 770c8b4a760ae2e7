"""The citizens' pages: no sign-in, no script."""

from agent_console.citizens import deeds, scanning  # noqa: F401 - their views
from agent_console.citizens.policies import blueprint as policies
from agent_console.citizens.services import blueprint as services
from agent_console.citizens.views import blueprint
from agent_console.citizens.writing import blueprint as writing

__all__ = ["blueprint", "policies", "services", "writing"]

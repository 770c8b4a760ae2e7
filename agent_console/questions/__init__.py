"""A department asks the citizen; an agent writes the answer down."""

from agent_console.questions import steps
from agent_console.questions.views import blueprint

__all__ = ["blueprint", "steps"]

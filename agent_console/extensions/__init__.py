"""Extensions: the department asks for more time, the hotline decides."""

from agent_console.extensions import steps
from agent_console.extensions.views import blueprint

__all__ = ["blueprint", "steps"]

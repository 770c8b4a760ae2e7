"""The citizens' pages: no sign-in, no script."""

from agent_console.citizens import deeds  # noqa: F401 - its views
from agent_console.citizens.views import blueprint
from agent_console.citizens.writing import blueprint as writing

__all__ = ["blueprint", "writing"]

"""The citizens' pages: no sign-in, no script."""

from agent_console.citizens.views import blueprint

__all__ = ["blueprint"]

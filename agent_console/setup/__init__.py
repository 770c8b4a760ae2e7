"""Guided first steps for the administrator: what is set up, what is not, and where it is mended."""

from agent_console.setup.views import blueprint

__all__ = ["blueprint"]

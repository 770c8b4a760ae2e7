"""Asking the citizen afterwards: by the telephone's keys or by a person."""

from agent_console.follow_up import steps
from agent_console.follow_up.views import blueprint

__all__ = ["blueprint", "steps"]

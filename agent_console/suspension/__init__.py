"""Suspension: the department asks to put a matter on record, the hotline's supervisor decides."""

from agent_console.suspension import steps
from agent_console.suspension.views import blueprint

__all__ = ["blueprint", "steps"]

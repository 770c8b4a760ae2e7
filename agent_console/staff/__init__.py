"""Administrators' pages: users and departments."""

from agent_console.staff import departments
from agent_console.staff.views import blueprint

__all__ = ["blueprint", "departments"]

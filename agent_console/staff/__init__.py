"""Administrators' pages: users and departments, and users from a sheet."""

from agent_console.staff import departments, importing
from agent_console.staff.views import blueprint

__all__ = ["blueprint", "departments", "importing"]

"""Inspections on the spot (明查暗访): recorded, told to the department, corrected, closed."""

from agent_console.inspections.views import blueprint

__all__ = ["blueprint"]

"""Narrowing a work list by what its address says, and saving such a filter under a name."""

from agent_console.filters.views import blueprint

__all__ = ["blueprint"]

"""Screening: is it ours, how urgent, and on to dispatch."""

from agent_console.screening.views import blueprint

__all__ = ["blueprint"]

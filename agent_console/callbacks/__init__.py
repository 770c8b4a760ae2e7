"""Owed callbacks and messages: what agents work off when the line is quiet."""

from agent_console.callbacks.views import blueprint

__all__ = ["blueprint"]

"""Undo: a deed that does no harm is taken back from the message that tells of it."""

from agent_console.undoing.views import blueprint

__all__ = ["blueprint"]

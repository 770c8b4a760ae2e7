"""Dispatch: which department leads, which assist, and until when."""

from agent_console.dispatch.views import blueprint

__all__ = ["blueprint"]

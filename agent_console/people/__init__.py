"""Signing in and out, and the language switch."""

from agent_console.people.views import blueprint

__all__ = ["blueprint"]

"""What callers hear: listening to it, replacing it."""

from agent_console.prompts.views import blueprint

__all__ = ["blueprint"]

"""The lines that were merged into the hotline: their use, and leaders on the line."""

from agent_console.lines.views import blueprint

__all__ = ["blueprint"]

"""Help: a short page for each feature: what it is for, what to do first, which keys."""

from agent_console.help_pages.views import blueprint

__all__ = ["blueprint"]

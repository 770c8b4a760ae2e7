"""The home page of those for whom no list is made yet: what they find here, and whom to ask."""

from agent_console.welcome.views import blueprint

__all__ = ["blueprint"]

"""The words of a call on the page of its agent, and of a supervisor who listens, while they are said."""

from agent_console.live_text.views import blueprint

__all__ = ["blueprint"]

"""What else waits for whoever has come in: one line on the page that they begin at."""

from agent_console.today.views import blueprint

__all__ = ["blueprint"]

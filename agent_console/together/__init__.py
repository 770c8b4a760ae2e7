"""One step for several tickets of a list: what it will do is shown first, then each is done by itself."""

from agent_console.together.views import blueprint

__all__ = ["blueprint"]

"""One field that finds tickets, what was said on the telephone, departments and colleagues."""

from agent_console.search.views import blueprint

__all__ = ["blueprint"]

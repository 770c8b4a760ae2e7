"""The dispatch catalogue: who leads in what and where, and the classes of matters."""

from agent_console.routing.views import blueprint

__all__ = ["blueprint"]

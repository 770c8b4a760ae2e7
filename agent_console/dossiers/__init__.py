"""A ticket's whole file: ordered with a reason, made meanwhile, taken out by whoever ordered it."""

from agent_console.dossiers.views import blueprint

__all__ = ["blueprint"]

"""The hotline's review of replies, and the words behind its signals."""

from agent_console.review import steps
from agent_console.review.views import blueprint

__all__ = ["blueprint", "steps"]

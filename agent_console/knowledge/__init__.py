"""The knowledge base: read by everybody at work, edited by its editors, offered at the desk."""

from agent_console.knowledge import places, publishing  # noqa: F401 - their views
from agent_console.knowledge.views import blueprint

__all__ = ["blueprint"]

"""The gazetteer's page, for administrators and supervisors to edit."""

from agent_console.gazetteer.views import blueprint

__all__ = ["blueprint"]

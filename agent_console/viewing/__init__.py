"""For auditors: who saw which ticket, and who had a citizen shown in full."""

from agent_console.viewing.views import blueprint

__all__ = ["blueprint"]

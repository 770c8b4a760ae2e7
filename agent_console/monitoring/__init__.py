"""What supervisors do from the live board, and the audit log."""

from agent_console.monitoring.views import blueprint

__all__ = ["blueprint"]

"""How long recordings are kept: holds on the ticket's page, periods and the deletion log for auditors."""

from agent_console.retention.views import blueprint

__all__ = ["blueprint"]

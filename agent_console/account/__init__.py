"""What people set about their own account."""

from agent_console.account.views import blueprint

__all__ = ["blueprint"]

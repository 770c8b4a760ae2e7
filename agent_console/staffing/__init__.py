"""How many people the hotline needs, half hour by half hour."""

from agent_console.staffing.views import blueprint

__all__ = ["blueprint"]

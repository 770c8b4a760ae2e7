"""What other bodies have (转交件): the list, and the steps of screeners and of those bodies."""

from agent_console.referrals import emergencies
from agent_console.referrals.views import blueprint

__all__ = ["blueprint", "emergencies"]

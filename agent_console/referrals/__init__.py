"""Petitions and media oversight (转交件): the list, and the steps of screeners and of the other bodies."""

from agent_console.referrals.views import blueprint

__all__ = ["blueprint"]

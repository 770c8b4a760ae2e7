"""Sealed matters: the leads of discipline inspection, the envelopes to refer, the log of readings."""

from agent_console.sealing.views import blueprint

__all__ = ["blueprint"]

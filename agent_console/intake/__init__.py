"""What comes in by another way than a call is written in here."""

from agent_console.intake.views import blueprint

__all__ = ["blueprint"]

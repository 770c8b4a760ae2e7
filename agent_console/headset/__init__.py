"""What the program `hotline headset` on an agent's desk asks of the hotline."""

from agent_console.headset.views import blueprint

__all__ = ["blueprint"]

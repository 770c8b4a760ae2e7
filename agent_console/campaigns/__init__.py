"""Look-alike sweeps and clearing campaigns: chosen, opened, followed, closed."""

from agent_console.campaigns import points, steps
from agent_console.campaigns.views import blueprint

__all__ = ["blueprint", "points", "steps"]

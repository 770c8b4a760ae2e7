"""The call plan for supervisors: read, edit, check, simulate, make live, go back, switch surge mode."""

from agent_console.call_plan import simulation
from agent_console.call_plan.views import blueprint

__all__ = ["blueprint", "simulation"]

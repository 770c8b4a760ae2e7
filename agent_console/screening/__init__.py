"""Screening: is it ours, how urgent, and on to dispatch."""

from agent_console.screening.answering import blueprint as answers
from agent_console.screening.refusing import blueprint as refusals
from agent_console.screening.splitting import blueprint as splits
from agent_console.screening.views import blueprint

__all__ = ["answers", "blueprint", "refusals", "splits"]

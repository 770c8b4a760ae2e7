"""The live board: who waits, who talks, and what every seat is doing."""

from agent_console.board.views import blueprint

__all__ = ["blueprint"]

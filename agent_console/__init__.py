"""The Flask web side: agents, supervisors, departments."""

from agent_console.app import create_app

__all__ = ["create_app"]

"""Many matters at once, from a sheet."""

from agent_console.imports.views import blueprint

__all__ = ["blueprint"]

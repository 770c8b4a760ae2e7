"""The directory of departments with their duty telephones, for supervisors to edit."""

from agent_console.directory import listings  # noqa: F401 - its views
from agent_console.directory.views import blueprint

__all__ = ["blueprint"]

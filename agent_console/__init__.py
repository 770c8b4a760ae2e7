"""The Flask web side: agents, supervisors, departments."""

"""The Flask web side: agents, supervisors, departments. Its application is made by `agent_console.app`."""

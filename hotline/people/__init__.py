"""Users, roles, departments, permissions and privacy."""

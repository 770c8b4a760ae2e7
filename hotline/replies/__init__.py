"""The department's contact with the citizen, and its reply."""

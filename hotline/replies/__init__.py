"""The department's contact with the citizen, its reply, and the hotline's review of it."""

"""Who has seen which ticket, and who had the citizen's name and number shown in full, and why."""

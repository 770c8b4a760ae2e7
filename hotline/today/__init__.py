"""What waits for somebody now: how much of it, and what of it is due first."""

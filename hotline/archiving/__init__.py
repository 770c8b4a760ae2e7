"""The archive: what ended thirty days ago, and of which nothing is open any more."""

"""Days on which a department looks again at what it has dealt with (复查日)."""

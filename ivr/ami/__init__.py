"""AMI: what Asterisk tells us and what we ask of it."""

"""Audio against ticket: what was said beside what was written down. For reviewers; nothing is decided."""

"""Screening: is it ours, and which of the four classes is it (rulebook B4)."""

"""Petitions and media oversight: referred to the body that handles them by its own rules (rulebook B4)."""

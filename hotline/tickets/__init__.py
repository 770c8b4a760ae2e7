"""The ticket: its lifecycle, numbers and query codes, history."""

"""Dispatch catalogue and assignments: who is to do it, and until when."""

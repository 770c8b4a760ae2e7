"""Matters that come in by another way than a call: written in by people of the hotline."""

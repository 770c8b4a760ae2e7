"""Spoken prompts: their texts, what replaces them, and the pieces of numbers and times."""

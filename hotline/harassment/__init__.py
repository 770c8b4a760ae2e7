"""Harassing callers: proposed by one person, approved by another, for a time, and never without an ear."""
